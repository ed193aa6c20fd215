import Access
import DispatchDomain
import Kernel
import Lifecycle
import Testing
import WorkClock

struct CoordinationTaskTests {
  static let start = at("2020-03-10T10:00")

  static func request(
    agency: String = "agency-a", township: String = "township-a", code: String = County.chengguan,
    types: [String] = [County.agencyType]
  ) -> CoordinationTask.Request {
    CoordinationTask.Request(
      id: "task-1", townshipOrgID: township, townshipCode: code,
      agency: County.organisations.first { $0.id == agency }, agencyOrgID: agency, itemCode: "ST-04",
      itemAgencyTypes: types, determinationID: "determination-1", caseID: "case-1", ask: sealed("请协调"))
  }

  static func open(_ request: CoordinationTask.Request, as parts: Set<CoordinationTask.Part> = [.township]) throws
    -> CoordinationTask
  {
    let event = try CoordinationTask.open(request, as: parts, at: start, policy: .first, calendar: County.calendar)
    guard case .requested(let task) = event else { throw CancellationError() }
    return task
  }

  static func codes(_ body: () throws -> Void) -> [String] {
    do { try body() } catch let refused as Refused { return refused.reasons.map(\.code) } catch { return ["\(error)"] }
    return []
  }

  static let cells: Set<String> = [
    "– REQUEST TOWNSHIP", "REQUESTED ACCEPT AGENCY", "ACCEPTED DONE AGENCY", "REQUESTED UNABLE AGENCY_HEAD",
    "ACCEPTED UNABLE AGENCY_HEAD",
  ]

  @Test(
    arguments: [nil] + CoordinationTask.State.allCases.map { $0 } as [CoordinationTask.State?],
    CoordinationTask.Action.allCases)
  func `a cell of the grid is open or refuses`(_ from: CoordinationTask.State?, _ action: CoordinationTask.Action) {
    for part in CoordinationTask.Part.allCases {
      let isOpen = Self.cells.contains("\(from?.rawValue ?? "–") \(action.rawValue) \(part.rawValue)")
      do {
        _ = try CoordinationTask.lifecycle.transition(action, from: from, as: [part], on: CoordinationAttempt())
        #expect(isOpen)
      } catch {
        if case .unmet = error.cause { #expect(isOpen) } else { #expect(!isOpen) }
      }
    }
  }

  @Test func `an agency is asked only for an item that names its type, in its own township`() throws {
    #expect(try Self.open(Self.request()).state == .requested)
    #expect(Self.codes { _ = try Self.open(Self.request(types: [])) } == ["AGENCY_TYPE_NOT_NAMED"])
    #expect(Self.codes { _ = try Self.open(Self.request(agency: "ecology")) }.contains("AGENCY_UNKNOWN"))
    #expect(
      Self.codes { _ = try Self.open(Self.request(township: "township-b", code: County.guiyi)) } == [
        "AGENCY_NOT_OF_TOWNSHIP"
      ])
    #expect(Self.codes { _ = try Self.open(Self.request(), as: []) } == ["JURISDICTION_MISMATCH"])
  }

  @Test func `three working days, one of grace, then silence counts as unable and is said once`() throws {
    var task = try Self.open(Self.request())
    #expect(task.clock.dueTime(in: County.calendar) == at("2020-03-13T10:00"))
    #expect(task.graceDueTime == at("2020-03-16T10:00"))
    #expect(!task.isOverdueBeyondGrace(at: at("2020-03-16T10:00")))
    #expect(task.announceOverdue(at: at("2020-03-16T10:00")) == nil)
    let late = at("2020-03-16T10:01")
    let event = try #require(task.announceOverdue(at: late))
    task.apply(event)
    #expect(task.announceOverdue(at: late + .days(1)) == nil)
    #expect(task.asked(at: late).isExhausted)
  }

  @Test func `done takes a result, unable a reason and a basis from the head`() throws {
    var task = try Self.open(Self.request())
    let now = at("2020-03-11T10:00")
    func decide(_ command: CoordinationTask.Command, _ parts: Set<CoordinationTask.Part>) throws
      -> CoordinationTask.Event
    {
      try task.decide(command, as: parts, at: now, calendar: County.calendar)
    }
    #expect(
      Self.codes { _ = try decide(.unable(nil, basis: nil), [.agency, .agencyHead]) } == [
        "UNABLE_REASON_MISSING", "UNABLE_BASIS_MISSING",
      ])
    #expect(Self.codes { _ = try decide(.unable(.noPower, basis: sealed("无执法权")), [.agency]) } == ["NOT_YOUR_ROLE"])
    task.apply(try decide(.accept, [.agency]))
    #expect(Self.codes { _ = try decide(.done(result: nil), [.agency]) } == ["RESULT_MISSING"])
    task.apply(try decide(.done(result: sealed("已处理")), [.agency]))
    #expect(task.state == .done && task.version == 3 && task.clock.isOnTime(in: County.calendar) == true)
    #expect(Self.codes { _ = try decide(.accept, [.agency]) } == ["ILLEGAL_TRANSITION"])
  }
}
