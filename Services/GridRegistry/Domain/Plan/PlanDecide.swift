package import Access
package import Kernel
import Lifecycle

extension DivisionPlan {
  /// What somebody wants done with a plan that exists.
  package enum Command: Hashable, Sendable {
    case edit(Content)
    case check
    case submit(exceptions: [Exception])
    case reject(reason: String)
    case approve
    /// The day has come: in effect, if the re-check passes.
    case effect
    /// The day has come and the re-check does not pass.
    case block
    case rework
    case withdraw(reason: String)

    /// The lifecycle's word for it.
    package var action: Action {
      switch self {
      case .edit: .edit
      case .check: .check
      case .submit: .submit
      case .reject: .reject
      case .approve: .approve
      case .effect: .effect
      case .block: .block
      case .rework: .rework
      case .withdraw: .withdraw
      }
    }

    /// Why, where the command says so.
    package var reason: String {
      switch self {
      case .reject(let reason), .withdraw(let reason): reason
      case .edit, .check, .submit, .approve, .effect, .block, .rework: ""
      }
    }

    /// Whether it is decided on a check of the plan as the registry stands now.
    package var needsCheck: Bool {
      switch self {
      case .check, .submit, .effect, .block: true
      case .edit, .reject, .approve, .rework, .withdraw: false
      }
    }
  }

  /// The content on which a command is judged.
  package func content(for command: Command) -> Content {
    switch command {
    case .edit(let content): return content
    case .submit(let more):
      var content = content
      let renewed = Set(more.map { [$0.rule, $0.gridCode] })
      content.exceptions = content.exceptions.filter { !renewed.contains([$0.rule, $0.gridCode]) } + more
      return content
    case .check, .reject, .approve, .effect, .block, .rework, .withdraw: return content
    }
  }

  /// Opens a plan.
  package static func draft(
    _ id: ID, _ step: Step, by actor: Actor, of organisation: Organisation?, as parts: Set<Part>, at now: Timestamp
  ) throws(Refused) -> Event {
    let row = try Self.row(.draft, nil, parts, step)
    guard let township = step.township else { throw Refused(.failedPrecondition, .townshipNotFound) }
    let plan = DivisionPlan(
      id: id, content: step.content, townshipCode: township, isCountyWide: parts.contains(.gridCentre), state: row.to,
      authorID: actor.personID, authorOrganisationID: actor.organisationID, createTime: now, version: 1)
    return Event(.drafted, plan)
  }

  /// What `command` means now. Pure: all it knows stands in the step.
  package func decide(
    _ command: Command, _ step: Step, as parts: Set<Part>, at now: Timestamp
  ) throws(Refused) -> Event {
    let row = try Self.row(command.action, state, parts, step)
    var after = self
    after.state = row.to
    after.content = step.content
    after.version += 1
    if let check = step.check { after.check = check }
    switch command {
    case .edit:
      after.check = nil
      return Event(.edited, after)
    case .check: return Event(.checked, after)
    case .submit:
      after.submitterID = step.actorID
      after.submitTime = now
      after.decisionReason = ""
      return Event(.submitted, after)
    case .reject(let reason):
      after.deciderID = step.actorID
      after.decideTime = now
      after.decisionReason = reason
      return Event(.rejected(reason: reason), after)
    case .approve:
      after.deciderID = step.actorID
      after.decideTime = now
      for index in after.content.exceptions.indices { after.content.exceptions[index].approverID = step.actorID }
      return Event(.approved, after)
    case .effect:
      after.effectTime = now
      return Event(.tookEffect, after)
    case .block:
      let codes = Set((step.check?.obstacles ?? []).map(\.code)).sorted()
      return Event(.blocked(codes: codes), after)
    case .rework:
      for index in after.content.exceptions.indices { after.content.exceptions[index].approverID = "" }
      return Event(.reworked, after)
    case .withdraw(let reason):
      after.decisionReason = reason
      return Event(.withdrawn(reason: reason), after)
    }
  }

  private static func row(
    _ action: Action, _ state: State?, _ parts: Set<Part>, _ step: Step
  ) throws(Refused) -> Lifecycle<State, Action, Part, Step>.Row {
    guard !parts.isEmpty else { throw Refused(.permissionDenied, .jurisdictionMismatch) }
    do {
      return try lifecycle.transition(action, from: state, as: parts, on: step)
    } catch {
      throw error.refusal(action: action.rawValue, state: state?.rawValue ?? "∅")
    }
  }
}
