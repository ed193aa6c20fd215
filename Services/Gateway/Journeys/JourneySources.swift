import DispatchContract
import DisputeContract
import GatewayContract
import GridRegistryContract
import Kernel
import RPC
import ResponsibilityListContract
import Runtime
import WireTypes

/// Where a journey's entries come from, each service asked as the caller.
struct JourneySources: Sendable {
  /// What one service had to say, or why it said nothing.
  struct Part: Sendable {
    let service: String
    let entries: Result<[GatewayV1.JourneyEntry], Status>
  }

  let backends: Backends
  let signature: ActorSignature

  /// The case that the journey is about. Its own service must answer: without it there is no journey.
  func caseRecord(
    _ number: String, _ context: ServerContext, _ deadline: ContinuousClock.Instant
  ) async throws -> DisputeV1.Case {
    let client = DisputeV1.CaseServiceClient(backends.dispute.channel)
    let key: DisputeV1.GetCaseRequest.OneOfKey = number.hasPrefix("DJ-") ? .number(number) : .caseID(number)
    let options = options(DisputeV1.CaseServiceMethods.getCase, context, deadline)
    return try await client.getCase(.init(key: key), options: options).caseRecord ?? .init()
  }

  /// All parts, asked at once.
  func parts(
    of record: DisputeV1.Case, _ context: ServerContext, _ deadline: ContinuousClock.Instant
  ) async -> [Part] {
    await withTaskGroup(of: Part.self) { group in
      group.addTask {
        await part("dispute") { () async throws(Status) in try await timeline(record, context, deadline) }
      }
      if let determination = record.determination, !determination.determinationID.isEmpty {
        group.addTask {
          await part("responsibility-list") { () async throws(Status) in
            try await self.determination(determination.determinationID, context, deadline)
          }
        }
      }
      for link in record.links {
        group.addTask {
          await part("dispatch") { () async throws(Status) in
            link.subject == .call
              ? try await call(link.subjectID, context, deadline) : try await task(link.subjectID, context, deadline)
          }
        }
      }
      var parts: [Part] = []
      for await part in group { parts.append(part) }
      return parts
    }
  }

  /// What the organisations are called.
  func names(
    of organisations: Set<String>, _ context: ServerContext, _ deadline: ContinuousClock.Instant
  ) async -> (found: [String: String], isMissing: Bool) {
    let client = GridRegistryV1.OrganisationServiceClient(backends.gridRegistry.channel)
    var found: [String: String] = [:]
    for organisation in organisations.sorted() where !organisation.isEmpty {
      do throws(Status) {
        let options = options(GridRegistryV1.OrganisationServiceMethods.getOrganisation, context, deadline)
        found[organisation] = try await client.getOrganisation(.init(orgID: organisation), options: options)
          .organisation?.name
      } catch {
        if error.code == .unavailable || error.code == .deadlineExceeded { return (found, true) }
      }
    }
    return (found, false)
  }

  private func part(
    _ service: String, _ body: () async throws(Status) -> [GatewayV1.JourneyEntry]
  ) async -> Part {
    do throws(Status) { return Part(service: service, entries: .success(try await body())) } catch {
      return Part(service: service, entries: .failure(error))
    }
  }

  private func timeline(
    _ record: DisputeV1.Case, _ context: ServerContext, _ deadline: ContinuousClock.Instant
  ) async throws(Status) -> [GatewayV1.JourneyEntry] {
    let client = DisputeV1.CaseServiceClient(backends.dispute.channel)
    let options = options(DisputeV1.CaseServiceMethods.listTimeline, context, deadline)
    return try await client.listTimeline(.init(caseID: record.caseID), options: options).entries.map { entry in
      let words = JourneyWords.of(entry.eventType)
      return .init(
        occurTime: entry.occurTime, service: "dispute", seq: entry.seq, eventType: entry.eventType,
        orgID: entry.actorOrgID, role: entry.actorRole, summaryZh: words.chinese, summaryEn: words.english)
    }
  }

  private func determination(
    _ id: String, _ context: ServerContext, _ deadline: ContinuousClock.Instant
  ) async throws(Status) -> [GatewayV1.JourneyEntry] {
    let client = ResponsibilityListV1.DeterminationServiceClient(backends.responsibilityList.channel)
    let options = options(ResponsibilityListV1.DeterminationServiceMethods.getDetermination, context, deadline)
    guard let found = try await client.getDetermination(.init(determinationID: id), options: options).determination
    else { return [] }
    let verdict = String(found.verdict.protoName.dropFirst("VERDICT_".count))
    let best = found.candidates.first
    let main = best?.main?.orgName ?? ""
    let title = best.map { "\($0.itemCode) \($0.title)" } ?? ""
    return [
      .init(
        occurTime: found.makeTime, service: "responsibility-list", eventType: "determination.made",
        summaryZh: "对照责任清单：\(JourneyWords.verdict(verdict)) \(title) \(main)",
        summaryEn: "compared with the list: \(verdict) \(title)")
    ]
  }

  private func call(
    _ id: String, _ context: ServerContext, _ deadline: ContinuousClock.Instant
  ) async throws(Status) -> [GatewayV1.JourneyEntry] {
    let client = DispatchV1.CallServiceClient(backends.dispatch.channel)
    let options = options(DispatchV1.CallServiceMethods.getTimeline, context, deadline)
    return try await client.getTimeline(.init(callID: id), options: options).entries.map { entry in
      let words = JourneyWords.of(entry.eventType)
      let number = entry.facts?.number ?? ""
      return .init(
        occurTime: entry.occurTime, service: "dispatch", seq: entry.seq, eventType: entry.eventType,
        orgID: entry.orgID, role: entry.role, summaryZh: "\(words.chinese) \(number)",
        summaryEn: "\(words.english) \(number)")
    }
  }

  private func task(
    _ id: String, _ context: ServerContext, _ deadline: ContinuousClock.Instant
  ) async throws(Status) -> [GatewayV1.JourneyEntry] {
    let client = DispatchV1.CoordinationServiceClient(backends.dispatch.channel)
    let options = options(DispatchV1.CoordinationServiceMethods.getCoordinationTask, context, deadline)
    guard let task = try await client.getCoordinationTask(.init(taskID: id), options: options).task else { return [] }
    let finished = task.state == .unable ? "coordination.unable" : "coordination.done"
    let steps: [(GoogleProtobuf.Timestamp?, String, String)] = [
      (task.requestTime, "coordination.requested", task.townshipOrgID),
      (task.acceptTime, "coordination.accepted", task.agencyOrgID),
      (task.finishTime, finished, task.agencyOrgID),
    ]
    return steps.enumerated().compactMap { index, step in
      guard let time = step.0 else { return nil }
      let words = JourneyWords.of(step.1)
      return .init(
        occurTime: time, service: "dispatch", seq: Int64(index), eventType: step.1, orgID: step.2,
        summaryZh: words.chinese, summaryEn: words.english)
    }
  }

  private func options(
    _ method: MethodDescriptor, _ context: ServerContext, _ deadline: ContinuousClock.Instant
  ) -> CallOptions {
    var options = CallOptions(within: context)
    options.deadline = deadline
    if let actor = try? context.actor { signature.add(actor, path: method.path, to: &options.metadata) }
    return options
  }
}
