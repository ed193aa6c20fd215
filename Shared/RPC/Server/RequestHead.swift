import Glibc
import HTTP2

/// What the head of a request says, judged: a call, or the answer that refuses it.
struct RequestHead {
  var metadata: Metadata
  var timeout: Duration?

  /// Longer than anybody waits, and short enough to be counted in nanoseconds.
  static let longestTimeout: Duration = .seconds(365 * 86_400)

  /// Why a head is no call we take.
  enum Rejection: Error, Equatable {
    /// Not gRPC: an HTTP status.
    case http(Int)
    /// gRPC, but not so: a status.
    case status(Status)
  }

  init(_ block: HeaderBlock, isTruncated: Bool) throws(Rejection) {
    guard !isTruncated else { throw .http(431) }
    var isPost = false
    var isGRPC = false
    for index in 0..<block.count {
      if block.isNamed(index, ":method") {
        isPost = block.withValue(index) { $0.elementsEqual("POST".utf8) }
      } else if block.isNamed(index, "content-type") {
        isGRPC = block.withValue(index, Self.isGRPCContentType)
      } else if block.isNamed(index, "grpc-timeout") {
        guard let timeout = block.withValue(index, Timeout.parse) else {
          throw .status(Status(.internal, "the grpc-timeout is malformed"))
        }
        self.timeout = min(timeout, Self.longestTimeout)
      } else if block.isNamed(index, "grpc-encoding"), block.value(index) != "identity" {
        var metadata = Metadata()
        metadata.block.append("grpc-accept-encoding", "identity")
        throw .status(
          Status(.unimplemented, "messages compressed with \(block.value(index)) are not taken", metadata: metadata))
      }
    }
    guard isPost else { throw .http(405) }
    guard isGRPC else { throw .http(415) }
    self.metadata = Metadata(block)
  }

  /// `application/grpc`, in letters of either case, alone or followed by `+proto` or parameters.
  static func isGRPCContentType(_ value: UnsafeRawBufferPointer) -> Bool {
    let name = "application/grpc".utf8
    guard value.count >= name.count,
      zip(value, name).allSatisfy({ $0 == $1 || (0x41...0x5a).contains($0) && $0 | 0x20 == $1 })
    else { return false }
    guard value.count > name.count else { return true }
    return value[name.count] == UInt8(ascii: "+") || value[name.count] == UInt8(ascii: ";")
  }
}

/// Finds the handler of a path without making a string of it.
struct RouteTable: Sendable {
  private var routes: [UInt64: [MethodHandler]] = [:]
  private(set) var count = 0

  init(_ services: [any Service]) {
    for handler in services.flatMap(\.handlers) { add(handler) }
  }

  mutating func add(_ handler: MethodHandler) {
    routes[Self.hash(handler.method.path.utf8), default: []].append(handler)
    count += 1
  }

  func handler(_ path: UnsafeRawBufferPointer) -> MethodHandler? {
    routes[Self.hash(path)]?.first { handler in
      let known = handler.method.path.utf8
      guard known.count == path.count, let start = path.baseAddress else { return false }
      return known.withContiguousStorageIfAvailable { memcmp($0.baseAddress!, start, path.count) == 0 }
        ?? known.elementsEqual(path)
    }
  }

  /// FNV-1a.
  private static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
    bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}
