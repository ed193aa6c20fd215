import DispatchDomain
import Kernel
import Testing

/// 两呼两不呼 (D§2.4.2) by its acceptance scenario A6.
struct AdmissionTests {
  static let now = at("2020-03-10T10:00")

  static let agency = AdmissionFacts.Agency(orgID: "agency-a", type: County.agencyType, name: "城关生态环境所")

  static func judge(
    _ content: CallContent, _ finding: DeterminationFinding, agencies: [AdmissionFacts.Agency] = [agency],
    asked: [AdmissionFacts.Asked] = [], isDirectoryHeard: Bool = true
  ) -> Admission {
    let surroundings = AdmissionSurroundings(
      finding: finding, isDirectoryHeard: isDirectoryHeard, agencies: agencies, asked: asked)
    return AdmissionFacts(content, surroundings, at: now).judge(round: 1, at: now)
  }

  static func asked(
    _ state: CoordinationTask.State, overdue: Bool = false, _ reason: CoordinationTask.UnableReason? = nil
  ) -> AdmissionFacts.Asked {
    AdmissionFacts.Asked(
      taskID: "task-1", agencyOrgID: "agency-a", state: state, isOverdueBeyondGrace: overdue, unableReason: reason)
  }

  static let unable = asked(.unable, .noPower)

  /// A row of A6: what is called for, and what is answered.
  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    let admission: Admission
    let decision: Admission.Decision
    let failed: [Rule]
    var causes: [ReviewCause] = []

    var testDescription: String { name }
  }

  static let rows = [
    Row(
      name: "a: the township's own matter", admission: judge(.with(), .cleaning), decision: .notAdmitted,
      failed: [.ownAuthority]),
    Row(
      name: "b: the agency was not asked", admission: judge(.with(), .pollution), decision: .notAdmitted,
      failed: [.agencyCould]),
    Row(
      name: "b: the agency is still at it", admission: judge(.with(), .pollution, asked: [asked(.accepted)]),
      decision: .notAdmitted, failed: [.agencyCould]),
    Row(
      name: "b: the agency has done it", admission: judge(.with(), .pollution, asked: [asked(.done)]),
      decision: .notAdmitted, failed: [.agencyCould]),
    Row(
      name: "c: the agency is unable but the study is not signed",
      admission: judge(.with(study: .unsigned), .pollution, asked: [unable]), decision: .notAdmitted,
      failed: [.studied]),
    Row(
      name: "everything is wrong at once", admission: judge(.with(ground: nil, study: Study()), .pollution),
      decision: .notAdmitted, failed: [.studied, .agencyCould]),
    Row(
      name: "e: complete", admission: judge(.with(), .pollution, asked: [unable]), decision: .admitted, failed: []),
    Row(
      name: "e: the agency is silent beyond grace",
      admission: judge(.with(), .pollution, asked: [asked(.requested, overdue: true)]), decision: .admitted, failed: []),
    Row(
      name: "f: the township has no such agency", admission: judge(.with(), .pollution, agencies: []),
      decision: .admitted, failed: []),
    Row(
      name: "g: off the list", admission: judge(.with(), .offList), decision: .manualReview, failed: [],
      causes: [.offList]),
    Row(
      name: "responsibility-list is down", admission: judge(.with(), .unavailable), decision: .manualReview,
      failed: [], causes: [.listUnavailable]),
    Row(
      name: "off the list and not studied", admission: judge(.with(study: .unsigned), .offList),
      decision: .notAdmitted, failed: [.studied], causes: [.offList]),
    Row(
      name: "the directory has not been heard",
      admission: judge(.with(), .pollution, agencies: [], isDirectoryHeard: false), decision: .manualReview,
      failed: [], causes: [.directoryNotHeard]),
    Row(
      name: "cooperation that the item names",
      admission: judge(
        .with(ground: .needsCooperation), .item("CJ-06", .own, main: .township, assists: ["water"])),
      decision: .admitted, failed: []),
    Row(
      name: "cooperation that the item does not name",
      admission: judge(.with(ground: .needsCooperation), .cleaning), decision: .notAdmitted, failed: [.ownAuthority]),
    Row(
      name: "an emergency on the township's own matter",
      admission: judge(.with(kind: .emergency, study: Study()), .cleaning), decision: .admitted,
      failed: [.ownAuthority]),
    Row(
      name: "an emergency while responsibility-list is down",
      admission: judge(.with(kind: .emergency, study: Study()), .unavailable), decision: .admitted, failed: [],
      causes: [.listUnavailable]),
  ]

  @Test(arguments: rows) func `a submission is judged by the four rules`(_ row: Row) {
    #expect(row.admission.decision == row.decision)
    #expect(row.admission.rules.filter { $0.result == .fail }.map(\.rule) == row.failed)
    #expect(row.admission.causes == row.causes)
    #expect(row.admission.rules.map(\.rule) == [.studied, .emergency, .ownAuthority, .agencyCould])
  }

  @Test(arguments: rows) func `a stored judgement is replayed to the same result`(_ row: Row) throws {
    let facts = try #require(AdmissionFacts(replaying: row.admission.rules))
    #expect(facts.judge(round: 1, at: Self.now) == row.admission)
  }

  @Test(arguments: rows) func `every rule that is broken or open cites a basis and gives advice`(_ row: Row) {
    for rule in row.admission.rules {
      #expect(!rule.basis.isEmpty)
      #expect((rule.advice != nil) == (rule.result == .fail || rule.result == .unknown))
      #expect(!rule.inputs.isEmpty && rule.ruleVersion == "B05-1")
    }
  }

  @Test func `N1 cites item, version, duty and basis`() throws {
    let rule = try #require(Self.judge(.with(), .cleaning).rules.first { $0.rule == .ownAuthority })
    for word in ["CJ-06", "2020-1", "负责日常巡查", "固体废物污染环境防治法"] { #expect(rule.basis.contains(word)) }
  }

  @Test func `N2 names the agency to be asked`() throws {
    let rule = try #require(Self.judge(.with(), .pollution).rules.first { $0.rule == .agencyCould })
    #expect(rule.advice?.chinese.contains("城关生态环境所") == true)
  }

  @Test func `a study of tomorrow is none`() {
    var study = Study.complete
    study.date = CivilDate(year: 2020, month: 3, day: 11)
    #expect(study.missing(on: CivilDate(Self.now)) == ["DATE"])
  }
}
