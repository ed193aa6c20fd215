package import FeedContract
import Kernel
package import Logging
import RPC
package import Runtime
import Wire
import WireTypes

/// Work of one way of the relay, until it is cancelled.
package protocol RelayRunner: Sendable {
  var way: RelayWay { get }
  /// Relays for ever: down sides are tried again, alarms are looked at again.
  func run() async
  /// Delivers this way's parked messages again, in order. How many went, how many are still parked.
  func retryParked() async throws -> (delivered: Int, stillParked: Int)
  /// Where the source stands and how far the target has heard it, asked of both.
  func standing() async throws -> (head: Int64, heard: Int64)
  /// Goes on from the last event that both sides know, where the source was restored on purpose. `nil`: there is no alarm.
  func acceptSource() async throws -> RelayDivergence?
}

/// One way of the relay: from one source's feed into one target's inbox, in the source's order.
///
/// The target's inbox is the cursor: on connecting it is asked where it stands, and the source is read from there. Nothing of
/// it is remembered here, so a new, emptied or restored target is fed from where *it* stands.
package struct RelayRoute<Target: Inbox>: RelayRunner {
  /// Events read at once; also the largest batch handed over.
  static var pageSize: Int32 { 500 }
  /// How often a message may be refused before it is parked.
  static var maximumAttempts: Int { 4 }
  /// How often a target that has heard everything is asked whether it still stands there: a point read each time.
  static var targetLook: Duration { .seconds(1) }

  package let way: RelayWay
  let feed: Feed
  let target: Target
  /// The target's memory of what it has heard; `nil`: it has none that we could ask.
  let hearing: FeedV1.FeedServiceClient?
  private let translations: [String: Translation<Target.Message>]
  let parked: ParkedMessages
  private let board: RelayBoard
  let gate: RelayGate
  private let time: TimeSource
  let logger: Logger

  package init(
    from feed: Feed, to target: Target, hearing: FeedV1.FeedServiceClient? = nil,
    _ translations: [Translation<Target.Message>], parked: ParkedMessages,
    board: RelayBoard, gate: RelayGate = RelayGate(), time: TimeSource, logger: Logger
  ) {
    way = RelayWay(source: feed.name, target: target.name)
    self.feed = feed
    self.target = target
    self.hearing = hearing
    self.translations = Dictionary(
      translations.flatMap { translation in translation.eventTypes.map { ($0, translation) } },
      uniquingKeysWith: { first, _ in first })
    self.parked = parked
    self.board = board
    self.gate = gate
    self.time = time
    self.logger = logger
  }

  package func run() async {
    var pause = RelayPause()
    while !Task.isCancelled {
      do {
        try await relay { pause.reset() }
      } catch let failure as RelayFailure {
        // A call that we gave up ourselves says nothing about its service.
        if Task.isCancelled { return }
        await report(failure)
      } catch is CancellationError {
        return
      } catch {
        logger.error("relay", metadata: ["way": "\(way)", "error": "\(error)"])
      }
      try? await Task.sleep(for: pause.next())
    }
  }

  /// Relays until something fails. `connected` is called once both sides have answered.
  private func relay(connected: () -> Void) async throws {
    let head = try await head()
    var position = try await position()
    try await compare(position, with: head)
    try await recoverWithheld(epoch: head.sourceEpoch)
    connected()
    var watch: ResponseStream<FeedV1.WatchHeadResponse>?
    while !Task.isCancelled {
      let page = try await pull(after: position.seq)
      guard page.head?.sourceEpoch == head.sourceEpoch else { throw RelayFailure.alarm(.sourceEpochChanged) }
      // The connection may have found another process, with another file, between two pages.
      guard position.seq == 0 || page.afterEventID == position.eventID else {
        throw RelayFailure.alarm(.sourceRewound)
      }
      if page.readToSeq > position.seq {
        // Also while it is held up, be it by the target or by a backup, it can be seen how far behind it is.
        board.update(way) { standing in
          (standing.state, standing.headSeq) = (.relaying, max(page.head?.seq ?? 0, page.readToSeq))
        }
        try await gate.pass { try await deliver(page, after: position.seq, epoch: head.sourceEpoch) }
        (position.seq, position.eventID) = (page.readToSeq, page.readToEventID)
      }
      let headSeq = page.head?.seq ?? 0
      guard headSeq >= position.seq else { throw RelayFailure.alarm(.sourceRewound) }
      board.update(way) { standing in
        standing.state = headSeq == position.seq ? .caughtUp : .relaying
        standing.divergence = nil
        (standing.heardSeq, standing.headSeq, standing.heardAsOf) = (position.seq, headSeq, time.now())
      }
      if headSeq == position.seq { try await waitForMore(than: position, &watch) }
    }
  }

  package func standing() async throws -> (head: Int64, heard: Int64) {
    let heard = try await position().seq
    return (try await head().seq, heard)
  }

  // MARK: Reading the source

  func head() async throws -> FeedV1.Head {
    do throws(Status) {
      return try await feed.client.getHead(.init(), options: .init(timeout: .seconds(10))).head ?? .init()
    } catch { throw RelayFailure.sourceDown(error) }
  }

  func pull(after seq: Int64, limit: Int32 = pageSize) async throws -> FeedV1.PullEventsResponse {
    do throws(Status) {
      return try await feed.client.pullEvents(
        .init(afterSeq: seq, pageSize: limit, eventTypes: translations.keys.sorted()),
        options: .init(timeout: .seconds(30)))
    } catch { throw RelayFailure.sourceDown(error) }
  }

  /// Waits until the source has written more, and looks meanwhile whether the target still stands where it stood: one that was
  /// started anew or restored is not to wait for the source's next word.
  private func waitForMore(
    than position: FeedV1.Position, _ watch: inout ResponseStream<FeedV1.WatchHeadResponse>?
  ) async throws {
    let stream = watch ?? feed.client.watchHead(.init(afterSeq: position.seq))
    watch = stream
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await waitForHead(beyond: position.seq, on: stream) }
      group.addTask { try await waitForMove(from: position) }
      defer { group.cancelAll() }
      try await group.next()
    }
  }

  private func waitForHead(beyond seq: Int64, on stream: ResponseStream<FeedV1.WatchHeadResponse>) async throws {
    do throws(Status) {
      while let message = try await stream.next() {
        if (message.head?.seq ?? 0) > seq { return }
      }
    } catch { throw RelayFailure.sourceDown(error) }
    throw RelayFailure.sourceDown(Status(.unavailable, "the source ended its watch"))
  }

  /// Ends only by throwing.
  private func waitForMove(from position: FeedV1.Position) async throws {
    while true {
      try await Task.sleep(for: Self.targetLook)
      guard try await self.position().seq == position.seq else { throw RelayFailure.targetMoved }
    }
  }

  // MARK: Talking to the target

  func position() async throws -> FeedV1.Position {
    do throws(Status) { return try await target.position(of: way.source) } catch {
      throw RelayFailure.targetDown(error)
    }
  }

  /// Whether the source still says what the target has heard of it last.
  func compare(_ position: FeedV1.Position, with head: FeedV1.Head) async throws {
    guard !position.sourceEpoch.isEmpty, position.seq > 0 else { return }
    guard position.sourceEpoch == head.sourceEpoch else { throw RelayFailure.alarm(.sourceEpochChanged) }
    guard position.seq <= head.seq else { throw RelayFailure.alarm(.sourceRewound) }
    let last = try await pull(after: position.seq - 1, limit: 1)
    guard last.readToSeq == position.seq, last.readToEventID == position.eventID else {
      throw RelayFailure.alarm(.sourceRewound)
    }
  }

  /// Hands one page over. What is refused again and again is parked, and the rest goes on.
  private func deliver(_ page: FeedV1.PullEventsResponse, after seq: Int64, epoch: String) async throws {
    var messages = try await translated(page, after: seq, epoch: epoch)
    var attempts = 0
    while !messages.isEmpty {
      let refusal: FeedV1.DeliveryRefusal?
      do throws(Status) { refusal = try await target.receive(messages).refusal } catch {
        throw RelayFailure.targetDown(error)
      }
      guard let refusal else { return }
      if refusal.reason == "POSITION_MISMATCH" { throw RelayFailure.targetMoved }
      if let alarm = RelayAlarm(rawValue: refusal.reason) { throw RelayFailure.alarm(alarm) }
      attempts = refusal.index > 0 ? 1 : attempts + 1
      messages.removeFirst(min(Int(refusal.index), messages.count))
      if attempts >= Self.maximumAttempts || !refusal.retriable, let first = messages.first {
        messages[0] = try await park(first, refusal, attempts)
        try await parkBehind(first, in: &messages)
        attempts = 0
      } else {
        try await Task.sleep(for: .milliseconds(100 << attempts))
      }
    }
  }

  /// Parks the later messages of `first`'s aggregate too: they must not overtake it.
  private func parkBehind(_ first: Target.Message, in messages: inout [Target.Message]) async throws {
    guard let aggregateID = first.origin?.aggregateID, !aggregateID.isEmpty else { return }
    for index in messages.indices.dropFirst() where messages[index].origin?.aggregateID == aggregateID {
      messages[index] = try await park(messages[index], .behindParked, 0)
    }
  }

  /// The page in the target's words; a heartbeat last, so that the position reaches the end of what was read.
  private func translated(
    _ page: FeedV1.PullEventsResponse, after seq: Int64, epoch: String
  ) async throws -> [Target.Message] {
    var messages: [Target.Message] = []
    messages.reserveCapacity(page.events.count + 1)
    var last = seq
    for event in page.events {
      let origin = FeedV1.Origin(event, of: way.source, epoch: epoch, after: last)
      last = event.seq
      let content = try translations[event.eventType]?.content(event)
      let message = Target.Message(origin: origin, content: content)
      if content != nil, parked.isWaiting(source: way.source, target: way.target, aggregateID: event.aggregateID) {
        messages.append(try await park(message, .behindParked, 0))
      } else {
        messages.append(message)
      }
    }
    if last < page.readToSeq {
      let origin = FeedV1.Origin(
        source: way.source, sourceEpoch: epoch, seq: page.readToSeq, eventID: page.readToEventID,
        occurTime: .init(time.now()), afterSeq: last)
      messages.append(Target.Message(origin: origin, content: Target.Message.heartbeat))
    }
    return messages
  }

  /// Keeps `message` for later and gives back what goes in its place: the same origin, no content.
  @discardableResult
  func park(
    _ message: Target.Message, _ refusal: FeedV1.DeliveryRefusal, _ attempts: Int
  ) async throws -> Target.Message {
    var origin = message.origin ?? .init()
    try await parked.park(
      ParkedMessage(
        parkedID: UUIDv7.make(at: time.now()), source: way.source, target: way.target, seq: origin.seq,
        eventID: origin.eventID, eventType: origin.eventType, aggregateID: origin.aggregateID,
        message: message.encoded(), reason: refusal.reason, explanation: refusal.text,
        chineseExplanation: refusal.textZh, attemptCount: attempts, parkTime: time.now()))
    logger.warning(
      "parked", metadata: ["way": "\(way)", "event": "\(origin.eventType)", "reason": "\(refusal.reason)"])
    origin.withheld = true
    return Target.Message(origin: origin, content: nil)
  }

  package func retryParked() async throws -> (delivered: Int, stillParked: Int) {
    var place: (source: String, seq: Int64, parkedID: String)? = (way.source, 0, "")
    var blocked: Set<String> = []
    var delivered = 0
    var still = 0
    while let start = place {
      let page = try await parked.page(target: way.target, after: start, limit: 100).filter { $0.source == way.source }
      for row in page {
        guard !blocked.contains(row.aggregateID) else {
          still += 1
          continue
        }
        if try await gate.pass({ try await deliverParked(row) }) {
          delivered += 1
        } else {
          blocked.insert(row.aggregateID)
          still += 1
        }
      }
      place = page.last.map { ($0.source, $0.seq, $0.parkedID) }
    }
    return (delivered, still)
  }

  /// Whether the target took it this time.
  private func deliverParked(_ row: ParkedMessage) async throws -> Bool {
    var message = try Target.Message(decoding: row.message)
    message.origin?.parked = true
    if let refusal = try await target.receive([message]).refusal {
      try await parked.refusedAgain(
        row, reason: refusal.reason, explanation: refusal.text, chineseExplanation: refusal.textZh)
      return false
    }
    try await parked.delivered(row)
    return true
  }

  /// An event's message in the target's words; `nil`: it is nothing to the target.
  func message(_ event: FeedV1.Event, epoch: String, after seq: Int64) throws -> Target.Message? {
    guard let content = try translations[event.eventType]?.content(event) else { return nil }
    return Target.Message(origin: .init(event, of: way.source, epoch: epoch, after: seq), content: content)
  }

  private func report(_ failure: RelayFailure) async {
    let (state, level): (RelayStanding.State, Logger.Level) =
      switch failure {
      case .sourceDown(let status): (.sourceDown(status.message), .debug)
      case .targetDown(let status): (.targetDown(status.message), .debug)
      case .targetMoved: (.relaying, .info)
      case .alarm(let alarm): (.alarm(alarm), .error)
      }
    let isNew = board[way].state != state
    board.update(way) { $0.state = state }
    if case .alarm = failure, isNew || board[way].divergence == nil {
      let found = try? await divergence()
      board.update(way) { $0.divergence = found }
    }
    if isNew { logger.log(level: level, "relay stands still", metadata: ["way": "\(way)", "why": "\(failure.words)"]) }
  }
}

/// Why a way stopped for a moment.
enum RelayFailure: Error {
  case sourceDown(Status)
  case targetDown(Status)
  /// The target stands elsewhere than it was: started anew, or restored. It is asked again.
  case targetMoved
  case alarm(RelayAlarm)

  /// For the log.
  var words: String {
    switch self {
    case .sourceDown(let status): "the source does not answer: \(status.code.name) \(status.message)"
    case .targetDown(let status): "the target does not answer: \(status.code.name) \(status.message)"
    case .targetMoved: "the target stands elsewhere than it was"
    case .alarm(let alarm): alarm.rawValue
    }
  }
}

extension FeedV1.DeliveryRefusal {
  /// Why a message is here again that the relay's own memory had lost.
  static let recovered = Self(
    index: 0, reason: "RECOVERED", text: "the target was owed this message; the relay's own record of it was gone",
    retriable: true, textZh: "目标应收到这条消息，而传送方自己的记录已丢失")

  /// Why a message waits though nobody has refused it itself.
  static let behindParked = Self(
    index: 0, reason: "BEHIND_PARKED", text: "an earlier message of the same aggregate is parked", retriable: true,
    textZh: "同一对象此前的消息正在滞留")
}

/// How long a way rests before it tries again: soon at first, then every few seconds.
struct RelayPause {
  private var step = 0

  mutating func reset() { step = 0 }

  mutating func next() -> Duration {
    step = min(step + 1, 6)
    return .milliseconds(50 << step)
  }
}

extension RelayWay: CustomStringConvertible {
  /// `dispute → performance-evaluation`
  package var description: String { "\(source) → \(target)" }
}
