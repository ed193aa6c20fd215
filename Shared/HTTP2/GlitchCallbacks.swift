import CNGHTTP2

/// Counts what a peer does for nothing, on the C side: HEADERS and DATA, the frames of calls, cost next to nothing.
enum GlitchCallbacks {
  static func register(_ callbacks: OpaquePointer?) {
    nghttp2_session_callbacks_set_on_begin_frame_callback(callbacks) { _, header, user in
      guard let header = header?.pointee else { return 0 }
      guard let glitch = Glitch(frame: header) else {
        guard UInt32(header.type) == NGHTTP2_HEADERS.rawValue else { return 0 }
        return withSession(user) { $0.begins(headersOf: header.stream_id) }
      }
      return withSession(user) {
        $0.count(glitch, uselessBytes: header.length)
        return $0.verdict
      }
    }
    nghttp2_session_callbacks_set_unpack_extension_callback(callbacks) { _, _, _, _ in
      NGHTTP2_ERR_CANCEL.rawValue  // Ignored, as it must be.
    }
    nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(callbacks) { _, _, number, user in
      guard number == NGHTTP2_ERR_REFUSED_STREAM.rawValue else { return 0 }
      return withSession(user) {
        $0.count(.refusedStream)
        return $0.verdict
      }
    }
  }
}

extension Glitch {
  /// What `header` begins, unless it is part of a call.
  init?(frame header: nghttp2_frame_hd) {
    switch UInt32(header.type) {
    case NGHTTP2_HEADERS.rawValue: return nil
    case NGHTTP2_DATA.rawValue:
      // A padded frame of this size may be padding alone.
      let isEmpty = header.length == 0 || (header.length <= 256 && header.has(NGHTTP2_FLAG_PADDED))
      guard isEmpty, !header.has(NGHTTP2_FLAG_END_STREAM) else { return nil }
      self = .emptyData
    case NGHTTP2_PRIORITY.rawValue: self = .priority
    case NGHTTP2_RST_STREAM.rawValue: self = .reset
    case NGHTTP2_SETTINGS.rawValue: self = .settings
    case NGHTTP2_PING.rawValue: self = .ping
    case NGHTTP2_WINDOW_UPDATE.rawValue: self = .windowUpdate
    case NGHTTP2_CONTINUATION.rawValue: self = .continuation
    default: self = .unknownFrame
    }
  }
}

extension nghttp2_frame_hd {
  fileprivate func has(_ flag: nghttp2_flag) -> Bool { UInt32(flags) & flag.rawValue != 0 }
}
