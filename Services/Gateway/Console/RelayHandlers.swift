package import GatewayContract
import FeedContract
import Kernel
package import RPC
import WireTypes

/// `RelayService`: how far the services have heard each other, and what could not be delivered.
package struct RelayHandlers: GatewayV1.RelayService {
  fileprivate let relay: Relay

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
    let limit = Int(pageSize: request.pageSize)
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

extension RelayHandlers {
  /// Lets those who hear a restored source go on; only targets under an alarm are touched.
  package func acceptSource(
    _ request: GatewayV1.AcceptSourceRequest, context: ServerContext
  ) async throws -> GatewayV1.AcceptSourceResponse {
    guard relay.sources.contains(request.source) else {
      throw Refused(.invalidArgument, .serviceUnknown.with("service", request.source).at("source"))
    }
    guard request.target.isEmpty || relay.targets.contains(request.target) else {
      throw Refused(.invalidArgument, .serviceUnknown.with("service", request.target).at("target"))
    }
    let accepted = try await relay.acceptSource(request.source, target: request.target)
    return .init(
      routes: accepted.map { way, divergence in
        .init(
          source: way.source, target: way.target, commonSeq: divergence.commonSeq,
          lostCount: Int64(divergence.lostCount))
      })
  }

  /// What was heard and is known to its source no more, asked of every target.
  package func listLostEvents(
    _ request: GatewayV1.ListLostEventsRequest, context: ServerContext
  ) async throws -> GatewayV1.ListLostEventsResponse {
    guard request.target.isEmpty || relay.targets.contains(request.target) else {
      throw Refused(.invalidArgument, .serviceUnknown.with("service", request.target).at("target"))
    }
    var answer = GatewayV1.ListLostEventsResponse()
    for target in relay.targets where request.target.isEmpty || request.target == target {
      do throws(Status) { answer.events += try await lost(of: target) } catch {
        guard error.code == .unavailable else { throw error }
        answer.missingServices.append(target)
      }
    }
    return answer
  }

  private func lost(of target: String) async throws(Status) -> [GatewayV1.LostEvent] {
    guard let client = relay.hearing[target] else { return [] }
    var events: [GatewayV1.LostEvent] = []
    var next = FeedV1.ListLostEventsRequest()
    while true {
      let page = try await client.listLostEvents(next, options: CallOptions(timeout: .seconds(10))).events
      guard let last = page.last else { return events }
      events += page.map { event in
        .init(
          source: event.source, target: target, seq: event.seq, eventID: event.eventID, eventType: event.eventType,
          aggregateID: event.aggregateID, noteTime: event.noteTime)
      }
      next = .init(afterSource: last.source, afterSeq: last.seq, afterEventID: last.eventID)
    }
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
    case .alarm(let alarm):
      (state, self.alarm, explanation) = (.alarm, alarm.rawValue, alarm.explanation)
      guard let divergence = standing.divergence else { break }
      (commonSeq, lostCount) = (divergence.commonSeq, Int64(divergence.lostCount))
      explanation +=
        "; both know \(source) up to \(divergence.commonSeq), \(target) has heard \(divergence.lostCount) later events"
    }
  }
}

extension RelayAlarm {
  /// What county IT should know and do.
  fileprivate var explanation: String {
    switch self {
    case .sourceEpochChanged:
      "the source has another database file than the one heard so far; put the right file back, or go on with this one: huying relay accept"
    case .sourceRewound:
      "the source was restored to an earlier state than its target has heard; restore the target to the same moment, or go on from the last event that both know: huying relay accept"
    }
  }
}

extension GatewayV1.ParkedMessage {
  fileprivate init(_ message: ParkedMessage) {
    self.init(
      parkedID: message.parkedID, source: message.source, target: message.target, seq: message.seq,
      eventID: message.eventID, eventType: message.eventType, aggregateID: message.aggregateID, reason: message.reason,
      explanation: message.explanation, attemptCount: Int32(message.attemptCount),
      parkTime: GoogleProtobuf.Timestamp(message.parkTime), explanationZh: message.chineseExplanation)
  }
}

extension Reason {
  static let pageTokenInvalid = Reason(
    "PAGE_TOKEN_INVALID", zh: "翻页标记无效，请从第一页重新查询。", en: "The page token is not one of ours.", field: "page_token")
}
