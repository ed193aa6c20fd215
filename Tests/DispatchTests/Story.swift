import Access
import DispatchDomain
import Kernel

/// A call that is led through its life without a database.
struct Story {
  var call: Call
  var now: Timestamp
  var events: [CallEvent]

  init(_ content: CallContent = .with(), at time: String = "2020-03-10T10:00") {
    now = at(time)
    let identity = Call.Identity(
      id: "call-1", number: "HY-2020-00001", townshipOrgID: "township-a", townshipCode: County.chengguan)
    call = Call(identity: identity, version: 1, state: .draft, content: content, draftTime: now)
    events = [.drafted(identity, content, at: now)]
  }

  mutating func `do`(_ command: CallCommand, by actor: Actor, at time: String? = nil) throws {
    if let time { now = at(time) }
    let parts = try Call.parts(of: actor, townshipOrgID: "township-a", call: call, in: County.directory)
    let circumstances = CallCircumstances(actor: actor, parts: parts, now: now, calendar: County.calendar)
    let decided = try call.decide(command, in: circumstances)
    for event in decided { call.apply(event) }
    events += decided
  }

  /// The codes of the refusal; empty: it was not refused.
  mutating func codes(_ command: CallCommand, by actor: Actor) -> [String] {
    do { try self.do(command, by: actor) } catch let refused as Refused { return refused.reasons.map(\.code) } catch {
      return ["\(error)"]
    }
    return []
  }

  static let unable = AdmissionFacts.Asked(
    taskID: "task-1", agencyOrgID: "agency-a", state: .unable, isOverdueBeyondGrace: false, unableReason: .noPower)

  static func submit(
    _ finding: DeterminationFinding = .pollution, asked: [AdmissionFacts.Asked] = [unable]
  ) -> CallCommand {
    .submit(
      AdmissionSurroundings(
        finding: finding, isDirectoryHeard: true,
        agencies: [.init(orgID: "agency-a", type: County.agencyType, name: "城关生态环境所")], asked: asked))
  }

  static func dispatch(
    _ finding: DeterminationFinding = .pollution, main: String = "", assists: [String] = [], office: String = "",
    phone: String = ""
  ) -> CallCommand {
    .dispatch(
      .init(finding, main: main, assists: assists, office: office, phone: phone) { id in
        !(County.organisations.first { $0.id == id }?.takesCalls ?? false)
      })
  }

  static let respond = CallCommand.respond(
    contact: sealed("已电话联系"), plan: sealed("三日内清理"), planDate: CivilDate(year: 2020, month: 3, day: 16))

  /// A call in DISPATCHED.
  static func dispatched(assists: [String] = []) -> Call {
    var story = Story()
    try? story.do(submit(), by: County.leader)
    try? story.do(dispatch(main: "ecology", assists: assists), by: County.office)
    return story.call
  }

  /// A call in TO_VERIFY.
  static func toVerify() throws -> Story {
    var story = Story()
    try story.do(submit(), by: County.leader)
    try story.do(dispatch(), by: County.office, at: "2020-03-10T11:00")
    try story.do(.sign, by: County.department, at: "2020-03-10T14:00")
    try story.do(respond, by: County.department, at: "2020-03-11T09:00")
    try story.do(.reportDone(result: sealed("已清理")), by: County.department, at: "2020-03-12T09:00")
    return story
  }
}
