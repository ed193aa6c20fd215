import DispatchContract
import DispatchDomain
@testable import DispatchService
import DispatchStore
import Journal
import Kernel
import Persistence
import Runtime
import Wire

/// Calls and coordination tasks from dispatch's own journal.
enum DispatchReplay: Replaying {
  static var identity: ServiceIdentity { .dispatch }
  static var migrations: [Migration] { DispatchService.migrations }

  static let told: [String: Set<String>] = [
    "calls": [], "call_cases": [], "call_assignments": [], "call_clocks": [], "call_admissions": [],
    "call_admission_rules": [], "call_verifications": [], "coordination_tasks": [],
  ]

  static let elsewhere = [
    "call_numbers": "the last number given in a year", "organisations": "grid-registry, by the relay",
    "calendar_years": "grid-registry, by the relay", "awaiting_cases": "dispute, by the relay",
  ]

  static func replay(_ lines: [JournalEntry], county: AreaCode, in tx: WriteTransaction) throws {
    var calls: [String: Call] = [:]
    var tasks: [String: CoordinationTask] = [:]
    for line in lines {
      let (id, payload, time) = (line.draft.aggregateID, line.draft.payload, line.draft.occurTime)
      switch line.draft.aggregateType {
      case "call":
        guard let event = try DispatchV1.CallEvent(decoding: payload).domain(at: time) else { throw NotReplayed(line) }
        if calls[id] == nil { calls[id] = Call(event) } else { calls[id]?.apply(event) }
      case "coordination_task":
        guard let event = try DispatchV1.CoordinationEvent(decoding: payload).domain(at: time) else {
          throw NotReplayed(line)
        }
        if case .requested(let first) = event { tasks[id] = first } else { tasks[id]?.apply(event) }
        // A task is entered by its first version, and changed by the others.
        guard let task = tasks[id] else { throw NotReplayed(line) }
        try CoordinationTaskStore(county: county.text).save(task, in: tx)
      default: throw NotReplayed(line)
      }
    }
    for call in calls.values { try CallStore(county: county.text).save(call, after: nil, in: tx) }
  }
}
