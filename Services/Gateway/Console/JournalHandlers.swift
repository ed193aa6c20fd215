import CommonContract
import FeedContract
package import GatewayContract
import Kernel
package import RPC
import WireTypes

/// `JournalService`: the services' journals, for auditors and county IT. Payloads are not shown: they are each service's own.
package struct JournalHandlers: GatewayV1.JournalService {
  private let backends: Backends

  package init(backends: Backends) { self.backends = backends }

  package func verifyJournals(
    _ request: GatewayV1.VerifyJournalsRequest, context: ServerContext
  ) async throws -> GatewayV1.VerifyJournalsResponse {
    let chosen = request.service.isEmpty ? backends.all : [try backend(request.service)]
    return try await withThrowingTaskGroup(of: GatewayV1.JournalVerification.self) { group in
      for backend in chosen { group.addTask { try await verify(backend, context) } }
      var results: [GatewayV1.JournalVerification] = []
      for try await result in group { results.append(result) }
      return .init(verifications: results.sorted { $0.service < $1.service })
    }
  }

  package func tailJournal(
    _ request: GatewayV1.TailJournalRequest, writer: ResponseWriter<GatewayV1.TailJournalResponse>,
    context: ServerContext
  ) async throws {
    let feed = FeedV1.FeedServiceClient(try backend(request.service).systemChannel)
    let head = try await feed.getHead(.init(), options: CallOptions(within: context)).head?.seq ?? 0
    var position = max(0, head - Int64(min(max(request.lastCount, 0), 1000)))
    position = try await write(feed, after: position, to: writer, context)
    guard request.follow else { return }
    for try await message in feed.watchHead(.init(afterSeq: position), options: CallOptions(within: context))
    where (message.head?.seq ?? 0) > position {
      position = try await write(feed, after: position, to: writer, context)
    }
  }

  /// Writes everything there is after `seq`; where it stopped.
  private func write(
    _ feed: FeedV1.FeedServiceClient, after seq: Int64, to writer: ResponseWriter<GatewayV1.TailJournalResponse>,
    _ context: ServerContext
  ) async throws -> Int64 {
    var position = seq
    while true {
      let page = try await feed.pullEvents(.init(afterSeq: position), options: CallOptions(within: context))
      for event in page.events { try await writer.write(GatewayV1.TailJournalResponse(event)) }
      position = page.readToSeq
      if position >= page.head?.seq ?? 0 { return position }
    }
  }

  private func verify(_ backend: Backend, _ context: ServerContext) async throws -> GatewayV1.JournalVerification {
    let feed = FeedV1.FeedServiceClient(backend.systemChannel)
    do {
      let options = CallOptions(within: context)
      let answer = try await backend.whileItAnswers { try await feed.verifyJournal(.init(), options: options) }
      return .init(
        service: backend.name, verifiedCount: answer.verifiedCount, firstBrokenSeq: answer.firstBrokenSeq,
        headEventID: answer.head?.eventID ?? "", headHash: answer.head?.hash ?? [])
    } catch let error as Status where error.code == .unavailable {
      return .init(service: backend.name, unreachable: true)
    } catch is Refused {
      return .init(service: backend.name, unreachable: true)
    }
  }

  private func backend(_ name: String) throws(Refused) -> Backend {
    guard let backend = backends.all.first(where: { $0.name == name }) else {
      throw Refused(.invalidArgument, .serviceUnknown.with("service", name))
    }
    return backend
  }
}

extension GatewayV1.TailJournalResponse {
  fileprivate init(_ event: FeedV1.Event) {
    self.init(
      seq: event.seq, occurTime: event.occurTime, eventType: event.eventType, aggregateType: event.aggregateType,
      aggregateID: event.aggregateID, orgID: event.actor?.orgID ?? "", role: event.actor?.role ?? "",
      correlationID: event.correlationID)
  }
}

extension Reason {
  static let serviceUnknown = Reason(
    "SERVICE_UNKNOWN", zh: "没有这个服务。", en: "There is no such service.", field: "service")
}
