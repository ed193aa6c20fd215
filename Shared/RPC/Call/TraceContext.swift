import HTTP2
import Synchronization

/// Where a call stands among all calls that belong together: W3C Trace Context, level 1.
///
/// It travels as `traceparent` and `tracestate`. A call that comes without one begins a trace; a call that is made on behalf of
/// another one belongs to its trace, as a span of its own.
package struct TraceContext: Sendable, Hashable {
  /// The same for all calls of a trace; never zero.
  package let trace: UInt128
  /// This call's own; never zero.
  package let span: UInt64
  /// Whether whoever began the trace wants it recorded.
  package let isSampled: Bool
  /// What tracing systems want passed on, not looked into; empty: nothing.
  package let state: String

  /// The beginning of a trace. It is sampled: what we record of a call, its line in the log, is always written.
  package init() { self.init(trace: UInt128(Identifiers.next(), Identifiers.next()), isSampled: true, state: "") }

  /// This call's place in the trace that its caller's metadata tells of; a new trace where there is none, or what tells of it is
  /// not as it has to be.
  package init(of metadata: Metadata) {
    let parents = metadata.values(Self.parentName)
    guard parents.count == 1, let (trace, isSampled) = Self.read(parents[0]) else {
      self.init()
      return
    }
    let state = metadata.values(Self.stateName).filter { !$0.isEmpty }.joined(separator: ",")
    self.init(trace: trace, isSampled: isSampled, state: state)
  }

  private init(trace: UInt128, isSampled: Bool, state: String) {
    self.trace = trace
    self.span = Identifiers.next()
    self.isSampled = isSampled
    self.state = state
  }

  /// A further call of the same trace.
  package var child: Self { Self(trace: trace, isSampled: isSampled, state: state) }

  /// The trace's id as everybody writes it: 32 digits.
  package var traceText: String {
    Self.text(UInt64(truncatingIfNeeded: trace >> 64)) + Self.text(UInt64(truncatingIfNeeded: trace))
  }

  /// This call's id as everybody writes it: 16 digits.
  package var spanText: String { Self.text(span) }

  static let parentName = "traceparent"
  static let stateName = "tracestate"

  /// Tells whoever is called of this span.
  func append(to block: inout HeaderBlock) {
    block.append("traceparent", "00-\(traceText)-\(spanText)-\(isSampled ? "01" : "00")")
    if !state.isEmpty { block.append("tracestate", state) }
  }

  /// `version "-" trace-id "-" parent-id "-" flags`, all of it lower-case digits of a fixed length. A later version may have more
  /// behind a further dash.
  private static func read(_ text: String) -> (trace: UInt128, isSampled: Bool)? {
    let bytes = Array(text.utf8)
    let dash = UInt8(ascii: "-")
    guard bytes.count >= 55, bytes[2] == dash, bytes[35] == dash, bytes[52] == dash,
      let version = number(bytes[0..<2]), version != 0xff,
      bytes.count == 55 || (version > 0 && bytes[55] == dash),
      let high = number(bytes[3..<19]), let low = number(bytes[19..<35]), high | low != 0,
      let parent = number(bytes[36..<52]), parent != 0, let flags = number(bytes[53..<55])
    else { return nil }
    return (UInt128(high, low), flags & 1 == 1)
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> UInt64? {
    var value: UInt64 = 0
    for digit in digits {
      switch digit {
      case 48...57: value = value << 4 | UInt64(digit - 48)
      case 97...102: value = value << 4 | UInt64(digit - 87)
      default: return nil
      }
    }
    return value
  }

  private static func text(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }

  /// Ids that nobody else has: the system's randomness once, then SplitMix64, which never repeats within 2⁶⁴ and asks nobody.
  private enum Identifiers {
    private static let seed = UInt64.random(in: .min ... .max)
    private static let count = Atomic<UInt64>(0)

    static func next() -> UInt64 {
      var value = seed &+ count.wrappingAdd(0x9e37_79b9_7f4a_7c15, ordering: .relaxed).newValue
      value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
      value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
      value ^= value >> 31
      return value == 0 ? next() : value
    }
  }
}

extension UInt128 {
  fileprivate init(_ high: UInt64, _ low: UInt64) { self = UInt128(high) << 64 | UInt128(low) }
}

private enum TraceKey: ContextKey { typealias Value = TraceContext }

extension ServerContext {
  /// This call's place in its trace, where `TraceInterceptor` has looked.
  package var trace: TraceContext? { self[TraceKey.self] }
}

/// Finds out which trace a call belongs to, or begins one. Calls made with `CallOptions(within:)` go on with it.
package struct TraceInterceptor: ServerInterceptor {
  package init() {}

  package func begin(_ context: inout ServerContext) throws {
    context[TraceKey.self] = TraceContext(of: context.metadata)
    // Whoever passes the metadata on would pass on the caller's span, not ours.
    context.metadata.remove(TraceContext.parentName, TraceContext.stateName)
  }
}
