import Access
import CareVisitContract
import CareVisitDomain
import CareVisitStore
import Kernel
import Runtime
import Wire

extension CareClerk {
  /// Enters a programme of the caller's own department.
  func propose(_ facts: Programme.Facts) throws -> Programme {
    try keep(Programme.propose(.init(id()), facts, by: actor, at: now))
  }

  /// Decides on a programme, or closes it.
  func decide(_ action: Programme.Action, on id: String, expected: UInt64) throws -> Programme {
    let programme = try programme(id)
    guard !Programme.parts(of: actor, towards: programme.facts.controllerID).isEmpty else {
      throw Refused(.permissionDenied, .jurisdictionMismatch)
    }
    try Self.check(expected, against: programme.version)
    let remain = try [Enrolment.State.proposed, .approved, .active].contains {
      try register.enrolments.count($0, of: programme.id, in: tx) > 0
    }
    return try keep(try programme.decide(action, by: actor, enrolmentsRemain: remain, at: now))
  }

  private func keep(_ event: Programme.Event) throws -> Programme {
    let programme = event.programme
    try register.programmes.save(programme, in: tx)
    let payload = CareVisitV1.ProgrammeEvent(programme: .init(programme)).encoded()
    try record(event.action.eventType, "programme", programme.id.text, programme.version, payload)
    return programme
  }
}
