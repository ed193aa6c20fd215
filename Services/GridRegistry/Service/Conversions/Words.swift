import CommonContract
import Kernel
import Wire

extension Wire.Enumeration {
  /// The contract's value for a domain word: the same word behind the enum's prefix.
  init<Word: RawRepresentable<String>>(_ word: Word?, prefix: String) {
    let name = word.map { prefix + $0.rawValue }
    self = Self.allCases.first { $0.protoName == name } ?? Self(rawValue: 0)
  }

  /// The domain's word for a contract value; `nil` for unspecified and unknown ones.
  func word<Word: RawRepresentable<String>>(prefix: String, as type: Word.Type = Word.self) -> Word? {
    protoName.hasPrefix(prefix) ? Word(rawValue: String(protoName.dropFirst(prefix.count))) : nil
  }
}

extension ID {
  /// An empty text is nobody.
  init?(nonEmpty text: String) {
    guard !text.isEmpty else { return nil }
    self.init(text)
  }
}

extension CommonV1.RefusalReason {
  init(_ reason: Reason) {
    self.init(
      reason: reason.code, field: reason.field, textZh: reason.chinese, textEn: reason.english,
      metadata: reason.metadata)
  }
}
