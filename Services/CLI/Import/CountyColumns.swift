import GridRegistryContract

/// What the columns of a county's files take, where it is not any text: what was mistyped is said here, with the words that there
/// are; as nothing it would be refused as missing, or be taken for 0.
enum CountyColumns {
  /// Everything that is wrong with a row, each with its column.
  static func faults(_ row: [String: String], of kind: CountyFiles.Kind) -> [String] {
    row.sorted { $0.key < $1.key }.compactMap { column, text in
      text.isEmpty ? nil : fault(text, in: column, of: kind).map { Say.of("\(column)：\($0)", "\(column): \($0)") }
    }
  }

  /// `confirmed`, also as spreadsheets write it; `nil`: neither.
  static func truth(_ text: String) -> Bool? {
    switch text.lowercased() {
    case "true", "是": true
    case "false", "否", "": false
    default: nil
    }
  }

  private static func fault(_ text: String, in column: String, of kind: CountyFiles.Kind) -> String? {
    switch (kind, column) {
    case (.organisations, "org_type"): unknown(text, GridRegistryV1.Organisation.TypeEnum.self)
    case (.organisations, "industry_kind"): unknown(text, GridRegistryV1.Organisation.IndustryKind.self)
    case (.grids, "grid_type"): unknown(text, GridRegistryV1.Grid.TypeEnum.self)
    case (.grids, "subject_type"): unknown(text, GridRegistryV1.Grid.SubjectType.self)
    case (.grids, "kind"): unknown(text, GridRegistryV1.CoverageUnit.Kind.self)
    case (.grids, "units"): text.split(separator: ";").lazy.compactMap { fault(inUnit: $0) }.first
    case (.grids, "household_count"), (.grids, "population_count"), (.calendar, "year"): noNumber(text)
    case (.grids, "latitude"), (.grids, "longitude"):
      Double(text) == nil ? Say.of("“\(text)”不是度数", "\"\(text)\" is not a number of degrees") : nil
    case (.calendar, "kind"): unknown(text, GridRegistryV1.CalendarDay.Kind.self)
    case (.calendar, "confirmed"):
      truth(text) == nil
        ? Say.of("没有“\(text)”，可用：true 是、false 否", "there is no \"\(text)\"; there are: true, false") : nil
    default: nil
    }
  }

  /// `id:KIND:name:households`
  private static func fault(inUnit text: Substring) -> String? {
    let parts = text.split(separator: " ").joined(separator: " ")
      .split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    let kind = parts.count > 1 ? parts[1] : ""
    let households = parts.count > 3 ? parts[3] : ""
    let fault =
      (kind.isEmpty ? nil : unknown(kind, GridRegistryV1.CoverageUnit.Kind.self))
      ?? (households.isEmpty ? nil : noNumber(households))
    return fault.map { Say.of("单元 \(parts[0])：\($0)", "unit \(parts[0]): \($0)") }
  }

  private static func unknown<Value: NamedEnum>(_ text: String, _: Value.Type) -> String? {
    guard Value(known: text) == nil else { return nil }
    let words = Value.words.map { word in
      chinese[word].map { Say.of("\(word) \($0)", "\(word) (\($0))") } ?? word
    }
    return Say.of(
      "没有“\(text)”，可用：\(words.joined(separator: "、"))",
      "there is no \"\(text)\"; there are: \(words.joined(separator: ", "))")
  }

  private static func noNumber(_ text: String) -> String? {
    Int32(text) == nil ? Say.of("“\(text)”不是整数", "\"\(text)\" is not a whole number") : nil
  }

  /// The contract's words of these columns in Chinese: they are taken, too.
  static let chinese: [String: String] = [
    "COUNTY_GOV": "县政府", "COUNTY_DEPT": "县直部门", "OFFICE": "科室", "TOWNSHIP": "乡镇街道", "TOWNSHIP_CENTER": "综治中心",
    "COMMUNITY": "社区", "COMMUNITY_ROOM": "社区调解室", "VILLAGE": "村", "VILLAGE_ROOM": "和事佬调解室",
    "DISPATCHED_AGENCY": "派驻机构", "INDUSTRY_BODY": "行业组织", "INDUSTRY_ROOM": "行业调解室", "CALL_OFFICE": "呼叫受理办公室",
    "HOTLINE": "热线", "BIANBAN": "编办", "APPROVAL_BUREAU": "审批局", "ASSESSMENT_OFFICE": "考核办", "SUPERVISION": "督查机构",
    "COUNTY_CENTER": "县综治中心", "GRID_CENTRE": "网格化服务管理中心", "PARTY_ORG": "党组织", "TOWNSHIP_PARTY_COMMITTEE": "乡镇党委",
    "ORGANISATION_DEPT": "组织部", "INDUSTRY_SYSTEM": "行业系统", "ENTERPRISE_UNIT": "企事业单位", "SOCIAL_ORG": "社会组织",
    "URBAN": "城区", "RURAL": "农村", "DEDICATED": "专属", "INDUSTRIAL_PARK": "工业园区", "BUSINESS_MARKET": "商圈市场",
    "SCHOOL": "学校", "OTHER": "其他", "HOUSEHOLD_BLOCK": "居民片区", "NATURAL_VILLAGE": "自然村", "SITE": "场所",
    "WORK": "上班", "REST": "放假",
  ]
}

/// An enum of the contracts, by the domain's word for its cases.
protocol NamedEnum: CaseIterable, Equatable {
  static var wordPrefix: String { get }
  static var unspecified: Self { get }
  var protoName: String { get }
}

extension NamedEnum {
  /// The domain's words, without the one for nothing.
  static var words: [String] {
    allCases.filter { $0 != .unspecified }.map { String($0.protoName.dropFirst(wordPrefix.count)) }
  }

  /// `COUNTY_DEPT`, in whatever case, or 县直部门 → the case called `TYPE_COUNTY_DEPT`; `nil` if there is no such word.
  init?(known word: String) {
    let found = Self.words.first { $0 == word.uppercased() || CountyColumns.chinese[$0] == word }
    guard let found, let value = Self.allCases.first(where: { $0.protoName == Self.wordPrefix + found }) else {
      return nil
    }
    self = value
  }

  /// A word that is not known → unspecified, which the service refuses.
  init(word: String) { self = Self(known: word) ?? .unspecified }
}

extension GridRegistryV1.Organisation.TypeEnum: NamedEnum { static var wordPrefix: String { "TYPE_" } }
extension GridRegistryV1.Organisation.IndustryKind: NamedEnum { static var wordPrefix: String { "INDUSTRY_KIND_" } }
extension GridRegistryV1.Grid.TypeEnum: NamedEnum { static var wordPrefix: String { "TYPE_" } }
extension GridRegistryV1.Grid.SubjectType: NamedEnum { static var wordPrefix: String { "SUBJECT_TYPE_" } }
extension GridRegistryV1.CoverageUnit.Kind: NamedEnum { static var wordPrefix: String { "KIND_" } }
extension GridRegistryV1.CalendarDay.Kind: NamedEnum { static var wordPrefix: String { "KIND_" } }
extension GridRegistryV1.Assignment.Post: NamedEnum { static var wordPrefix: String { "POST_" } }
extension GridRegistryV1.Member.Grade: NamedEnum { static var wordPrefix: String { "GRADE_" } }
