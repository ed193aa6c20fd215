import Wire

extension Wire.Enumeration {
  /// The word without its prefix, in the person's language. The prefix is that of the value for nothing.
  var said: String { Say.word(bare) }

  /// `TYPE_URBAN` → `URBAN`.
  var bare: String {
    guard let none = Self(rawValue: 0) as Self?, protoName.count > 0 else { return "" }
    let prefix = none.protoName.hasSuffix("UNSPECIFIED") ? String(none.protoName.dropLast("UNSPECIFIED".count)) : ""
    return protoName == none.protoName
      ? "" : String(protoName.dropFirst(protoName.hasPrefix(prefix) ? prefix.count : 0))
  }

  /// As it is typed: `MOVE_OUT_PROPOSED` is `move-out-proposed`.
  var typed: String { bare.lowercased().replacing("_", with: "-") }

  /// The value that a person's word names; an empty word is no value, an unknown one is refused with the list.
  init(named word: String) throws {
    if word.isEmpty {
      self = Self(rawValue: 0)
      return
    }
    let wanted = word.uppercased().replacing("-", with: "_")
    guard let value = Self.allCases.first(where: { $0.bare == wanted || Say.word($0.bare) == word }) else {
      let known = Self.allCases.map(\.bare).filter { !$0.isEmpty }.joined(separator: ", ")
      throw Complaint("没有 \(word)，可用：\(known)", "there is no \(word); there are: \(known)")
    }
    self = value
  }
}
