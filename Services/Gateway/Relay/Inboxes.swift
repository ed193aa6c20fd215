package import DispatchContract
package import DisputeContract
import FeedContract
package import GridRegistryContract
package import PerformanceEvaluationContract
import RPC
package import ResponsibilityListContract
import Wire

// The five inboxes that the relay speaks to. Each service's messages are its own types, so each
// needs its own few lines; what they say is the same.

extension GridRegistryV1.Message: InboxMessage {
  package static let heartbeat = OneOfContent.heartbeat(.init())
}

/// grid-registry's inbox.
struct GridRegistryInbox: Inbox {
  let name: String
  let client: GridRegistryV1.InboxServiceClient

  init(_ backend: Backend) {
    name = backend.name
    client = GridRegistryV1.InboxServiceClient(backend.systemChannel)
  }

  func position(of source: String) async throws(Status) -> FeedV1.Position {
    try await client.getPosition(.init(source: source), options: .inbox).position ?? .init()
  }

  func receive(
    _ messages: [GridRegistryV1.Message]
  ) async throws(Status) -> (refusal: FeedV1.DeliveryRefusal?, position: FeedV1.Position?) {
    let answer = try await client.receiveMessages(.init(messages: messages), options: .inbox)
    return (answer.refusal, answer.position)
  }
}

extension DisputeV1.Message: InboxMessage {
  package static let heartbeat = OneOfContent.heartbeat(.init())
}

/// dispute's inbox.
struct DisputeInbox: Inbox {
  let name: String
  let client: DisputeV1.InboxServiceClient

  init(_ backend: Backend) {
    name = backend.name
    client = DisputeV1.InboxServiceClient(backend.systemChannel)
  }

  func position(of source: String) async throws(Status) -> FeedV1.Position {
    try await client.getPosition(.init(source: source), options: .inbox).position ?? .init()
  }

  func receive(
    _ messages: [DisputeV1.Message]
  ) async throws(Status) -> (refusal: FeedV1.DeliveryRefusal?, position: FeedV1.Position?) {
    let answer = try await client.receiveMessages(.init(messages: messages), options: .inbox)
    return (answer.refusal, answer.position)
  }
}

extension ResponsibilityListV1.Message: InboxMessage {
  package static let heartbeat = OneOfContent.heartbeat(.init())
}

/// responsibility-list's inbox.
struct ResponsibilityListInbox: Inbox {
  let name: String
  let client: ResponsibilityListV1.InboxServiceClient

  init(_ backend: Backend) {
    name = backend.name
    client = ResponsibilityListV1.InboxServiceClient(backend.systemChannel)
  }

  func position(of source: String) async throws(Status) -> FeedV1.Position {
    try await client.getPosition(.init(source: source), options: .inbox).position ?? .init()
  }

  func receive(
    _ messages: [ResponsibilityListV1.Message]
  ) async throws(Status) -> (refusal: FeedV1.DeliveryRefusal?, position: FeedV1.Position?) {
    let answer = try await client.receiveMessages(.init(messages: messages), options: .inbox)
    return (answer.refusal, answer.position)
  }
}

extension DispatchV1.Message: InboxMessage {
  package static let heartbeat = OneOfContent.heartbeat(.init())
}

/// dispatch's inbox.
struct DispatchInbox: Inbox {
  let name: String
  let client: DispatchV1.InboxServiceClient

  init(_ backend: Backend) {
    name = backend.name
    client = DispatchV1.InboxServiceClient(backend.systemChannel)
  }

  func position(of source: String) async throws(Status) -> FeedV1.Position {
    try await client.getPosition(.init(source: source), options: .inbox).position ?? .init()
  }

  func receive(
    _ messages: [DispatchV1.Message]
  ) async throws(Status) -> (refusal: FeedV1.DeliveryRefusal?, position: FeedV1.Position?) {
    let answer = try await client.receiveMessages(.init(messages: messages), options: .inbox)
    return (answer.refusal, answer.position)
  }
}

extension PerformanceEvaluationV1.Message: InboxMessage {
  package static let heartbeat = OneOfContent.heartbeat(.init())
}

/// performance-evaluation's inbox.
struct PerformanceEvaluationInbox: Inbox {
  let name: String
  let client: PerformanceEvaluationV1.InboxServiceClient

  init(_ backend: Backend) {
    name = backend.name
    client = PerformanceEvaluationV1.InboxServiceClient(backend.systemChannel)
  }

  func position(of source: String) async throws(Status) -> FeedV1.Position {
    try await client.getPosition(.init(source: source), options: .inbox).position ?? .init()
  }

  func receive(
    _ messages: [PerformanceEvaluationV1.Message]
  ) async throws(Status) -> (refusal: FeedV1.DeliveryRefusal?, position: FeedV1.Position?) {
    let answer = try await client.receiveMessages(.init(messages: messages), options: .inbox)
    return (answer.refusal, answer.position)
  }
}

extension CallOptions {
  /// A batch of 500 small rows takes a target well under a second; ten are for a busy disk.
  fileprivate static var inbox: CallOptions { CallOptions(timeout: .seconds(10)) }
}
