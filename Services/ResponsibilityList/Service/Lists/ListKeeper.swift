import Access
import Kernel
import Persistence
import ResponsibilityListContract
import ResponsibilityListDomain
import ResponsibilityListStore
import Runtime
import Wire

/// One command on the lists at work: load, decide, apply, save, journal, in the transaction that the shell opened.
struct ListKeeper {
  let command: CommandTransaction
  let content: ListContent
  private let lists: ListVersionStore

  init(_ command: CommandTransaction, content: ListContent) {
    self.command = command
    self.content = content
    lists = content.lists
  }

  /// Carries out a command on the list that the caller read at `expected`.
  func change(
    _ id: String, expected: UInt64, _ makeCommand: (ListVersion) throws -> ListVersion.Command
  ) throws -> ListVersion {
    let list = try content.list(id: id, in: command.tx)
    guard expected == UInt64(list.version) else {
      throw Refused(
        .aborted, .versionConflict.with("version", String(list.version)).with("expected_version", String(expected)))
    }
    return try carryOut(try makeCommand(list), on: list)
  }

  /// Publishes a list and says to the one before it when it ends.
  func publish(_ id: String, expected: UInt64, effective: CivilDate) throws -> ListVersion {
    let published = try change(id, expected: expected) { list in
      .publish(effective: effective, content: try content.summary(ofList: list.id, in: command.tx))
    }
    let before = try lists.all(in: command.tx).filter { $0.state == .published && $0.id != id }
      .max { ($0.effectiveDate ?? effective) < ($1.effectiveDate ?? effective) }
    if let before, before.supersedeDate == nil {
      try carryOut(.endOn(effective, successorID: id), on: before)
      try supersedeEnded()
    }
    return published
  }

  /// Supersedes every list whose end has come, and says how many these were.
  @discardableResult
  func supersedeEnded() throws -> Int {
    var count = 0
    let system = command.at(command.now, as: .system(county: command.actor.countyCode))
    let today = CivilDate(command.now)
    for list in try lists.all(in: command.tx) where list.state == .published {
      guard let end = list.supersedeDate, end <= today else { continue }
      try ListKeeper(system, content: content).carryOut(.supersede, on: list)
      count += 1
    }
    return count
  }

  /// The draft of that number, opened if it is not there.
  func openDraft(_ command: ListVersion.Command, number: String) throws -> ListVersion {
    if let known = try lists.find(number: number, in: self.command.tx) { return known }
    let id = UUIDv7.make(at: self.command.recordTime)
    let events = try ListVersion.open(
      command, id: id, by: self.command.actor, at: self.command.now, beside: try lists.all(in: self.command.tx))
    guard let opened = events.first, let list = ListVersion(opened, at: self.command.now) else {
      throw Refused(.invalidArgument, .listNumberMissing)
    }
    try lists.save(list, in: self.command.tx)
    try record(opened, of: list, put: nil)
    return list
  }

  /// Decides, applies, saves and journals.
  @discardableResult
  func carryOut(
    _ change: ListVersion.Command, on list: ListVersion, put: ResponsibilityListV1.ItemPut? = nil
  ) throws -> ListVersion {
    var list = list
    let others = try lists.all(in: command.tx)
    for event in try list.decide(change, by: command.actor, at: command.now, beside: others) {
      list.apply(event, at: command.now)
      try record(event, of: list, put: put)
    }
    try lists.save(list, in: command.tx)
    return list
  }

  private func record(_ event: ListVersion.Event, of list: ListVersion, put: ResponsibilityListV1.ItemPut?) throws {
    try command.record(
      eventType: event.eventType, aggregateType: "list_version", aggregateID: list.id, version: list.version,
      correlationID: list.id, payload: ResponsibilityListV1.ListVersionEvent(event, of: list, put: put).encoded())
  }
}

extension Reason {
  static let versionConflict = Reason(
    "VERSION_CONFLICT", zh: "记录已被他人修改，请重新读取后再试。", en: "It changed since it was read: read it again.",
    field: "expected_version")
  static let listNumberMissing = Reason(
    "LIST_NUMBER_MISSING", zh: "缺少清单版本号。", en: "The list needs a number.", field: "number")
}
