import Access
import CareVisitContract
import CareVisitDomain
import CareVisitStore
import Journal
import Kernel
import Persistence
import Runtime
import Wire

/// One command at work: confirm who acts, load, decide, apply, save, journal, in the transaction that the shell opened.
struct CareClerk {
  let command: CommandTransaction
  let register: CareRegister

  /// Refuses whoever the directory does not know in their role now.
  init(_ command: CommandTransaction, _ register: CareRegister) throws {
    self.command = command
    self.register = register
    try register.confirm(command.actor)
  }

  var tx: WriteTransaction { command.tx }
  var actor: Actor { command.actor }
  var now: Timestamp { command.now }

  /// The same transaction, acted in by the system.
  func asSystem() throws -> CareClerk {
    try CareClerk(command.at(now, as: .system(county: register.county.text)), register)
  }

  /// A new id that says when it was made.
  func id() -> String { UUIDv7.make(at: command.recordTime) }

  /// Writes down one event.
  @discardableResult
  func record(
    _ eventType: String, _ aggregateType: String, _ id: String, _ version: Int, _ payload: [UInt8]
  ) throws -> JournalEntry {
    try command.record(
      eventType: eventType, aggregateType: aggregateType, aggregateID: id, version: Int64(version), correlationID: id,
      payload: payload)
  }

  /// Refuses what was decided on an older state than the stored one.
  static func check(_ expected: UInt64, against version: Int) throws(Refused) {
    guard expected == UInt64(version) else {
      throw Refused(
        .aborted, .versionConflict.with("version", String(version)).with("expected_version", String(expected)))
    }
  }

  /// The programme of an id.
  func programme(_ id: String) throws -> Programme {
    guard let programme = try register.programmes.load(.init(id), in: tx) else {
      throw Refused(.notFound, .programmeNotFound)
    }
    return programme
  }

  /// The enrolment of a token, if the caller plays a part towards it.
  func enrolment(_ token: String) throws -> (enrolment: Enrolment, parts: Set<Enrolment.Part>) {
    guard let enrolment = try register.enrolments.load(.init(token), in: tx) else {
      throw Refused(.notFound, .enrolmentNotFound)
    }
    let parts = enrolment.parts(of: actor)
    guard !parts.isEmpty else { throw Refused(.permissionDenied, .jurisdictionMismatch) }
    return (enrolment, parts)
  }
}

extension Reason {
  /// Somebody else changed it meanwhile.
  static let versionConflict = Reason(
    "VERSION_CONFLICT", zh: "记录已被他人修改，请重新读取后再试。", en: "It changed since it was read: read it again.",
    field: "expected_version")
}
