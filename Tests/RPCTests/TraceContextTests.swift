import HTTP2
import Testing
import WireTypes

@testable import RPC

@Suite(.timeLimit(.minutes(1))) struct TraceContextTests {
  static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
  static let good = "00-\(trace)-00f067aa0ba902b7-01"

  static func read(_ parents: String..., state: [String] = []) -> TraceContext {
    var metadata = Metadata()
    for parent in parents { metadata.append("traceparent", parent) }
    for value in state { metadata.append("tracestate", value) }
    return TraceContext(of: metadata)
  }

  static func sent(_ context: TraceContext) -> HeaderBlock {
    var block = HeaderBlock()
    context.append(to: &block)
    return block
  }

  @Test func `a call belongs to its caller's trace, as a span of its own`() {
    let context = Self.read(Self.good, state: ["a=1, b=2", "c=3"])
    #expect(context.traceText == Self.trace)
    #expect(context.spanText != "00f067aa0ba902b7")
    #expect(context.isSampled)
    #expect(context.state == "a=1, b=2,c=3")
    let child = context.child
    #expect(child.trace == context.trace)
    #expect(child.span != context.span)
    let block = Self.sent(child)
    #expect(block["traceparent"] == "00-\(Self.trace)-\(child.spanText)-01")
    #expect(block["tracestate"] == "a=1, b=2,c=3")
  }

  @Test(arguments: [("00", false), ("01", true), ("02", false), ("03", true), ("ff", true)])
  func `the sampled flag is kept, others are not ours`(flags: String, isSampled: Bool) {
    let context = Self.read("00-\(Self.trace)-00f067aa0ba902b7-\(flags)")
    #expect(context.traceText == Self.trace)
    #expect(context.isSampled == isSampled)
    #expect(Self.sent(context)["traceparent"]?.hasSuffix(isSampled ? "-01" : "-00") == true)
  }

  @Test(arguments: ["01-\(trace)-00f067aa0ba902b7-01", "cc-\(trace)-00f067aa0ba902b7-01-what the future brings"])
  func `a later version is read as far as it is known`(parent: String) {
    #expect(Self.read(parent).traceText == Self.trace)
  }

  @Test(arguments: [
    "", "00", "00-\(trace)-00f067aa0ba902b7", "00-\(trace)-00f067aa0ba902b7-01-more",
    "00-\(trace)-00f067aa0ba902b7-1", "ff-\(trace)-00f067aa0ba902b7-01", "00-\(trace.uppercased())-00f067aa0ba902b7-01",
    "00-00000000000000000000000000000000-00f067aa0ba902b7-01", "00-\(trace)-0000000000000000-01",
    "00_\(trace)_00f067aa0ba902b7_01", "0x-\(trace)-00f067aa0ba902b7-01", "01-\(trace)-00f067aa0ba902b7-01more",
    "00-\(trace)-00f067aa0ba902g7-01", "00-\(trace)-00f067aa0ba902b7-+1",
  ]) func `what is not as it has to be begins a new trace, without its state`(parent: String) {
    let context = Self.read(parent, state: ["a=1"])
    #expect(context.traceText != Self.trace)
    #expect(context.trace != 0)
    #expect(context.state == "")
  }

  @Test func `two parents are none, and no two ids are alike`() {
    #expect(Self.read(Self.good, Self.good).traceText != Self.trace)
    let contexts = (0..<10_000).map { _ in TraceContext() }
    #expect(Set(contexts.map(\.trace)).count == 10_000)
    #expect(Set(contexts.map(\.span)).count == 10_000)
    #expect(contexts.allSatisfy { $0.traceText.utf8.count == 32 && $0.spanText.utf8.count == 16 })
  }

  /// Answers with what its own outgoing call would say.
  struct TellingService: Service {
    static let method = MethodDescriptor(service: "test.Trace", name: "Tell")
    let onward: Channel?

    var handlers: [MethodHandler] {
      [
        .unary(Self.method) { (request: Text, context) in
          let mine = "\(context.trace?.traceText ?? "none") \(context.trace?.spanText ?? "none")"
          #expect(context.metadata["traceparent"] == nil)
          guard let onward else { return Text(value: mine + " " + (context.trace?.state ?? "")) }
          let answer: Text = try await onward.unary(Self.method, request, CallOptions(within: context))
          return Text(value: mine + " | " + answer.value)
        }
      ]
    }
  }

  @Test func `a trace goes through a chain of services`() async throws {
    func server(_ onward: Channel?) async throws -> (Server, Channel) {
      let server = Server(
        ServerConfiguration(.tcp(host: "127.0.0.1", port: 0)), services: [TellingService(onward: onward)],
        interceptors: [TraceInterceptor()])
      try await server.start()
      return (server, Channel(target: "127.0.0.1:\(server.port)"))
    }
    let back = try await server(nil)
    let front = try await server(back.1)
    let metadata = Metadata(["traceparent": Self.good, "tracestate": "x=y"])
    let answer: Text = try await front.1.unary(TellingService.method, Text(value: ""), CallOptions(metadata: metadata))
    let words = answer.value.split(separator: " ")
    #expect(words.count == 6)
    #expect(words[0] == Self.trace)
    #expect(words[3] == Self.trace)
    #expect(words[1] != words[4])
    #expect(words[5] == "x=y")
    let own: Text = try await front.1.unary(TellingService.method, Text(value: ""))
    let made = own.value.split(separator: " ")
    #expect(made[0] == made[3])
    #expect(made[0] != Self.trace)
    for (server, channel) in [front, back] {
      await channel.close()
      await server.drain()
    }
  }
}
