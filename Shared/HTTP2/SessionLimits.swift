/// What a session grants its peer. Every number has its reason beside it.
package struct SessionLimits: Sendable {
  /// Streams the peer may have open at once: enough for a busy caller, few enough that one cannot take the house.
  package var maximumConcurrentStreams: UInt32 = 100
  /// Bytes the peer may send on one stream before the handler has read: the memory that one stalled stream costs.
  package var streamWindow: UInt32 = 256 << 10
  /// Bytes the peer may send on all streams together. Bytes count here only until they are read off the socket, so that one
  /// stalled stream never stops the others.
  package var connectionWindow: Int32 = 16 << 20
  /// Largest header list we keep; gRPC's usual limit is 8 KiB, a token may be large.
  package var maximumHeaderListBytes: UInt32 = 16 << 10
  /// Acknowledgements a peer may leave unread before we drop it: one that never reads costs us memory.
  package var maximumQueuedAcknowledgements = 1_000
  /// What a peer may do that helps nobody; `nil`: anything. A server counts, because anybody may connect to it.
  package var glitches: GlitchBucket?

  /// The usual limits.
  package init() {}
}

/// The error codes of RFC 9113 §7 that we send or look at; others travel as their number.
package struct ErrorCode: RawRepresentable, Hashable, Sendable {
  package var rawValue: UInt32

  package init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Whether a RST_STREAM that we send says that the peer did wrong.
  var blamesPeer: Bool { ![.noError, .internalError, .refusedStream, .cancel].contains(self) }

  /// Nothing is wrong.
  package static let noError = Self(rawValue: 0)
  /// The peer broke the protocol.
  package static let protocolError = Self(rawValue: 1)
  /// We broke.
  package static let internalError = Self(rawValue: 2)
  /// The peer sent more than it was granted.
  package static let flowControlError = Self(rawValue: 3)
  /// A frame for a stream that is over.
  package static let streamClosed = Self(rawValue: 5)
  /// A frame of a size that its type cannot have, or that we do not take.
  package static let frameSizeError = Self(rawValue: 6)
  /// Not processed at all: safe to send again.
  package static let refusedStream = Self(rawValue: 7)
  /// Nobody waits for it any more.
  package static let cancel = Self(rawValue: 8)
  /// A header block that cannot be unpacked.
  package static let compressionError = Self(rawValue: 9)
  /// Too much of something.
  package static let enhanceYourCalm = Self(rawValue: 11)
  /// TLS that is not good enough.
  package static let inadequateSecurity = Self(rawValue: 12)
}

extension ErrorCode: CustomStringConvertible {
  private static let names = [
    "NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED",
    "FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM",
    "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED",
  ]

  /// The RFC's name, or the number of one that it does not name.
  package var description: String { rawValue < Self.names.count ? Self.names[Int(rawValue)] : "\(rawValue)" }
}

/// Why a session cannot go on: nghttp2's number and sentence.
package struct SessionError: Error, Hashable, Sendable {
  /// nghttp2's error, negative.
  package let number: Int32

  package init(number: Int32) { self.number = number }
}
