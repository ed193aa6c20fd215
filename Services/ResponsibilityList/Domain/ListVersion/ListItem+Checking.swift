package import Kernel

extension ListItem {
  /// What keeps an item out even of a draft: without these it cannot be stored or found again.
  package var importReasons: [Reason] {
    var reasons = [Reason]()
    let allowed = code.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) || $0 == 45 }
    if !(2...20).contains(code.utf8.count) || !allowed { reasons.append(.itemCodeInvalid) }
    if title.allSatisfy(\.isWhitespace) { reasons.append(.itemTitleMissing) }
    let strayNumbers = duties.flatMap(\.basisNumbers).filter {
      !(1...max(1, bases.count)).contains($0) || bases.isEmpty
    }
    if !strayNumbers.isEmpty {
      reasons.append(.basisNumberUnknown.with("basis_numbers", strayNumbers.map(String.init).joined(separator: ",")))
    }
    return reasons
  }
}

extension Reason {
  static let itemCodeInvalid = Reason(
    "ITEM_CODE_INVALID", zh: "事项编码应为2至20位大写字母、数字或连字符。",
    en: "An item code is 2 to 20 capital letters, digits or hyphens.", field: "item.item_code")
  static let itemTitleMissing = Reason(
    "ITEM_TITLE_MISSING", zh: "缺少事项名称。", en: "The item has no title.", field: "item.title")
  static let basisNumberUnknown = Reason(
    "BASIS_NUMBER_UNKNOWN", zh: "职责引用了不存在的依据。", en: "A duty names a basis that the item does not have.",
    field: "item.duties")
}
