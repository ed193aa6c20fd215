import RPC
import Testing

@testable import HuyingCLI

@Suite struct BenchTests {
  @Test func `a constant schedule is even`() {
    var schedule = ArrivalSchedule(.constant, rate: 200)
    let times = (0..<5).map { _ in schedule.next() }
    #expect(times == [0, 0.005, 0.01, 0.015, 0.02])
  }

  @Test func `a Poisson schedule has the rate and the spread of independent callers`() {
    var schedule = ArrivalSchedule(.poisson, rate: 1000, seed: 7)
    let times = (0..<100_000).map { _ in schedule.next() }
    let gaps = zip(times.dropFirst(), times).map { $0 - $1 }
    let mean = gaps.reduce(0, +) / Double(gaps.count)
    let variance = gaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(gaps.count)
    #expect(gaps.allSatisfy { $0 >= 0 })
    // The seed is fixed: the bounds are of the arithmetic, not of chance.
    #expect(abs(mean - 0.001) < 0.00002)
    #expect(abs(variance.squareRoot() - mean) < 0.00005)
  }

  @Test func `percentiles are within the three digits that are kept`() {
    var times = TimeDistribution()
    for microseconds in 1...10_000 { times.record(.microseconds(microseconds)) }
    for percent in [50, 90, 99, 99.9, 99.99] {
      let expected = percent * 1e-4
      #expect(abs(times.percentile(percent) - expected) <= expected * 0.002, "\(percent)")
    }
    #expect(times.count == 10_000)
    #expect(abs(times.maximum - 0.01) < 0.00002)
    #expect(times.percentile(99.99) <= times.maximum)
  }

  @Test func `measurements of several connections add up`() {
    var one = Measurement()
    one.latency.record(.milliseconds(1))
    one.succeeded = 1
    one.failures[.notFound] = (2, "no")
    var two = one
    two.add(one)
    #expect(two.latency.count == 2)
    #expect(two.calls == 6)
    #expect(two.failures[.notFound]?.count == 4)
  }

  @Test func `every time is in one of the ranges of the picture`() {
    var times = TimeDistribution()
    for microseconds in [3, 50, 51, 800, 90_000] { times.record(.microseconds(microseconds)) }
    let ranges = BenchReport.ranges(times)
    #expect(ranges.count == 10)
    #expect(ranges.reduce(0) { $0 + times.count(from: $1.lowerBound, to: $1.upperBound) } == 5)
    var same = TimeDistribution()
    same.record(.microseconds(5))
    #expect(BenchReport.ranges(same).reduce(0) { $0 + same.count(from: $1.lowerBound, to: $1.upperBound) } == 1)
  }

  private func plan(rate: Double?, calls: Int? = nil) -> LoadPlan {
    LoadPlan(
      method: .init(service: "a.S", name: "M"), messages: [[]], rate: rate, concurrency: 1, duration: .seconds(3600),
      warmup: .zero, maximumCalls: calls, messagesPerStream: 1, messageRate: nil, callTime: .seconds(1))
  }

  @Test func `calls are handed out in order, each with its own time`() {
    let dispatcher = Dispatcher(plan(rate: 10), start: .now)
    let tickets = (0..<3).compactMap { _ in dispatcher.next() }
    #expect(tickets.map(\.number) == [0, 1, 2])
    #expect(tickets.map(\.due) == [.zero, .seconds(0.1), .seconds(0.2)])
    dispatcher.stop()
    #expect(dispatcher.next() == nil)
  }

  @Test func `what was due and nobody began is counted`() {
    let dispatcher = Dispatcher(plan(rate: 10), start: .now)
    for _ in 0..<4 { _ = dispatcher.next() }
    #expect(dispatcher.backlog(at: .seconds(1)) == 6)
  }

  @Test func `no more calls than asked for`() {
    let dispatcher = Dispatcher(plan(rate: nil, calls: 2), start: .now)
    #expect(dispatcher.next()?.due == nil)
    #expect(dispatcher.next() != nil)
    #expect(dispatcher.next() == nil)
  }
}
