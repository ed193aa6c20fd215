package import Access
package import Kernel
import Lifecycle

extension ListVersion {
  /// What somebody wants done with a list.
  package enum Command: Hashable, Sendable {
    case open(number: String, title: String, parentPolicy: String, isLegacy: Bool)
    case putItem(code: String, isNew: Bool)
    case submit(content: Content)
    case object(opinion: String, organisationID: String)
    case approve(number: String)
    case publish(effective: CivilDate, content: Content)
    case cancel
    case discard(reason: String)
    case endOn(CivilDate, successorID: String)
    case supersede

    var action: Action {
      switch self {
      case .open: .open
      case .putItem: .putItem
      case .submit: .submit
      case .object: .object
      case .approve: .approve
      case .publish: .publish
      case .cancel: .cancel
      case .discard: .discard
      case .endOn: .endOn
      case .supersede: .supersede
      }
    }
  }

  /// What happened to a list.
  package enum Event: Hashable, Sendable {
    case opened(id: String, number: String, title: String, parentPolicy: String, isLegacy: Bool)
    case itemPut(code: String, isNew: Bool)
    case submitted(by: String, itemCount: Int, contentDigest: String)
    case objected(opinion: String, organisationID: String)
    case approved(number: String)
    case published(effective: CivilDate)
    case cancelled
    case discarded(reason: String)
    case successionSet(on: CivilDate, successorID: String)
    case superseded
  }

  /// A list's items as a whole: what stands in its way, and the digest of what it says.
  package struct Content: Hashable, Sendable {
    package let itemCount: Int
    package let digest: String
    /// Everything that blocks, item by item.
    package let blocking: [Reason]

    package init(itemCount: Int, digest: String, findings: [ItemFindings]) {
      self.itemCount = itemCount
      self.digest = digest
      blocking = findings.flatMap(\.blocking)
    }
  }

  /// What opening a list means now.
  package static func open(
    _ command: Command, id: String, by actor: Actor, at now: Timestamp, beside others: [ListVersion]
  ) throws(Refused) -> [Event] {
    try permit(command, on: nil, by: actor, at: now, beside: others)
    guard case .open(let number, let title, let parentPolicy, let isLegacy) = command else { return [] }
    return [.opened(id: id, number: number, title: title, parentPolicy: parentPolicy, isLegacy: isLegacy)]
  }

  /// What `command` means now. Pure: no clock, no I/O, no half-done work.
  package func decide(
    _ command: Command, by actor: Actor, at now: Timestamp, beside others: [ListVersion] = []
  ) throws(Refused) -> [Event] {
    try Self.permit(command, on: self, by: actor, at: now, beside: others.filter { $0.id != id })
    return switch command {
    case .open: []
    case .putItem(let code, let isNew): [.itemPut(code: code, isNew: isNew)]
    case .submit(let content):
      [.submitted(by: actor.personID, itemCount: content.itemCount, contentDigest: content.digest)]
    case .object(let opinion, let organisationID): [.objected(opinion: opinion, organisationID: organisationID)]
    case .approve(let number): [.approved(number: number)]
    case .publish(let effective, _): [.published(effective: effective)]
    case .cancel: [.cancelled]
    case .discard(let reason): [.discarded(reason: reason)]
    case .endOn(let date, let successorID): [.successionSet(on: date, successorID: successorID)]
    case .supersede: [.superseded]
    }
  }

  /// The table's row and its guards, and for a list that leaves the draft also every finding of every item: all at once.
  private static func permit(
    _ command: Command, on list: ListVersion?, by actor: Actor, at now: Timestamp, beside others: [ListVersion]
  ) throws(Refused) {
    let step = Step(
      list: list, command: command, actorID: actor.personID, today: CivilDate(now), others: others)
    var reasons = [Reason]()
    do throws(TransitionRefusal) {
      _ = try lifecycle.transition(
        command.action, from: list?.state, as: Part.parts(of: actor.role), on: step)
    } catch {
      guard case .unmet(let unmet) = error.cause else {
        throw error.refusal(action: command.action.rawValue, state: list?.state.rawValue ?? "NEW")
      }
      reasons = unmet
    }
    switch command {
    case .submit(let content), .publish(_, let content): reasons += content.blocking
    default: break
    }
    guard reasons.isEmpty else { throw Refused(.failedPrecondition, reasons) }
  }

  /// The list that an opening begins.
  package init?(_ event: Event, at time: Timestamp) {
    guard case .opened(let id, let number, let title, let parentPolicy, let isLegacy) = event else { return nil }
    self.init(
      id: id, number: number, title: title, parentPolicy: parentPolicy, isLegacy: isLegacy, version: 1,
      createTime: time)
  }

  /// Folds one event in. Never refuses: history has already happened.
  package mutating func apply(_ event: Event, at time: Timestamp) {
    version += 1
    switch event {
    case .opened: break
    case .itemPut(_, let isNew): itemCount += isNew ? 1 : 0
    case .submitted(let by, let count, let digest):
      (state, submitterID, itemCount, contentDigest, submitTime) = (.inReview, by, count, digest, time)
    case .objected: state = .draft
    case .approved(let number): (state, approvalNumber, approveTime) = (.approved, number, time)
    case .published(let effective): (state, effectiveDate, publishTime) = (.published, effective, time)
    case .cancelled: (state, approvalNumber, approveTime) = (.draft, "", nil)
    case .discarded: state = .discarded
    case .successionSet(let date, _): supersedeDate = date
    case .superseded: state = .superseded
    }
  }
}
