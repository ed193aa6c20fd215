package import Kernel

/// A place: a 12-digit code and what is known of it (D§2.1.1). Never an organisation.
package struct Area: Hashable, Sendable {
  /// What an import says about a place, as it was written.
  package struct Facts: Hashable, Sendable {
    package var code: String
    package var name: String
    package var urbanRuralClass: String
    package var validFrom: String
    package var validTo: String
    package var successorCodes: [String]

    package init(
      code: String, name: String, urbanRuralClass: String = "", validFrom: String = "", validTo: String = "",
      successorCodes: [String] = []
    ) {
      self.code = code
      self.name = name
      self.urbanRuralClass = urbanRuralClass
      self.validFrom = validFrom
      self.validTo = validTo
      self.successorCodes = successorCodes
    }
  }

  /// What happens to places.
  package enum Event: Hashable, Sendable {
    /// Entered or corrected: the place as it is now.
    case changed(Area)
  }

  package var code: AreaCode
  package var name: String
  /// 111, 112, 121, 122, 123, 210, 220, or empty.
  package var urbanRuralClass: String
  package var validFrom: CivilDate?
  /// The first day on which the code is no longer valid.
  package var validTo: CivilDate?
  package var successors: [AreaCode]
  package var version: Int

  package init(
    code: AreaCode, name: String, urbanRuralClass: String, validFrom: CivilDate?, validTo: CivilDate?,
    successors: [AreaCode], version: Int
  ) {
    self.code = code
    self.name = name
    self.urbanRuralClass = urbanRuralClass
    self.validFrom = validFrom
    self.validTo = validTo
    self.successors = successors
    self.version = version
  }

  /// The code one level up; `nil` for a province.
  package var parent: AreaCode? {
    AreaCode.Level.allCases.last { $0 < code.level }.map(code.ancestor)
  }

  /// The classes of the national list of places (urban main, urban-rural fringe, town centre, …, village).
  package static let urbanRuralClasses: Set = ["111", "112", "121", "122", "123", "210", "220"]

  /// What entering `facts` over `current` means. Nothing, if nothing differs.
  ///
  /// `knowsParent` says whether the place one level up is entered; above the county nothing needs to be.
  package static func decide(
    entering facts: Facts, over current: Area?, inCounty county: AreaCode, knowsParent: (AreaCode) throws -> Bool
  ) throws -> [Event] {
    guard let code = AreaCode(facts.code) else { throw Refused(.invalidArgument, .areaCodeInvalid.at("area_code")) }
    var entered = Area(
      code: code, name: facts.name, urbanRuralClass: facts.urbanRuralClass, validFrom: CivilDate(facts.validFrom),
      validTo: CivilDate(facts.validTo), successors: facts.successorCodes.compactMap(AreaCode.init),
      version: current?.version ?? 0)
    var reasons = faults(of: facts, code: code, county: county)
    if code.level > .county, let parent = entered.parent, try !knowsParent(parent) {
      reasons.append(.parentAreaMissing.with("parent_code", parent.text))
    }
    guard reasons.isEmpty else { throw Refused(.failedPrecondition, reasons) }
    if entered == current { return [] }
    entered.version += 1
    return [.changed(entered)]
  }

  private static func faults(of facts: Facts, code: AreaCode, county: AreaCode) -> [Reason] {
    var reasons: [Reason] = []
    if !code.isWithin(county) && !county.isWithin(code) { reasons.append(.areaOutsideCounty.at("area_code")) }
    if facts.name.isEmpty { reasons.append(.areaNameMissing.at("name")) }
    let classAllowed =
      facts.urbanRuralClass.isEmpty || code.level == .village && urbanRuralClasses.contains(facts.urbanRuralClass)
    if !classAllowed { reasons.append(.urbanRuralClassInvalid.at("urban_rural_class")) }
    for (field, text) in [("valid_from_date", facts.validFrom), ("valid_to_date", facts.validTo)]
    where !text.isEmpty && CivilDate(text) == nil { reasons.append(.dateInvalid.at(field)) }
    if facts.successorCodes.contains(where: { AreaCode($0) == nil }) {
      reasons.append(.areaCodeInvalid.at("successor_codes"))
    }
    return reasons
  }

  /// Folds one event in.
  package mutating func apply(_ event: Event) {
    switch event {
    case .changed(let area): self = area
    }
  }
}

extension Reason {
  /// Not twelve digits.
  package static let areaCodeInvalid = Reason(
    "AREA_CODE_INVALID", zh: "区划代码应为12位数字。", en: "An area code has twelve digits.")
  /// A place of another county.
  package static let areaOutsideCounty = Reason(
    "AREA_OUTSIDE_COUNTY", zh: "该区划代码不属于本县。", en: "The area code lies outside this county.")
  /// A place without a name.
  package static let areaNameMissing = Reason("AREA_NAME_MISSING", zh: "缺少区划名称。", en: "The area has no name.")
  /// A class that the national list does not have, or on a place above village level.
  package static let urbanRuralClassInvalid = Reason(
    "URBAN_RURAL_CLASS_INVALID", zh: "城乡分类代码无效，且只用于村级。",
    en: "The urban-rural class is not on the list, or the place is not of village level.")
  /// The place one level up has to be entered first.
  package static let parentAreaMissing = Reason(
    "PARENT_AREA_MISSING", zh: "上一级区划尚未录入。", en: "The area one level up is not entered yet.")
  /// A date that does not exist or is written otherwise.
  package static let dateInvalid = Reason(
    "DATE_INVALID", zh: "日期无效，应写作“年-月-日”，如2020-03-01。", en: "Dates are written YYYY-MM-DD.")
  /// Nothing entered under this code.
  package static let areaNotFound = Reason("AREA_NOT_FOUND", zh: "没有此区划。", en: "There is no such area.")
}
