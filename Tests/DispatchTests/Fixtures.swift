import Access
import DispatchDomain
import Kernel
import WorkClock

/// The small county of D§4 as far as dispatch needs it.
enum County {
  static let code = "379922000000"
  static let chengguan = "379922001000"
  static let guiyi = "379922105000"
  static let agencyType = "ECOLOGY_STATION"

  static let organisations = [
    Organisation(id: "township-a", name: "城关街道", type: "TOWNSHIP", areaCodes: [chengguan]),
    Organisation(
      id: "centre-a", name: "城关街道综治中心", type: "TOWNSHIP_CENTER", dailyParentID: "township-a", areaCodes: [chengguan]),
    Organisation(id: "township-b", name: "归义乡", type: "TOWNSHIP", areaCodes: [guiyi]),
    Organisation(
      id: "agency-a", name: "城关生态环境所", type: "DISPATCHED_AGENCY", agencyType: agencyType,
      businessParentID: "ecology", dailyParentID: "township-a", areaCodes: [chengguan]),
    Organisation(id: "ecology", name: "县生态环境分局", type: "COUNTY_DEPT"),
    Organisation(id: "water", name: "县水利局", type: "COUNTY_DEPT"),
    Organisation(id: "ecology-office", name: "执法股", type: "OFFICE", businessParentID: "ecology"),
    Organisation(id: "call-office", name: "乡呼县应办公室", type: "CALL_OFFICE"),
  ]

  static var directory: Directory { .constant(organisations) }

  static func actor(_ role: Role, of organisationID: String, person: String = "p1") -> Actor {
    Actor(personID: person, organisationID: organisationID, role: role, countyCode: code)
  }

  static let clerk = actor(.levelClerk, of: "centre-a", person: "clerk")
  static let leader = actor(.townshipLeader, of: "township-a", person: "leader")
  static let office = actor(.callOffice, of: "call-office", person: "office")
  static let department = actor(.departmentClerk, of: "ecology", person: "department")
  static let assist = actor(.departmentLeader, of: "water", person: "assist")
  static let hotline = actor(.hotlineOperator, of: "hotline", person: "operator")

  /// The 2020 notice as far as these tests touch it.
  static let calendar: WorkCalendar = {
    var days: [CivilDate: WorkCalendar.Day] = [:]
    for day in 1...8 { days[CivilDate(year: 2020, month: 10, day: day) ?? CivilDate(dayNumber: 0)] = .rest }
    days[CivilDate(year: 2020, month: 10, day: 10) ?? CivilDate(dayNumber: 0)] = .work
    return (try? WorkCalendar([WorkCalendar.Year(year: 2020, days: days)])) ?? .unannounced
  }()
}

/// `2020-03-10 10:00` of the county's wall clock.
func at(_ text: String) -> Timestamp { Timestamp(rfc3339: text + ":00+08:00") ?? Timestamp(microseconds: 0) }

func sealed(_ text: String) -> SealedText { SealedText(id: text, digest: Array(text.utf8)) }

extension Study {
  static let complete = Study(
    date: CivilDate(year: 2020, month: 3, day: 9), participants: sealed("综治中心、包村干部"), tried: sealed("已上门三次"),
    conclusion: .cannotAlone, signedBy: "leader")

  static let unsigned = Study(
    date: CivilDate(year: 2020, month: 3, day: 9), participants: sealed("综治中心、包村干部"), tried: sealed("已上门三次"),
    conclusion: .cannotAlone)
}

extension CallContent {
  static func with(
    kind: Call.Kind = .reasoned, channel: Call.Channel = .online, ground: Call.Ground? = .noAuthority,
    cases: [String] = ["case-1"], narrative: SealedText? = sealed("夜间倾倒废液"), place: SealedText? = nil,
    study: Study = .complete, caller: CallerRecord? = nil
  ) -> CallContent {
    CallContent(
      kind: kind, channel: channel, ground: ground, caseIDs: cases, determinationID: "", narrative: narrative,
      place: place, study: study, caller: caller)
  }
}

extension DeterminationFinding {
  static func item(
    _ code: String, _ verdict: Verdict, main: MainLevel, agencyTypes: [String] = [], assists: [String] = []
  ) -> Self {
    var finding = DeterminationFinding(isAvailable: true)
    finding.determinationID = "determination-1"
    finding.verdict = verdict
    finding.itemCode = code
    finding.itemTitle = "事项\(code)"
    finding.listVersion = "2020-1"
    finding.mainLevel = main
    finding.mainOrgID = main == .county ? "ecology" : ""
    finding.assistOrgIDs = assists
    finding.agencyTypes = agencyTypes
    finding.townshipDuty = "负责日常巡查"
    finding.manualOffice = "执法股"
    finding.manualPhone = "0539-5550101"
    finding.bases = ["《固体废物污染环境防治法》第二十条"]
    return finding
  }

  /// CJ-06 保洁: the township's own.
  static let cleaning = item("CJ-06", .own, main: .township)
  /// ST-04: the department's, with an agency that could coordinate.
  static let pollution = item("ST-04", .agency, main: .county, agencyTypes: [County.agencyType])

  static let offList: Self = {
    var finding = DeterminationFinding(isAvailable: true)
    finding.verdict = .offList
    return finding
  }()
}
