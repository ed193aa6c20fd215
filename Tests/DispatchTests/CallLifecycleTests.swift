import Access
import DispatchDomain
import Kernel
import Lifecycle
import Testing

/// The table of D§2.4.3 against the lifecycle: every state × action × part.
struct CallLifecycleTests {
  /// Cells that may be taken, `FROM ACTION PART…`; every other cell refuses.
  static let cells: Set<String> = {
    let table = """
      – DRAFT TOWNSHIP HOTLINE SYSTEM
      DRAFT AMEND TOWNSHIP HOTLINE
      DRAFT SUBMIT TOWNSHIP_LEADER HOTLINE SYSTEM
      DRAFT CANCEL TOWNSHIP
      SUBMITTED MACHINE_ADMIT SYSTEM
      SUBMITTED MACHINE_REFUSE SYSTEM
      SUBMITTED TO_REVIEW SYSTEM
      SUBMITTED FAST_TRACK SYSTEM
      SUBMITTED CANCEL TOWNSHIP
      MANUAL_REVIEW ADMIT CALL_OFFICE
      MANUAL_REVIEW REFUSE CALL_OFFICE
      NOT_ADMITTED AMEND TOWNSHIP HOTLINE
      ADMITTED DISPATCH CALL_OFFICE SYSTEM
      ADMITTED CANCEL TOWNSHIP
      DISPATCHED SIGN MAIN_CLERK
      DISPATCHED COMPLETE_ASSIST ASSIST
      DISPATCHED ASK_CANCEL TOWNSHIP CALL_OFFICE
      DISPATCHED CANCEL TOWNSHIP CALL_OFFICE
      ACCEPTED RESPOND MAIN
      ACCEPTED COMPLETE_ASSIST ASSIST
      ACCEPTED RELEASE_ASSIST MAIN
      ACCEPTED ASK_CANCEL TOWNSHIP CALL_OFFICE
      ACCEPTED CANCEL TOWNSHIP CALL_OFFICE
      IN_PROGRESS COMPLETE_ASSIST ASSIST
      IN_PROGRESS RELEASE_ASSIST MAIN
      IN_PROGRESS REPORT_DONE MAIN
      IN_PROGRESS ASK_CANCEL TOWNSHIP CALL_OFFICE
      IN_PROGRESS CANCEL TOWNSHIP CALL_OFFICE
      TO_VERIFY VERIFY_SOLVED TOWNSHIP SYSTEM
      TO_VERIFY VERIFY_PARTLY TOWNSHIP
      TO_VERIFY VERIFY_UNSOLVED TOWNSHIP
      TO_VERIFY CLOSE_UNSOLVED CALL_OFFICE
      REWORK RESPOND MAIN
      REWORK COMPLETE_ASSIST ASSIST
      REWORK RELEASE_ASSIST MAIN
      """
    return Set(
      table.split(separator: "\n").flatMap { line in
        let words = line.split(separator: " ")
        return words.dropFirst(2).map { "\(words[0]) \(words[1]) \($0)" }
      })
  }()

  static let states: [Call.State?] = [nil] + Call.State.allCases.map { $0 }

  @Test(arguments: states, Call.Action.allCases)
  func `a cell of the grid is open or refuses`(_ from: Call.State?, _ action: Call.Action) {
    let attempt = CallAttempt(call: nil, command: nil, actor: County.clerk)
    for part in Call.Part.allCases {
      let isOpen = Self.cells.contains("\(from?.rawValue ?? "–") \(action.rawValue) \(part.rawValue)")
      do {
        _ = try Call.lifecycle.transition(action, from: from, as: [part], on: attempt)
        #expect(isOpen)
      } catch {
        if case .unmet = error.cause { #expect(isOpen) } else { #expect(!isOpen) }
      }
    }
  }

  @Test func `no state leads into a dead end`() {
    let ends: Set<Call.State> = [.closed, .cancelled]
    var reaching = ends
    for _ in Call.State.allCases {
      for row in Call.lifecycle.rows where reaching.contains(row.to) {
        if let from = row.from { reaching.insert(from) }
      }
    }
    #expect(reaching == Set(Call.State.allCases))
  }

  /// Which parts somebody plays.
  @Test func `parts follow role and relation`() throws {
    let call = Story.dispatched(assists: ["water"])
    func parts(_ actor: Actor) throws -> Set<Call.Part> {
      try Call.parts(of: actor, townshipOrgID: "township-a", call: call, in: County.directory)
    }
    #expect(try parts(County.clerk) == [.township])
    #expect(try parts(County.leader) == [.township, .townshipLeader])
    #expect(try parts(County.actor(.townshipLeader, of: "township-b")).isEmpty)
    #expect(try parts(County.actor(.departmentClerk, of: "ecology-office")) == [.main, .mainClerk])
    #expect(try parts(County.assist) == [.assist])
    #expect(try parts(County.actor(.gridMember, of: "township-a")).isEmpty)
    #expect(try parts(County.actor(.countyAdmin, of: "")).isEmpty)
  }
}
