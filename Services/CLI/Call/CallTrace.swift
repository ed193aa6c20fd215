import RPC
import Synchronization
import WireTypes

/// What `-v` shows on standard error: what went out, what came back, and when.
final class CallTrace: Sendable {
  private struct State {
    var begin = ContinuousClock.now
    var head: Duration?
    var firstMessage: Duration?
    var sent = (count: 0, bytes: 0)
    var received = (count: 0, bytes: 0)
  }

  private let session: ServerSession
  private let method: MethodType
  private let state = Mutex(State())

  init(_ session: ServerSession, _ method: MethodType) {
    self.session = session
    self.method = method
  }

  func willCall(_ metadata: Metadata) {
    state.withLock { $0.begin = .now }
    Terminal.say("* \(session.endpoint.address), \(session.endpoint.security)")
    Terminal.say("> POST \(method.path)")
    show(metadata, ">")
  }

  func sent(_ bytes: Int) {
    state.withLock { state in
      state.sent.count += 1
      state.sent.bytes += bytes
    }
  }

  func received(head: Metadata) {
    state.withLock { $0.head = ContinuousClock.now - $0.begin }
    Terminal.say(Say.of("< 首部", "< headers"))
    show(head, "<")
  }

  func received(_ bytes: Int) {
    state.withLock { state in
      state.firstMessage = state.firstMessage ?? (ContinuousClock.now - state.begin)
      state.received.count += 1
      state.received.bytes += bytes
    }
  }

  func ended(_ status: Status?, _ trailers: Metadata) {
    let state = state.withLock { $0 }
    let total = ContinuousClock.now - state.begin
    Terminal.say(Say.of("< 尾部", "< trailers"))
    show(trailers, "<")
    Terminal.say(Self.line("状态", "status", status.map { "\($0.code.rawValue) \($0.code.name)" } ?? "0 OK"))
    Terminal.say(Self.line("发出", "sent", Self.text(state.sent)))
    Terminal.say(Self.line("收到", "received", Self.text(state.received)))
    let times = [
      (Say.of("连接", "connect"), session.clock.duration), (Say.of("首部", "headers"), state.head),
      (Say.of("第一条消息", "first message"), state.firstMessage), (Say.of("总计", "total"), total),
    ]
    let shown = times.map { "\($0.0) \($0.1.map { TimeSpan.text($0.inSeconds) } ?? "–")" }
    Terminal.say(Self.line("用时", "time", shown.joined(separator: " · ")))
  }

  private static func line(_ chinese: String, _ english: String, _ text: String) -> String {
    "* \(Terminal.padded(Say.of(chinese, english), to: 8))  \(text)"
  }

  private func show(_ metadata: Metadata, _ mark: String) {
    for (name, value) in metadata.entries { Terminal.say("\(mark)   \(name): \(Self.shown(name, value))") }
  }

  /// Whoever looks over one's shoulder does not learn a token.
  private static func shown(_ name: String, _ value: String) -> String {
    name == "authorization" ? "\(value.prefix { $0 != " " }) …" : value
  }

  private static func text(_ traffic: (count: Int, bytes: Int)) -> String {
    let bytes = ByteCount.text(traffic.bytes)
    return Say.of(
      "\(traffic.count) 条消息，\(bytes)", "\(traffic.count) message\(traffic.count == 1 ? "" : "s"), \(bytes)")
  }
}
