import Synchronization

/// What servers and channels count, as channelz does: connections, calls, traffic.
package enum Count: Int, CaseIterable, Sendable {
  /// Connections that came to be: accepted, or made and spoken on.
  case connections
  /// Not taken: the process has as many as it may.
  case refusedTotal
  /// Not taken: that address has as many as it may.
  case refusedAddress
  /// Closed by the other side, or lost.
  case closedByPeer
  /// Closed by us: nothing was asked for long enough.
  case closedIdle
  /// Closed by us: old enough for the load to be spread anew.
  case closedAge
  /// Closed by us: the peer did too much that is allowed but of no use.
  case closedGlitches
  /// Closed by us: the peer did not speak in time.
  case closedHandshake
  /// Closed by us: a keepalive was not answered.
  case closedKeepalive
  /// Closed by us: we are leaving.
  case closedDrain
  /// Closed by us: the peer broke HTTP/2.
  case closedProtocol
  /// TLS handshakes that failed.
  case tlsFailures
  /// Useless frames, whatever came of them.
  case glitches
  /// Keepalive pings that we sent.
  case keepalives
  /// Attempts to connect.
  case connectAttempts
  /// Attempts to connect that failed.
  case connectFailures
  /// Calls that began.
  case callsStarted
  /// Calls that ended with OK.
  case callsSucceeded
  /// Calls that ended with anything else.
  case callsFailed
  /// Calls made again, by gRPC itself or by a retry policy.
  case retries
  /// Messages that came in.
  case messagesReceived
  /// Messages that went out.
  case messagesSent
  /// Bytes that came off the sockets.
  case bytesReceived
  /// Bytes that went to the sockets.
  case bytesSent
}

/// The counts of one event loop: its loop alone writes, anybody reads. A count costs a load and a store.
///
/// `@unchecked`: the memory is atomics, made once and freed with the tally.
final class Tally: @unchecked Sendable {
  private let counts: UnsafeMutablePointer<Atomic<Int>>

  init() {
    counts = .allocate(capacity: Count.allCases.count)
    for index in Count.allCases.indices { (counts + index).initialize(to: Atomic(0)) }
  }

  deinit {
    counts.deinitialize(count: Count.allCases.count)
    counts.deallocate()
  }

  /// Adds to a count. On the loop only.
  func add(_ count: Count, _ amount: Int = 1) {
    let place = counts + count.rawValue
    place.pointee.store(place.pointee.load(ordering: .relaxed) &+ amount, ordering: .relaxed)
  }

  func value(_ count: Count) -> Int { counts[count.rawValue].load(ordering: .relaxed) }
}

/// A look at the counts of a server or a channel, all its event loops together, since it was made.
package struct Statistics: Sendable {
  private let counts: [Int]

  init(_ tallies: some Collection<Tally>) {
    counts = Count.allCases.map { count in tallies.reduce(0) { $0 + $1.value(count) } }
  }

  /// How often it happened, or how much there was.
  package subscript(_ count: Count) -> Int { counts[count.rawValue] }
}
