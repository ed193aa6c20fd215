import DispatchContract
import DisputeContract
package import FeedContract
import GridRegistryContract
import Kernel
package import Logging
import PerformanceEvaluationContract
import ResponsibilityListContract
package import Runtime

/// All ways of the relay: who hears whom, and what (D§2.7). The folder `Translations/` says the same, word by word.
package struct Relay: Sendable {
  package let board: RelayBoard
  package let parked: ParkedMessages
  /// Shut while the services' files are copied.
  package let gate = RelayGate()
  private let runners: [any RelayRunner]
  /// What each service remembers of what it has heard.
  package let hearing: [String: FeedV1.FeedServiceClient]

  package init(backends: Backends, parked: ParkedMessages, time: TimeSource, logger: Logger) {
    let gridRegistry = GridRegistryInbox(backends.gridRegistry)
    let dispute = DisputeInbox(backends.dispute)
    let responsibilityList = ResponsibilityListInbox(backends.responsibilityList)
    let dispatch = DispatchInbox(backends.dispatch)
    let performanceEvaluation = PerformanceEvaluationInbox(backends.performanceEvaluation)
    let board = RelayBoard([])
    let gate = gate

    let hearing = Dictionary(
      backends.all.map { ($0.name, FeedV1.FeedServiceClient($0.systemChannel)) },
      uniquingKeysWith: { first, _ in first })
    self.hearing = hearing

    func route<Target: Inbox>(
      _ source: Backend, _ target: Target, _ translations: [Translation<Target.Message>]
    ) -> any RelayRunner {
      let feed = Feed(name: source.name, client: FeedV1.FeedServiceClient(source.systemChannel))
      return RelayRoute(
        from: feed, to: target, hearing: hearing[target.name], translations, parked: parked, board: board, gate: gate,
        time: time, logger: logger)
    }

    runners = [
      route(
        backends.gridRegistry, dispute, [.organisation, .person, .grid, .gridPath, .calendar, .handover, .gridMember]),
      route(backends.gridRegistry, responsibilityList, [.organisation]),
      route(backends.gridRegistry, dispatch, [.organisation, .calendar]),
      route(backends.gridRegistry, performanceEvaluation, [.organisation, .calendar]),
      route(backends.dispatch, dispute, [.call, .coordinationTask]),
      route(backends.dispute, gridRegistry, [.gridCase]),
      route(backends.dispute, dispatch, [.caseLinked]),
      route(backends.dispute, performanceEvaluation, [.caseFact]),
      route(backends.dispatch, performanceEvaluation, [.callFact]),
    ]
    for runner in runners { board.update(runner.way) { _ in } }
    self.board = board
    self.parked = parked
  }

  /// Runs every way until it is cancelled.
  package func run() async {
    await withDiscardingTaskGroup { group in
      for runner in runners { group.addTask { await runner.run() } }
    }
  }

  /// Everybody who hears somebody, in alphabetical order.
  package var targets: [String] { Set(runners.map(\.way.target)).sorted() }

  /// Everybody who is heard.
  package var sources: Set<String> { Set(runners.map(\.way.source)) }

  /// Lets those who hear `source` (all, or one) go on though it was restored. Those that were under an alarm.
  package func acceptSource(
    _ source: String, target: String
  ) async throws -> [(way: RelayWay, divergence: RelayDivergence)] {
    var accepted: [(way: RelayWay, divergence: RelayDivergence)] = []
    for runner in runners where runner.way.source == source && (target.isEmpty || runner.way.target == target) {
      if let divergence = try await accept(by: runner) { accepted.append((runner.way, divergence)) }
    }
    return accepted
  }

  /// Whoever was restored has just been started anew: it is waited for until its connection is there again.
  private func accept(by runner: any RelayRunner) async throws -> RelayDivergence? {
    let deadline = ContinuousClock.now + Self.patience
    while true {
      let missing: String
      do { return try await runner.acceptSource() } catch RelayFailure.sourceDown {
        missing = runner.way.source
      } catch RelayFailure.targetDown { missing = runner.way.target }
      guard ContinuousClock.now < deadline else {
        throw Refused(.unavailable, .serviceUnavailable.with("service", missing))
      }
      try await Task.sleep(for: .milliseconds(500))
    }
  }

  /// Longer than the longest pause between two attempts to connect.
  private static let patience: Duration = .seconds(20)

  /// Delivers parked messages again: of one target, or of all if it is empty.
  package func retryParked(target: String) async throws -> (delivered: Int, stillParked: Int) {
    var total = (delivered: 0, stillParked: 0)
    for runner in runners where target.isEmpty || runner.way.target == target {
      let result = try await runner.retryParked()
      total.delivered += result.delivered
      total.stillParked += result.stillParked
    }
    return total
  }

  /// Waits until every target has heard everything, and nothing new came of it. Ways whose service does not answer are left out.
  /// `false`: they were still on it after `limit`.
  package func settle(within limit: Duration) async throws -> Bool {
    let deadline = ContinuousClock.now + limit
    var settled: [RelayWay: Int64] = [:]
    while ContinuousClock.now < deadline {
      var heads: [RelayWay: Int64] = [:]
      var isBehind = false
      for runner in runners {
        guard let standing = try? await runner.standing() else { continue }
        heads[runner.way] = standing.head
        if standing.heard < standing.head { isBehind = true }
      }
      // Twice the same: what the last delivery led to has been heard as well.
      if !isBehind, heads == settled { return true }
      settled = isBehind ? [:] : heads
      if isBehind { try await Task.sleep(for: .milliseconds(10)) }
    }
    return false
  }

  /// Lag, parked messages and alarms of every way, for `/metrics`.
  package var gauges: [GaugeReading] {
    board.all.flatMap { way, standing in
      let labels = [("source", way.source), ("target", way.target)]
      var isAlarm = 0.0
      if case .alarm = standing.state { isAlarm = 1 }
      return [
        GaugeReading("huying_relay_lag_events", Double(max(0, standing.headSeq - standing.heardSeq)), labels: labels),
        GaugeReading(
          "huying_relay_parked_messages", Double(parked.count(source: way.source, target: way.target)), labels: labels),
        GaugeReading("huying_relay_alarm", isAlarm, labels: labels),
      ]
    }
  }
}
