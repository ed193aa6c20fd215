import Foundation
import RPC
import Synchronization

/// Makes the calls of a plan over several connections.
///
/// A caller lives on the event loop of its connection: it begins, sends and receives without changing threads, and waits on the
/// loop's own timers. Calls that are due while all callers are busy wait, and their waiting counts.
struct LoadGenerator: Sendable {
  /// How long calls that are under way at the end may still take before they are cut off.
  static let grace: Duration = .seconds(2)

  static let processors = ProcessInfo.processInfo.activeProcessorCount

  let plan: LoadPlan
  let channels: [Channel]
  let options: CallOptions

  /// What was seen, and whether a person ended it early.
  struct Outcome: Sendable {
    var measurement: Measurement
    /// From the end of the warm-up.
    var elapsed: Duration
    /// Calls that were due and nobody was free to begin.
    var notStarted: Int
    var isInterrupted: Bool
    /// Seconds of processor time that this program took.
    var processorTime: Double
  }

  /// Runs the plan. `show` is told now and then how far it is.
  func run(
    interruption: Interruption, show: @escaping @Sendable (_ elapsed: Duration, _ calls: Int) -> Void
  ) async -> Outcome {
    let recorders = channels.map { _ in Recorder() }
    let executors = channels.map(\.executor)
    let processorStart = Self.processorTime
    let start = ContinuousClock.now
    let dispatcher = Dispatcher(plan, start: start)
    await withTaskGroup(of: Bool.self) { group in
      for number in 0..<plan.concurrency {
        let connection = number % channels.count
        let caller = Caller(
          plan: plan, channel: channels[connection], options: options, dispatcher: dispatcher,
          recorder: recorders[connection], start: start)
        group.addTask(executorPreference: executors[connection]) {
          await caller.run()
          return true
        }
      }
      group.addTask {
        await watch(dispatcher, recorders, start, interruption, show)
        return false
      }
      var running = plan.concurrency
      for await isCaller in group {
        if isCaller { running -= 1 }
        if running == 0 || !isCaller { group.cancelAll() }
      }
    }
    withExtendedLifetime(executors) {}
    var whole = Measurement()
    for recorder in recorders { whole.add(recorder.result) }
    let end = (interruption.instant ?? .now) - start
    return Outcome(
      measurement: whole, elapsed: elapsed(whole, interruptedAt: interruption.isRaised ? end : nil),
      notStarted: dispatcher.backlog(at: end), isInterrupted: interruption.isRaised,
      processorTime: Self.processorTime - processorStart)
  }

  /// How long the measured part was.
  private func elapsed(_ whole: Measurement, interruptedAt end: Duration?) -> Duration {
    if let end { return max(end - plan.warmup, .zero) }
    if let maximum = plan.maximumCalls, whole.calls + whole.cutOff >= maximum { return whole.lastEnd }
    return max(plan.duration, whole.lastEnd)
  }

  /// Shows how far it is; returns when what is still under way is to be cut off.
  private func watch(
    _ dispatcher: Dispatcher, _ recorders: [Recorder], _ start: ContinuousClock.Instant, _ interruption: Interruption,
    _ show: (Duration, Int) -> Void
  ) async {
    while !Task.isCancelled {
      try? await Task.sleep(for: .milliseconds(100))
      let elapsed = ContinuousClock.now - start
      show(elapsed, recorders.reduce(0) { $0 + $1.result.calls })
      if interruption.isRaised { break }
      if elapsed > plan.total + Self.grace { break }
    }
    dispatcher.stop()
  }

  private static var processorTime: Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
  }
}

/// One of the callers: takes a call, waits until it is due, makes it, takes the next.
private struct Caller: Sendable {
  static let lostPause: Duration = .milliseconds(10)

  let plan: LoadPlan
  let channel: Channel
  let options: CallOptions
  let dispatcher: Dispatcher
  let recorder: Recorder
  let start: ContinuousClock.Instant

  func run() async {
    while !Task.isCancelled, let ticket = dispatcher.next() {
      var isLate = true
      if let due = ticket.due {
        isLate = ContinuousClock.now >= start + due
        await Pause.until(start + due) { dispatcher.isStopped || Task.isCancelled }
      }
      if dispatcher.isStopped { return }
      await make(ticket, isLate: isLate)
    }
  }

  private func make(_ ticket: Dispatcher.Ticket, isLate: Bool) async {
    let begin = ContinuousClock.now
    let due = ticket.due.map { start + $0 } ?? begin
    let stream = StreamTraffic()
    let status = await exchange(ticket.number, stream)
    let end = ContinuousClock.now
    // Nobody is served by a closed loop that turns round and round on a lost connection.
    if ticket.due == nil, status?.code == .unavailable {
      await Pause.until(end + Self.lostPause) { dispatcher.isStopped }
    }
    guard due - start >= plan.warmup else { return }
    recorder.update { measurement in
      stream.add(to: &measurement)
      if let status, status.code == .cancelled, Task.isCancelled || dispatcher.isStopped {
        measurement.cutOff += 1
        return
      }
      measurement.lastEnd = max(measurement.lastEnd, end - start - plan.warmup)
      if !isLate { measurement.lateness.record(begin - due) }
      if let status {
        measurement.failures[status.code, default: (0, status.message)].count += 1
      } else {
        measurement.succeeded += 1
        measurement.latency.record(end - due)
        measurement.serviceTime.record(end - begin)
      }
    }
  }

  /// One call from its begin to its end; `nil`: it succeeded.
  private func exchange(_ number: Int, _ traffic: StreamTraffic) async -> Status? {
    var options = options
    options.deadline = .now + plan.callTime
    let call = channel.call(plan.method, options)
    do throws(Status) {
      guard plan.method.clientStreaming else {
        let message = plan.messages[number % plan.messages.count]
        try await call.send(message)
        traffic.sent(message.count)
        try await call.finishSending()
        while let answer = try await call.next() { traffic.received(answer.count) }
        return nil
      }
      return await streams(call, number, traffic)
    } catch {
      return error
    }
  }

  /// Sends and receives at the same time.
  private func streams(_ call: ClientCall, _ number: Int, _ traffic: StreamTraffic) async -> Status? {
    async let sending: Void = send(call, number, traffic)
    do throws(Status) {
      while let answer = try await call.next() { traffic.received(answer.count) }
      traffic.end()
      await sending
      return nil
    } catch {
      traffic.end()
      await sending
      return error
    }
  }

  private func send(_ call: ClientCall, _ number: Int, _ traffic: StreamTraffic) async {
    let begin = ContinuousClock.now
    for index in 0..<plan.messagesPerStream {
      if let rate = plan.messageRate {
        await Pause.until(begin + .seconds(Double(index) / rate)) {
          dispatcher.isStopped || Task.isCancelled || traffic.isEnded
        }
      }
      let message = plan.messages[(number + index) % plan.messages.count]
      // What is wrong is for the receiver to say.
      guard (try? await call.send(message)) != nil else { return }
      traffic.sent(message.count)
      if dispatcher.isStopped { return call.cancel() }
    }
    try? await call.finishSending()
  }
}

/// What one call sent and received.
private final class StreamTraffic: Sendable {
  private let counts = Mutex((sent: (0, 0), received: (0, 0), isEnded: false))

  func sent(_ bytes: Int) { counts.withLock { $0.sent = ($0.sent.0 + 1, $0.sent.1 + bytes) } }
  func received(_ bytes: Int) { counts.withLock { $0.received = ($0.received.0 + 1, $0.received.1 + bytes) } }
  var isEnded: Bool { counts.withLock { $0.isEnded } }
  func end() { counts.withLock { $0.isEnded = true } }

  func add(to measurement: inout Measurement) {
    let (sent, received, _) = counts.withLock { $0 }
    measurement.sent = (measurement.sent.messages + sent.0, measurement.sent.bytes + sent.1)
    measurement.received = (measurement.received.messages + received.0, measurement.received.bytes + received.1)
  }
}
