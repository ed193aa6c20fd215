import Glibc
import HTTP2

/// What the head of a request says, judged: a call, or the answer that refuses it.
struct RequestHead {
  /// Where in the block the path stands.
  var path: Int?
  var timeout: Duration?
  var encoding = MessageEncoding.identity

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
    try block.forEach { (index, name, value) throws(Rejection) in
      // By length first: most names are none of ours, and need not be compared.
      switch name.count {
      case 5: if name.equals(":path") { path = index }
      case 7: if name.equals(":method") { isPost = value.equals("POST") }
      case 12:
        if name.equals("content-type") {
          isGRPC = Self.isGRPCContentType(value)
        } else if name.equals("grpc-timeout") {
          guard let timeout = Timeout.parse(value) else {
            throw .status(Status(.internal, "the grpc-timeout is malformed"))
          }
          self.timeout = min(timeout, Self.longestTimeout)
        }
      case 13: if name.equals("grpc-encoding") { encoding = try Self.encoding(value) }
      default: break
      }
    }
    guard isPost else { throw .http(405) }
    guard isGRPC else { throw .http(415) }
  }

  private static func encoding(_ value: UnsafeRawBufferPointer) throws(Rejection) -> MessageEncoding {
    let encoding = MessageEncoding(named: String(decoding: value, as: UTF8.self))
    guard case .unknown(let name) = encoding else { return encoding }
    var metadata = Metadata()
    metadata.block.append("grpc-accept-encoding", Compression.accepted)
    throw .status(Status(.unimplemented, "messages compressed with \(name) are not taken", metadata: metadata))
  }

  /// `application/grpc`, in letters of either case, alone or followed by `+proto` or parameters.
  static func isGRPCContentType(_ value: UnsafeRawBufferPointer) -> Bool {
    if value.equals("application/grpc") { return true }
    let name = "application/grpc".utf8
    guard value.count >= name.count,
      zip(value, name).allSatisfy({ $0 == $1 || (0x41...0x5a).contains($0) && $0 | 0x20 == $1 })
    else { return false }
    guard value.count > name.count else { return true }
    return value[name.count] == UInt8(ascii: "+") || value[name.count] == UInt8(ascii: ";")
  }
}

extension UnsafeRawBufferPointer {
  /// Whether these are the bytes of `text`.
  @inline(__always)
  func equals(_ text: StaticString) -> Bool {
    count == text.utf8CodeUnitCount && (count == 0 || memcmp(baseAddress!, text.utf8Start, count) == 0)
  }
}
