package import Kernel
import Logging

/// Work of a service that is due at instants of business time: rungs of clocks, deadlines that pass by themselves.
///
/// What is due is found in the database, so a timer that was missed while the process was down fires late, in order, at the start.
package protocol Timers: Sendable {
  /// Does what has been due before `now`, in order. Returns how much that was.
  func fire(at now: Timestamp) async throws -> Int
  /// The next instant after which there is something to do; `nil`: there is none.
  func next() async throws -> Timestamp?
  /// How much waits to be done before `instant`, for whoever watches; `nil`: it is not counted.
  func count(before instant: Timestamp) async throws -> Int?
}

extension Timers {
  /// Most timers are looked at, not counted.
  package func count(before instant: Timestamp) async throws -> Int? { nil }

  /// Fires what `due` finds, earliest first and each on its own, until nothing of it is left. One that fails stays due, and must not
  /// keep the others waiting: they have their turn, then the first failure is thrown. Returns how much was done.
  package func fireEach<Item: Hashable>(
    pageSize: Int = 100, due: (_ limit: Int) async throws -> [Item], fire: (Item) async throws -> Int
  ) async throws -> Int {
    var count = 0
    var failed: Set<Item> = []
    var failure: (any Error)?
    while true {
      // What has failed stands at the head of what is due: it takes no room from the others.
      let limit = pageSize + failed.count
      let page = try await due(limit)
      let ready = page.filter { !failed.contains($0) }
      for item in ready {
        do { count += try await fire(item) } catch {
          failed.insert(item)
          failure = failure ?? error
        }
      }
      guard ready.isEmpty || page.count < limit else { continue }
      if let failure { throw failure }
      return count
    }
  }
}

/// All timers of a process.
struct TimerSet: Sendable {
  let timers: [any Timers]
  let logger: Logger
  let board = TimerBoard()

  /// How often real time is looked at: a rung is late by no more than this.
  private static let look: Duration = .seconds(1)

  func fire(at now: Timestamp) async throws -> Int {
    var count = 0
    for timer in timers { count += try await timer.fire(at: now) }
    board.fired(count)
    return count
  }

  func next() async throws -> Timestamp? {
    var next: Timestamp?
    for timer in timers {
      if let instant = try await timer.next() { next = min(next ?? instant, instant) }
    }
    return next
  }

  /// Fires what is due, until it is cancelled. A failure is logged and tried again.
  func run(_ time: TimeSource) async {
    guard !timers.isEmpty else { return }
    var looks = 0
    while !Task.isCancelled {
      await catchUp(at: time.now())
      if looks % Self.looksPerCount == 0 { await count(at: time.now()) }
      looks += 1
      try? await Task.sleep(for: Self.look)
    }
  }

  /// Counting takes longer than looking, and nobody reads it every second.
  private static let looksPerCount = 15

  /// Puts on the board what is due, and what will be within a day.
  func count(at now: Timestamp) async {
    var soon: Int?
    for timer in timers {
      if let count = try? await timer.count(before: now + .days(1)) { soon = (soon ?? 0) + count }
    }
    board.counted(next: try? await next(), dueSoon: soon)
  }

  /// Fires what is due; what was missed while the process was down, too.
  func catchUp(at now: Timestamp) async {
    do { _ = try await fire(at: now) } catch is CancellationError {} catch {
      board.failed()
      logger.error("timers", metadata: ["error": .string("\(error)")])
    }
  }

  /// Moves `time` to `target`, from timer to timer: each fires as soon as its instant has passed.
  func advance(_ time: DrivenTime, to target: Timestamp) async throws -> Int {
    var count = try await fire(at: time.now)
    while let next = try await next(), next < target {
      time.move(to: next + .instant)
      let fired = try await fire(at: time.now)
      // What is due and yet does nothing would be asked for ever.
      if fired == 0, try await self.next() == next { throw TimerFailure(instant: next) }
      count += fired
    }
    time.move(to: target)
    return count
  }
}

/// A timer that is due and does nothing.
struct TimerFailure: Error, CustomStringConvertible {
  let instant: Timestamp

  var description: String { "what is due at \(instant.rfc3339) does not happen" }
}

extension Interval {
  /// The shortest there is: the first instant after another.
  package static let instant = Interval(microseconds: 1)
}
