import Access
import DispatchContract
import DispatchDomain
import DispatchStore
import Kernel
import Persistence
import Runtime
import Wire
import WorkClock

/// One command being carried out: decide, apply, save rows and journal, in its transaction.
struct Desk {
  let command: CommandTransaction
  let policy: ClockPolicy
  let records: Records

  init(_ command: CommandTransaction, policy: ClockPolicy) {
    self.command = command
    self.policy = policy
    records = Records(county: command.actor.countyCode, reading: command.tx, sealed: command.sealedTexts)
  }

  var actor: Actor { command.actor }
  var now: Timestamp { command.now }
  var texts: Texts { Texts(sealed: command.sealedTexts, transaction: command.tx) }

  private init(_ desk: Desk, at now: Timestamp) {
    command = desk.command.at(now)
    policy = desk.policy
    records = desk.records
  }

  /// The same desk at another time: an imported step.
  func at(_ now: Timestamp) -> Desk { Desk(self, at: now) }

  /// Refuses `VERSION_CONFLICT`.
  func expect(_ expected: UInt64, _ version: Int) throws {
    guard expected == UInt64(version) else { throw Refused(.aborted, .versionConflict(version)) }
  }

  // MARK: - Calls

  /// How a draft's texts are sealed for the call `id`; what says the same as before stays as it was.
  func sealing(_ id: ID<Call>) -> CallContent.Sealing {
    { text, kind, old in try texts.seal(text, kind, of: id.text, keeping: old) }
  }

  func seal(_ text: String, _ kind: String, of call: Call) throws -> SealedText? {
    try texts.seal(text, kind, of: call.id.text)
  }

  func circumstances(
    as parts: Set<Call.Part>, rated: Bool = true, isImport: Bool = false
  ) throws -> CallCircumstances {
    CallCircumstances(
      actor: actor, parts: parts, now: now, calendar: try records.calendar(), policy: policy, isRated: rated,
      isImport: isImport)
  }

  /// Opens a call, and saves it.
  func open(_ identity: Call.Identity, _ content: CallContent, _ circumstances: CallCircumstances) throws -> Call {
    let call = try begin(identity, content, circumstances)
    try save(call, after: nil)
    return call
  }

  /// What `order` means for `call`, carried out and saved.
  func carryOut(_ order: CallCommand, on call: Call, _ circumstances: CallCircumstances) throws -> Call {
    let after = try step(order, on: call, circumstances)
    try save(after, after: call)
    return after
  }

  /// Opens a call in the journal; an import saves its rows when all its steps are taken.
  func begin(_ identity: Call.Identity, _ content: CallContent, _ circumstances: CallCircumstances) throws -> Call {
    let event = try Call.open(identity, content, in: circumstances)
    guard let call = Call(event) else { throw Refused(.failedPrecondition, .callUnknown) }
    try write(event, call)
    return call
  }

  /// One step in the journal, not yet in the rows.
  func step(_ order: CallCommand, on call: Call, _ circumstances: CallCircumstances) throws -> Call {
    var after = call
    for event in try call.decide(order, in: circumstances) {
      after.apply(event)
      try write(event, after)
    }
    return after
  }

  /// Rows that differ from `before`; `nil`: the call is new.
  func save(_ call: Call, after before: Call?) throws {
    try records.calls.save(call, after: before, in: command.tx)
    if call.content.caseIDs != before?.content.caseIDs { try closeAwaiting(call.content.caseIDs) }
  }

  private func write(_ event: CallEvent, _ call: Call) throws {
    try command.record(
      eventType: event.type, aggregateType: "call", aggregateID: call.id.text, version: Int64(call.version),
      correlationID: call.content.caseIDs.first ?? call.id.text,
      payload: DispatchV1.CallEvent(event, after: call).encoded())
  }

  // MARK: - Coordination tasks

  /// Writes a task that has just been asked for.
  func open(_ event: CoordinationTask.Event) throws -> CoordinationTask? {
    guard case .requested(let task) = event else { return nil }
    try write(event, task)
    if !task.caseID.isEmpty { try closeAwaiting([task.caseID]) }
    return task
  }

  /// What `order` means for `task`, carried out.
  func carryOut(
    _ order: CoordinationTask.Command, on task: CoordinationTask, as parts: Set<CoordinationTask.Part>
  ) throws -> CoordinationTask {
    let event = try task.decide(order, as: parts, at: now, calendar: records.calendar())
    var after = task
    after.apply(event)
    try write(event, after)
    return after
  }

  /// Says of a task, once, that time and grace have passed. `false`: there was nothing to say.
  func announceOverdue(_ task: CoordinationTask) throws -> Bool {
    guard let event = task.announceOverdue(at: now) else { return false }
    var after = task
    after.apply(event)
    try write(event, after)
    return true
  }

  /// Open clocks under the calendar that is now known: later perhaps, never earlier than promised, and both are written down.
  func rederiveClocks(from old: WorkCalendar) throws {
    let new = try records.calendar()
    for id in try records.calls.findRunning(in: command.tx) {
      let call = try records.call(id.text)
      guard let event = call.rederive(from: old, to: new) else { continue }
      var after = call
      after.apply(event)
      try write(event, after)
      try save(after, after: call)
    }
    for task in try records.tasks.findOpen(in: command.tx) {
      guard let event = task.rederive(from: old, to: new, policy: policy) else { continue }
      var after = task
      after.apply(event)
      try write(event, after)
    }
  }

  private func write(_ event: CoordinationTask.Event, _ task: CoordinationTask) throws {
    try records.tasks.save(task, in: command.tx)
    try command.record(
      eventType: event.type, aggregateType: "coordination_task", aggregateID: task.id.text,
      version: Int64(task.version), correlationID: task.caseID.isEmpty ? task.id.text : task.caseID,
      payload: DispatchV1.CoordinationEvent(event, after: task, in: records.calendar()).encoded())
  }

  /// Cases that a call or task names wait no more.
  private func closeAwaiting(_ caseIDs: [String]) throws {
    for caseID in caseIDs { try records.awaiting.close(caseID, in: command.tx) }
  }
}
