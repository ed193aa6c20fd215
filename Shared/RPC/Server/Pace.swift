import NIOCore

/// How fast the calls of a lane have been ending of late, while many of them ran: what a call that comes now has to expect.
///
/// Counted over windows, not from one end to the next: one commit ends a hundred writes in the same moment, and then none for a while.
/// And over two of them: where one ends with a commit's last write, the next one begins with nothing for as long as a commit takes.
/// While there is room nothing is known, for then calls end as they come, and how fast more would end has yet to be seen.
struct Pace {
  /// The length of a window: several commits of a slow disk.
  static let window: TimeAmount = .milliseconds(100)
  /// The longest interval that is believed. A service that stood still for a while says nothing of how fast it is when it goes on.
  static let longest: Double = 100e6

  /// From one end to the next, nanoseconds; `nil` while not known.
  private(set) var interval: Double?
  private var begin: NIODeadline?
  /// Whether the window began when many began to run, and nothing has ended since: its first end says when counting can begin, not how
  /// many will have ended with it.
  private var isFirst = false
  private var ended = 0
  /// The window before: its length, nanoseconds, and what ended in it.
  private var previous: (length: Double, ended: Int) = (0, 0)

  /// Many run from now on, if they did not before.
  mutating func watch(at now: NIODeadline) {
    if begin == nil { (begin, isFirst) = (now, true) }
  }

  /// The interval to reckon with at `now`, nanoseconds: also while nothing has ended for long, which nobody has counted yet.
  func expected(at now: NIODeadline) -> Double {
    guard let begin, now - begin >= Self.window else { return interval ?? 0 }
    let length = Double((now - begin).nanoseconds) + previous.length
    return max(interval ?? 0, min(length / Double(ended + previous.ended + 1), Self.longest))
  }

  /// A call has ended, while many ran.
  mutating func count(at now: NIODeadline) {
    guard let begin, !isFirst else {
      (self.begin, isFirst) = (now, false)
      return
    }
    ended += 1
    guard now - begin >= Self.window else { return }
    let length = Double((now - begin).nanoseconds)
    let sample = min((length + previous.length) / Double(ended + previous.ended), Self.longest)
    // That it has become faster is believed sooner: what is refused for nothing is lost, what waits a little longer is not.
    interval = interval.map { sample < $0 ? ($0 + 3 * sample) / 4 : ($0 + sample) / 2 } ?? sample
    self.begin = now
    previous = (min(length, Double(ended) * Self.longest), ended)
    ended = 0
  }

  /// There is room again.
  mutating func forget() { self = Pace() }
}
