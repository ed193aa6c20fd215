import GatewayContract
package import Kernel
import Synchronization

/// One way of the relay: who speaks, who hears.
package struct RelayWay: Hashable, Sendable {
  package let source: String
  package let target: String

  package init(source: String, target: String) {
    self.source = source
    self.target = target
  }
}

/// Why a way stands still until somebody looks: its target has heard something that its source no longer says.
package enum RelayAlarm: String, Sendable {
  /// The source works with another database file than the one that the target has heard.
  case sourceEpochChanged = "SOURCE_EPOCH_CHANGED"
  /// The source's file was put back to an earlier state: what the target heard last is not in it.
  case sourceRewound = "SOURCE_REWOUND"
}

/// How things stand on one way.
package struct RelayStanding: Sendable, Equatable {
  /// Whether messages flow, and if not, who is missing or what is wrong.
  package enum State: Sendable, Equatable {
    case relaying
    case caughtUp
    case sourceDown(String)
    case targetDown(String)
    case alarm(RelayAlarm)
  }

  package var state: State = .relaying
  package var heardSeq: Int64 = 0
  package var headSeq: Int64 = 0
  package var heardAsOf: Timestamp?
  /// With an alarm: where both part, once it was looked for.
  package var divergence: RelayDivergence?
}

/// Where the ways of the relay write how they stand, and where status and metrics read it.
package final class RelayBoard: Sendable {
  private let standings: Mutex<[RelayWay: RelayStanding]>

  package init(_ ways: [RelayWay]) {
    standings = Mutex(Dictionary(uniqueKeysWithValues: ways.map { ($0, RelayStanding()) }))
  }

  package func update(_ way: RelayWay, _ change: (inout RelayStanding) -> Void) {
    standings.withLock { change(&$0[way, default: RelayStanding()]) }
  }

  package subscript(_ way: RelayWay) -> RelayStanding { standings.withLock { $0[way] ?? RelayStanding() } }

  /// All ways in a stable order.
  package var all: [(way: RelayWay, standing: RelayStanding)] {
    standings.withLock { standings in
      standings.sorted { ($0.key.source, $0.key.target) < ($1.key.source, $1.key.target) }
        .map { (way: $0.key, standing: $0.value) }
    }
  }
}
