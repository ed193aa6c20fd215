import FeedContract
import Kernel
import Logging
import RPC

/// Where a target's memory of a source and the source's own journal part.
package struct RelayDivergence: Sendable, Equatable {
  /// The last event that both know; seq 0: there is none.
  package var commonSeq: Int64
  package var commonEventID: String
  /// How many events the target has heard beyond it, as far as it remembers.
  package var lostCount: Int

  package init(commonSeq: Int64, commonEventID: String, lostCount: Int) {
    self.commonSeq = commonSeq
    self.commonEventID = commonEventID
    self.lostCount = lostCount
  }
}

// When files come back from a backup (docs/decisions/0012): a source that is older than its target, a gateway that has forgotten
// what it keeps.
extension RelayRoute {
  // MARK: A source that was restored

  /// Where both part; `nil` if they do not. Throws `Refused` if it lies further back than the target remembers.
  func divergence() async throws -> RelayDivergence? {
    guard let hearing else { return nil }
    let position = try await position()
    let head = try await head()
    do { try await compare(position, with: head) } catch RelayFailure.alarm(let alarm) {
      let isOther = alarm == .sourceEpochChanged
      var lost = 0
      var before = position.seq + 1
      while true {
        let page = try await hearing.listHeardEvents(
          .init(source: way.source, beforeSeq: before), options: .init(timeout: .seconds(10)))
        if !isOther, let index = try await firstKnown(page.events, head) {
          let common = page.events[index]
          return RelayDivergence(commonSeq: common.seq, commonEventID: common.eventID, lostCount: lost + index)
        }
        lost += page.events.count
        if let last = page.events.last, last.seq > 1 {
          before = last.seq
          continue
        }
        guard isOther || !page.forgetsOlder else { throw Refused(.failedPrecondition, .rewindTooFar) }
        return RelayDivergence(commonSeq: 0, commonEventID: "", lostCount: lost)
      }
    }
    return nil
  }

  /// The first of `events` (newest first) that the source still has. It is a chain: from there on it has all older ones.
  private func firstKnown(_ events: [FeedV1.HeardEvent], _ head: FeedV1.Head) async throws -> Int? {
    guard let oldest = events.last, try await isKnown(oldest, head) else { return nil }
    var (unknown, known) = (-1, events.count - 1)
    while known - unknown > 1 {
      let middle = (known + unknown) / 2
      if try await isKnown(events[middle], head) { known = middle } else { unknown = middle }
    }
    return known
  }

  private func isKnown(_ event: FeedV1.HeardEvent, _ head: FeedV1.Head) async throws -> Bool {
    guard event.seq <= head.seq else { return false }
    let page = try await pull(after: event.seq - 1, limit: 1)
    return page.readToSeq == event.seq && page.readToEventID == event.eventID
  }

  /// Takes the target back to the last common event, and forgets what waits of events that are lost.
  package func acceptSource() async throws -> RelayDivergence? {
    try await gate.pass {
      guard let hearing, let divergence = try await divergence() else { return nil }
      let position = try await position()
      _ = try await hearing.goBack(
        .init(
          source: way.source, expectedEpoch: position.sourceEpoch, expectedSeq: position.seq,
          expectedEventID: position.eventID, commonSeq: divergence.commonSeq, commonEventID: divergence.commonEventID),
        options: .init(timeout: .seconds(30)))
      // What waits here of the events that are lost is lost with them: its source would not say it again.
      try await parked.forget(source: way.source, target: way.target, after: divergence.commonSeq)
      logger.warning(
        "a restored source was accepted",
        metadata: [
          "way": "\(way)", "common_seq": "\(divergence.commonSeq)", "lost_events": "\(divergence.lostCount)",
        ])
      return divergence
    }
  }

  // MARK: A gateway that was restored

  /// Parks again what the target is owed and the gateway's own file does not have: it was restored, or is new.
  func recoverWithheld(epoch: String) async throws {
    guard let hearing else { return }
    var after: Int64 = 0
    while true {
      let owed: [FeedV1.HeardEvent]
      do throws(Status) {
        owed = try await hearing.listWithheldEvents(
          .init(source: way.source, afterSeq: after), options: .init(timeout: .seconds(10))
        ).events
      } catch { throw RelayFailure.targetDown(error) }
      for event in owed where try await !parked.has(source: way.source, target: way.target, eventID: event.eventID) {
        try await recover(event, epoch: epoch)
      }
      guard let last = owed.last else { return }
      after = last.seq
    }
  }

  private func recover(_ owed: FeedV1.HeardEvent, epoch: String) async throws {
    let page = try await pull(after: owed.seq - 1, limit: 1)
    guard page.readToEventID == owed.eventID, let event = page.events.first,
      let message = try message(event, epoch: epoch, after: owed.seq - 1)
    else { return }
    try await gate.pass { _ = try await park(message, .recovered, 0) }
  }
}

extension Reason {
  static let rewindTooFar = Reason(
    "REWIND_TOO_FAR", zh: "来源恢复到的状态过早，已超出接收方的记忆范围；请把接收方也恢复到同一时刻，或清空后重新接收。",
    en:
      "The source was restored to a state older than its target remembers; restore the target to the same moment, or empty it."
  )
}
