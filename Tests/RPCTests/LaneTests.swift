import NIOCore
import Testing

@testable import RPC

/// A call that only remembers its name, until when it is wanted, and how long it may wait.
private final class Visitor: LaneUser {
  let number: Int
  var isWanted = true
  var patience: Duration = .seconds(100)

  init(_ number: Int) { self.number = number }

  func canWait(_ time: Duration) -> Bool { time < patience }
}

/// Visitors of a lane, with time as it is told.
private struct Street {
  var lane = Lane<Visitor>()
  let limit: MethodLimit
  var now = NIODeadline.uptimeNanoseconds(1_000_000_000)
  var next = 0
  var refused = 0
  var longestHint: Duration = .zero
  var waiting = 0

  /// So many come.
  mutating func come(_ count: Int) {
    for _ in 0..<count {
      next += 1
      switch lane.enter(Visitor(next), limit, at: now) {
      case .runs: break
      case .waits: waiting += 1
      case .refused(let hint):
        refused += 1
        longestHint = max(longestHint, hint)
      }
    }
  }

  /// `count` of those that run end at the same moment, `time` after the last time.
  mutating func end(_ count: Int, after time: TimeAmount) {
    now = now + time
    for _ in 0..<min(count, lane.running) { waiting -= lane.leave(limit, at: now).count }
  }
}

@Suite struct LaneTests {
  @Test func `without a flood nothing is known, and as many run as may`() {
    var street = Street(limit: MethodLimit(running: 256, queued: 1_024))
    for _ in 0..<1_000 {
      street.come(20)
      street.end(20, after: .milliseconds(500))
    }
    street.come(256)
    #expect(street.lane.running == 256)
    #expect(street.refused == 0)
  }

  @Test func `a writer that ends sixty at a time is as fast as one that ends them one by one`() throws {
    var together = Pace()
    var singly = Pace()
    var now = NIODeadline.uptimeNanoseconds(1_000_000_000)
    for _ in 0..<100 {
      for number in 1...60 { singly.count(at: now + .microseconds(Int64(number) * 80_000 / 60)) }
      now = now + .milliseconds(80)
      for _ in 1...60 { together.count(at: now) }
    }
    let exact = 80e6 / 60
    #expect(abs(try #require(singly.interval) - exact) < exact * 0.1)
    #expect(abs(try #require(together.interval) - exact) < exact * 0.5)
  }

  /// A commit after a quiet moment: a hundred and sixty at once, and the first of them is not all that ended in all that time.
  @Test func `the first commit of many is counted whole`() {
    var street = Street(limit: MethodLimit(running: 256, queued: 1_024))
    for _ in 0..<20 {
      street.come(166)
      street.end(99, after: .milliseconds(130))
      street.come(99)
      #expect(street.lane.running == 166)
      // All of them end: nothing is known any more.
      street.end(166, after: .milliseconds(130))
    }
    #expect(street.refused == 0 && street.waiting == 0)
  }

  /// A window that ends with the last write of a commit: for as long as the next commit takes nothing ends, and it is no standstill.
  @Test func `between two commits nobody is thought to stand still`() throws {
    var pace = Pace()
    var now = NIODeadline.uptimeNanoseconds(1_000_000_000)
    pace.watch(at: now)
    for _ in 0..<20 {
      now = now + .milliseconds(99)
      for _ in 1...149 { pace.count(at: now) }
      now = now + .milliseconds(2)
      pace.count(at: now)
      for later in [100, 120, 139] { #expect(pace.expected(at: now + .milliseconds(Int64(later))) < 2e6) }
      now = now + .milliseconds(140)
      pace.count(at: now)
      #expect(try #require(pace.interval) < 3e6)
    }
  }

  /// 700 writes a second in commits of 60, four times as many come: what is taken on ends within the time in service and the
  /// longest wait, nearly everything else is refused as it comes, and the writer is never without work.
  @Test func `four times too much is refused as it comes, and the writer has work`() {
    var street = Street(limit: MethodLimit(running: 256, queued: 1_024))
    var idle = 0
    for round in 0..<300 {
      // The flood of 86 ms; then one commit of what runs, 60 at most.
      street.come(240)
      if round > 20 {
        if street.lane.running < 60 { idle += 1 }
        #expect(street.lane.running <= 256)
        // 700 a second: in 450 ms some 315.
        #expect(street.lane.running + street.waiting < 600)
      }
      street.end(60, after: .milliseconds(86))
    }
    #expect(idle == 0)
    #expect(street.refused > 300 * 170)
    #expect(street.longestHint > .milliseconds(100))
  }

  @Test func `calls that are slow by nature, and few, are never refused`() {
    var street = Street(limit: MethodLimit(running: 256, queued: 1_024))
    for _ in 0..<100 {
      street.come(street.limit.alwaysRunning - street.lane.running)
      street.end(1, after: .seconds(3))
    }
    #expect(street.refused == 0)
    #expect(street.waiting == 0)
  }

  @Test func `after a standstill it is soon as before`() {
    var street = Street(limit: MethodLimit(running: 256, queued: 1_024))
    street.come(300)
    street.end(1, after: .seconds(10))
    for _ in 0..<40 { street.end(100, after: .milliseconds(20)) }
    #expect(street.lane.running == 0)
    street.come(256)
    #expect(street.lane.running == 256)
  }

  @Test func `refusals of who works behind do not make it look fast`() {
    var street = Street(limit: MethodLimit(running: 256, queued: 1_024))
    street.come(256)
    for _ in 0..<50 {
      street.come(10)
      for _ in 0..<100 where street.lane.running > 40 {
        _ = street.lane.leave(street.limit, isDone: false, at: street.now)
      }
      street.end(1, after: .milliseconds(10))
    }
    // A hundred a second: twenty in the time in service, so as many as always may.
    street.come(100)
    #expect(street.lane.running <= street.limit.alwaysRunning + 8)
    #expect(street.refused > 0)
  }

  /// Nothing is known yet of a service that has just begun, and nothing ends.
  @Test func `who comes to somebody that stands still is refused, before anything has ended`() {
    var street = Street(limit: MethodLimit(running: 256, queued: 1_024))
    for _ in 0..<20 {
      street.come(100)
      street.now = street.now + .milliseconds(50)
    }
    #expect(street.lane.running == 256)
    #expect(street.waiting <= 300)
    #expect(street.refused >= 1_400)
    // It goes on: what waits is done, and after a while it is as before.
    for _ in 0..<30 { street.end(100, after: .milliseconds(20)) }
    #expect(street.lane.running == 0 && street.waiting == 0)
    street.come(256)
    #expect(street.lane.running == 256)
  }

  @Test func `who has no time to wait is refused, and who is gone takes no place`() {
    let limit = MethodLimit(running: 1, queued: 3)
    var lane = Lane<Visitor>()
    #expect(lane.enter(Visitor(1), limit, at: .uptimeNanoseconds(1)) == .runs)
    let gone = Visitor(2)
    #expect(lane.enter(gone, limit, at: .uptimeNanoseconds(1)) == .waits)
    #expect(lane.enter(Visitor(3), limit, at: .uptimeNanoseconds(1)) == .waits)
    let hasty = Visitor(4)
    hasty.patience = .zero
    guard case .refused = lane.enter(hasty, limit, at: .uptimeNanoseconds(1)) else {
      Issue.record("it waits")
      return
    }
    gone.isWanted = false
    let next = lane.leave(limit, at: .uptimeNanoseconds(1))
    #expect(next.map(\.number) == [2, 3])
    #expect(lane.running == 1)
    #expect(lane.leave(limit, at: .uptimeNanoseconds(2)).isEmpty)
    #expect(lane.running == 0)
  }
}
