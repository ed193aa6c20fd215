package import GatewayContract
import Kernel
package import RPC
import WireTypes

/// `RelayService`: how far the services have heard each other, and what could not be delivered.
package struct RelayHandlers: GatewayV1.RelayService {
  private let relay: Relay

  package init(_ relay: Relay) { self.relay = relay }

  package func getRelayStatus(
    _ request: GatewayV1.GetRelayStatusRequest, context: ServerContext
  ) async throws -> GatewayV1.GetRelayStatusResponse {
    .init(
      routes: relay.board.all.map { way, standing in
        GatewayV1.RelayRoute(way, standing, parked: relay.parked.count(source: way.source, target: way.target))
      })
  }

  package func listParkedMessages(
    _ request: GatewayV1.ListParkedMessagesRequest, context: ServerContext
  ) async throws -> GatewayV1.ListParkedMessagesResponse {
    let limit = request.pageSize == 0 ? 50 : Int(min(max(request.pageSize, 1), 200))
    let targets = request.target.isEmpty ? relay.targets : [request.target]
    var place = try ParkedPlace(token: request.pageToken)
    var messages: [ParkedMessage] = []
    for target in targets where target >= place.target {
      if target > place.target { place = ParkedPlace(target: target) }
      messages += try await relay.parked.page(target: target, after: place.position, limit: limit + 1 - messages.count)
      if messages.count > limit { break }
    }
    let page = messages.prefix(limit)
    return .init(
      messages: page.map(GatewayV1.ParkedMessage.init),
      nextPageToken: messages.count > limit ? page.last.map { ParkedPlace(after: $0).token } ?? "" : "")
  }

  package func retryParkedMessages(
    _ request: GatewayV1.RetryParkedMessagesRequest, context: ServerContext
  ) async throws -> GatewayV1.RetryParkedMessagesResponse {
    let result = try await relay.retryParked(target: request.target)
    return .init(deliveredCount: Int32(result.delivered), stillParkedCount: Int32(result.stillParked))
  }
}

/// Where a page of parked messages begins.
private struct ParkedPlace {
  var target: String
  var source = ""
  var seq: Int64 = 0
  var parkedID = ""

  init(target: String) { self.target = target }

  init(after message: ParkedMessage) {
    target = message.target
    source = message.source
    seq = message.seq
    parkedID = message.parkedID
  }

  /// The token is readable and carries no secret; one that this gateway did not make is refused.
  init(token: String) throws(Refused) {
    let parts = token.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    if token.isEmpty {
      self.init(target: "")
    } else if parts.count == 4, let seq = Int64(parts[2]) {
      self.init(target: parts[0])
      (source, self.seq, parkedID) = (parts[1], seq, parts[3])
    } else {
      throw Refused(.invalidArgument, .pageTokenInvalid)
    }
  }

  var token: String { "\(target)|\(source)|\(seq)|\(parkedID)" }
  var position: (source: String, seq: Int64, parkedID: String) { (source, seq, parkedID) }
}

extension GatewayV1.RelayRoute {
  fileprivate init(_ way: RelayWay, _ standing: RelayStanding, parked: Int) {
    self.init(
      source: way.source, target: way.target, heardSeq: standing.heardSeq, headSeq: standing.headSeq,
      heardAsOfTime: standing.heardAsOf.map { GoogleProtobuf.Timestamp($0) }, parkedCount: Int64(parked))
    switch standing.state {
    case .relaying: state = .relaying
    case .caughtUp: state = .caughtUp
    case .sourceDown(let why): (state, explanation) = (.sourceDown, why)
    case .targetDown(let why): (state, explanation) = (.targetDown, why)
    case .alarm(let alarm): (state, self.alarm, explanation) = (.alarm, alarm.rawValue, alarm.explanation)
    }
  }
}

extension RelayAlarm {
  /// What county IT should know and do.
  fileprivate var explanation: String {
    switch self {
    case .sourceEpochChanged:
      "the source has another database file than the one heard so far; put the right file back, or empty the target to feed it anew"
    case .sourceRewound:
      "the source was restored to an earlier state than its target has heard; restore the target to the same time, or empty it to feed it anew"
    }
  }
}

extension GatewayV1.ParkedMessage {
  fileprivate init(_ message: ParkedMessage) {
    self.init(
      parkedID: message.parkedID, source: message.source, target: message.target, seq: message.seq,
      eventID: message.eventID, eventType: message.eventType, aggregateID: message.aggregateID, reason: message.reason,
      explanation: message.explanation, attemptCount: Int32(message.attemptCount),
      parkTime: GoogleProtobuf.Timestamp(message.parkTime))
  }
}

extension Reason {
  static let pageTokenInvalid = Reason(
    "PAGE_TOKEN_INVALID", zh: "翻页标记无效，请从第一页重新查询。", en: "The page token is not one of ours.", field: "page_token")
}
