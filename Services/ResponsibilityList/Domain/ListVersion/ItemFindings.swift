package import Kernel

/// What is wrong with one item of a list that wants to leave the draft.
package struct ItemFindings: Hashable, Sendable {
  /// Empty: about the list as a whole.
  package let itemCode: String
  /// Each keeps the list from being submitted.
  package let blocking: [Reason]
  /// Worth a look, nothing more.
  package let warnings: [Reason]

  /// Everything about `items`, item by item; items with nothing to say are left out.
  package static func all(of items: [ListItem]) -> [ItemFindings] {
    if items.isEmpty { return [ItemFindings(itemCode: "", blocking: [.listEmpty], warnings: [])] }
    return items.map(ItemFindings.init).filter { !$0.blocking.isEmpty || !$0.warnings.isEmpty }
  }

  init(itemCode: String, blocking: [Reason], warnings: [Reason]) {
    self.itemCode = itemCode
    self.blocking = blocking
    self.warnings = warnings
  }

  init(_ item: ListItem) {
    var blocking = [Reason]()
    var warnings = [Reason]()
    let mains = item.subjects.count { $0.part == .main }
    if mains != 1 { blocking.append(.mainSubjectNotOne.with("main_count", String(mains))) }
    let missing = item.manual.missingElements
    if !missing.isEmpty {
      blocking.append(.manualIncomplete.with("missing", missing.map(\.rawValue).joined(separator: ",")))
    }
    if item.bases.isEmpty { blocking.append(.basisMissing) }
    for basis in item.bases where basis.validity == .repealed {
      blocking.append(.basisRepealed.with("basis", basis.title))
    }
    let unknown = item.bases.count { $0.validity == .unknown }
    if unknown > 0 { warnings.append(.basisUnchecked.with("basis_count", String(unknown))) }
    if item.townshipDuties.isEmpty { warnings.append(.townshipDutyMissing) }
    itemCode = item.code
    self.blocking = blocking.map { $0.about(item) }
    self.warnings = warnings.map { $0.about(item) }
  }
}

extension Reason {
  fileprivate func about(_ item: ListItem) -> Reason {
    Reason(
      code, zh: "\(item.code)：\(chinese)", en: "\(item.code): \(english)", field: "items[\(item.code)]",
      metadata: metadata.merging(["item_code": item.code]) { own, _ in own })
  }

  static let listEmpty = Reason("LIST_EMPTY", zh: "清单没有事项。", en: "The list has no items.")
  static let mainSubjectNotOne = Reason(
    "MAIN_SUBJECT_NOT_ONE", zh: "必须有且只有一个主体责任单位。", en: "There has to be exactly one main subject.")
  static let manualIncomplete = Reason(
    "MANUAL_INCOMPLETE", zh: "说明书不完整（责任科室、电话、流程、时限、证据）。",
    en: "The manual lacks an office, its telephone, the procedure, the time limit or the evidence.")
  static let basisMissing = Reason("BASIS_MISSING", zh: "没有依据。", en: "There is no basis.")
  static let basisRepealed = Reason("BASIS_REPEALED", zh: "所列依据已废止。", en: "A basis has been repealed.")
  static let basisUnchecked = Reason("BASIS_UNCHECKED", zh: "依据效力尚未核对。", en: "Nobody has checked the basis yet.")
  static let townshipDutyMissing = Reason(
    "TOWNSHIP_DUTY_MISSING", zh: "未写明乡镇（街道）职责。", en: "The township's duty is not written down.")
}
