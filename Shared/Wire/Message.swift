/// A protobuf message as a Swift value, encoded and decoded by protobuf-c through a generated C struct.
///
/// Generated types conform; nobody else does. C structs never leave `Wire` and the contracts.
package protocol Message: Sendable, Equatable {
  /// The message with every field at its default.
  init()

  /// The full proto name: `huying.dispute.v1.Case`.
  static var fullName: String { get }

  /// protobuf-c's description of the C struct.
  static var layout: MessageLayout { get }

  /// Whether messages lie inside messages of this type: only then does decoding look how deep, and whether one comes in pieces.
  static var hasMessages: Bool { get }

  /// Fields that the sender knows and we do not; they are kept and sent on.
  var unknownFields: UnknownFields { get set }

  /// Reads the C struct at `pointer`, which protobuf-c has filled.
  init(cStruct pointer: UnsafeRawPointer) throws(WireError)

  /// Initialises the C struct at `pointer` with this value; what it points to lives in `arena`.
  func fill(cStruct pointer: UnsafeMutableRawPointer, in arena: Arena)
}

/// How many bytes a message may have, and how deep it may nest.
package enum WireLimits {
  /// Largest message we decode. Larger ones are refused before any allocation of that size.
  package static let maximumMessageBytes = 4 << 20
  /// Deepest nesting we decode: protobuf-c recurses once per level and has no limit of its own.
  package static let maximumNesting = 64
  /// Most memory one decode may take in C: two bytes on the wire can become a struct of hundreds.
  package static let maximumArenaBytes = 128 << 20
}
