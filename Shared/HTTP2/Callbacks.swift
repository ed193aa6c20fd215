import CNGHTTP2

/// The C side of a session: non-capturing functions that find their `Session` in nghttp2's user data.
enum Callbacks {
  static func makeSession(_ role: Session.Role, _ limits: SessionLimits, _ handle: inout OpaquePointer?) -> Int32 {
    var callbacks: OpaquePointer?
    var option: OpaquePointer?
    defer {
      nghttp2_session_callbacks_del(callbacks)
      nghttp2_option_del(option)
    }
    guard nghttp2_session_callbacks_new(&callbacks) == 0, nghttp2_option_new(&option) == 0 else {
      return NGHTTP2_ERR_NOMEM.rawValue
    }
    register(callbacks)
    nghttp2_option_set_no_auto_window_update(option, 1)
    // A server keeps a trace of its last hundred streams: so a frame that must not follow is told from one that crossed our RST_STREAM.
    nghttp2_option_set_no_closed_streams(option, role == .client ? 1 : 0)
    nghttp2_option_set_max_outbound_ack(option, limits.maximumQueuedAcknowledgements)
    if limits.glitches != nil {
      // The bucket counts resets beside everything else, and lets a busy gateway pass on more of them than nghttp2 would.
      nghttp2_option_set_stream_reset_rate_limit(option, UInt64(UInt32.max), UInt64(UInt32.max))
      for type in UInt8(10)...UInt8.max { nghttp2_option_set_user_recv_extension_type(option, type) }
      GlitchCallbacks.register(callbacks)
    }
    return switch role {
    case .server: nghttp2_session_server_new2(&handle, callbacks, nil, option)
    case .client: nghttp2_session_client_new2(&handle, callbacks, nil, option)
    }
  }

  /// Where nghttp2 fetches the body of `stream` from.
  static func provider(_ stream: UnsafeMutableRawPointer) -> nghttp2_data_provider {
    nghttp2_data_provider(source: nghttp2_data_source(ptr: stream)) { _, _, target, room, flags, source, _ in
      guard let target, let flags, let pointer = source?.pointee.ptr else {
        return Int(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue)
      }
      return Unmanaged<Stream>.fromOpaque(pointer)._withUnsafeGuaranteedRef { $0.read(into: target, room, flags) }
    }
  }

  private static func register(_ callbacks: OpaquePointer?) {
    nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks) { _, frame, user in
      guard let frame = frame?.pointee, frame.isHeaders else { return 0 }
      return withSession(user) { $0.began(headersOf: frame.hd.stream_id, isRequest: frame.isRequest) }
    }
    nghttp2_session_callbacks_set_on_header_callback(callbacks) {
      _, frame, name, nameLength, value, valueLength, _, user in
      guard let id = frame?.pointee.hd.stream_id else { return 0 }
      return withSession(user) {
        $0.header(
          id, UnsafeRawBufferPointer(start: name, count: nameLength),
          UnsafeRawBufferPointer(start: value, count: valueLength))
        return $0.verdict
      }
    }
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks) { _, _, id, bytes, count, user in
      withSession(user) { $0.data(id, UnsafeRawBufferPointer(start: bytes, count: count)) }
      return 0
    }
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks) { _, frame, user in
      guard let frame else { return 0 }
      return withSession(user) {
        $0.received(frame.pointee)
        return $0.verdict
      }
    }
    nghttp2_session_callbacks_set_on_frame_send_callback(callbacks) { _, frame, user in
      guard let frame else { return 0 }
      let header = frame.pointee.hd
      let type = UInt32(header.type)
      guard type == NGHTTP2_HEADERS.rawValue || type == NGHTTP2_DATA.rawValue else {
        if type == NGHTTP2_RST_STREAM.rawValue, ErrorCode(rawValue: frame.pointee.rst_stream.error_code).blamesPeer {
          withSession(user) { $0.count(.provokedReset) }
        }
        if type == NGHTTP2_GOAWAY.rawValue { withSession(user) { $0.sent(goAway: frame.pointee.goaway) } }
        return 0
      }
      withSession(user) {
        if type == NGHTTP2_HEADERS.rawValue { $0.sent(headersOf: header.stream_id) }
        if header.endsStream { $0.sentEnd(header.stream_id) }
      }
      return 0
    }
    // Never fails a connection, whatever it finds (CVE-2023-35945).
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks) { _, id, code, user in
      withSession(user) { $0.streamClosed(id, code) }
      return 0
    }
  }
}

func withSession<R>(_ user: UnsafeMutableRawPointer?, _ body: (Session) -> R) -> R {
  Unmanaged<Session>.fromOpaque(user!)._withUnsafeGuaranteedRef(body)
}

extension Session {
  func received(_ frame: nghttp2_frame) {
    let id = frame.hd.stream_id
    switch UInt32(frame.hd.type) {
    case NGHTTP2_HEADERS.rawValue:
      headersEnded(id, endStream: frame.hd.endsStream)
    case NGHTTP2_DATA.rawValue:
      if frame.hd.endsStream { dataEnded(id) }
    case NGHTTP2_SETTINGS.rawValue:
      if !frame.hd.isAcknowledgement { owner?.receivedSettings() }
    case NGHTTP2_PING.rawValue:
      if frame.hd.isAcknowledgement { owner?.receivedPong() } else { owner?.receivedPing() }
    case NGHTTP2_GOAWAY.rawValue:
      let debug = UnsafeBufferPointer(start: frame.goaway.opaque_data, count: min(frame.goaway.opaque_data_len, 200))
      owner?.receivedGoAway(
        lastStream: frame.goaway.last_stream_id, code: ErrorCode(rawValue: frame.goaway.error_code),
        debug: String(decoding: debug, as: UTF8.self))
    default: break
    }
  }
}

extension nghttp2_frame {
  fileprivate var isHeaders: Bool { UInt32(hd.type) == NGHTTP2_HEADERS.rawValue }
  fileprivate var isRequest: Bool { isHeaders && headers.cat == NGHTTP2_HCAT_REQUEST }
}

extension nghttp2_frame_hd {
  fileprivate var endsStream: Bool { UInt32(flags) & NGHTTP2_FLAG_END_STREAM.rawValue != 0 }
  fileprivate var isAcknowledgement: Bool { UInt32(flags) & NGHTTP2_FLAG_ACK.rawValue != 0 }
}

extension HeaderBlock {
  /// The block as nghttp2 takes it; it copies what it keeps.
  borrowing func withNameValues<R>(_ body: (UnsafePointer<nghttp2_nv>?, Int) -> R) -> R {
    withUnsafeTemporaryAllocation(of: nghttp2_nv.self, capacity: count) { values in
      forEach { index, name, value in
        values.initializeElement(
          at: index,
          to: nghttp2_nv(
            name: UnsafeMutablePointer(mutating: name.assumingMemoryBound(to: UInt8.self).baseAddress),
            value: UnsafeMutablePointer(mutating: value.assumingMemoryBound(to: UInt8.self).baseAddress),
            namelen: name.count, valuelen: value.count, flags: UInt8(NGHTTP2_NV_FLAG_NONE.rawValue)))
      }
      // nghttp2 copies what it keeps; the bytes live as long as the block.
      return body(values.baseAddress, values.count)
    }
  }
}
