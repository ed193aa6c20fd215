import CommonContract

/// Why a row of an import was refused, for a person.
enum RefusalText {
  /// All reasons on one line, in the terminal's language, each with its code.
  static func of(_ reasons: [CommonV1.RefusalReason]) -> String {
    reasons.map { reason in
      "\(Terminal.language.pick(chinese: reason.textZh, english: reason.textEn)) [\(reason.reason)]"
    }.joined(separator: "; ")
  }
}
