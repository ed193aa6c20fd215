import CNGHTTP2

/// What a session tells whoever owns the connection. Called while the session reads: the owner must not make it read or write.
package protocol SessionOwner: AnyObject {
  /// A client opened a stream (server). Its head comes next: set the stream's owner.
  func accepted(_ stream: Stream)
  /// The peer's settings came: the connection is up.
  func receivedSettings()
  /// The peer takes no streams above `lastStream` and will close. `debug` is for people, except where gRPC gives it a meaning.
  func receivedGoAway(lastStream: Int32, code: ErrorCode, debug: String)
  /// Our PING came back.
  func receivedPong()
  /// The peer's PING came, and is answered.
  func receivedPing()
}

extension SessionOwner {
  /// Takes no notice.
  package func receivedPing() {}
}

/// HTTP/2 on one connection, without the connection: bytes in, calls out; commands in, bytes out. libnghttp2 inside.
///
/// One thread owns it. `receive` and `drain` are never called from what they call. A peer that breaks the protocol makes `receive`
/// or `drain` throw; then the connection is closed after one last `drain`. A failed nghttp2 call never traps: it ends the stream or
/// the session.
package final class Session {
  /// Which side we are.
  package enum Role: Sendable { case client, server }

  /// Which side we are.
  package let role: Role
  /// Who is told of what happens.
  package weak var owner: (any SessionOwner)?
  /// Streams that are open.
  package private(set) var streamCount = 0

  /// Bytes that wait to be sent on all streams.
  package internal(set) var waitingBytes = 0

  private let handle: OpaquePointer
  private let limits: SessionLimits
  private unowned(unsafe) var firstStream: Stream?
  private var isEnded = false
  private var glitches: GlitchBucket?
  /// HEADERS sent, and DATA that no window cut short: what pays for glitches.
  package internal(set) var answerFrames = 0
  private var paidFrames = 0
  /// Useless frames that came.
  package private(set) var glitchCount = 0
  /// What we told the peer that it did wrong, if that was the end: the error and nghttp2's words.
  package private(set) var complaint: String?
  /// Why the peer is sent away, once it is.
  private var abuse: (code: ErrorCode, text: String)?
  private var numbers = StreamNumbers()
  /// The header block that is coming in: they come in one piece, one after the other.
  private var incoming = IncomingHeaders()
  private var lastStream: Unmanaged<Stream>?

  private struct IncomingHeaders {
    /// Whose it is; 0: nobody's.
    var stream: Int32 = 0
    var block = HeaderBlock()
    var size = 0
    /// How many times larger than we take it is so far.
    var excess = 0
  }

  /// A session whose first bytes (preface, settings) wait to be drained.
  package init(_ role: Role, limits: SessionLimits = SessionLimits()) throws(SessionError) {
    self.role = role
    self.limits = limits
    self.glitches = limits.glitches
    var handle: OpaquePointer?
    let number = Callbacks.makeSession(role, limits, &handle)
    guard number == 0, let handle else { throw SessionError(number: number) }
    self.handle = handle
    nghttp2_session_set_user_data(handle, Unmanaged.passUnretained(self).toOpaque())
    try submitSettings()
  }

  deinit {
    end(.internalError)
    nghttp2_session_del(handle)
  }

  // MARK: - Bytes

  /// Takes bytes off the wire; what they mean is told to the owners meanwhile.
  package func receive(_ bytes: UnsafeRawBufferPointer) throws(SessionError) {
    guard !isEnded, let start = bytes.baseAddress else { return }
    var taken = Int(verdict)
    if taken == 0 {
      taken = nghttp2_session_mem_recv(handle, start.assumingMemoryBound(to: UInt8.self), bytes.count)
    }
    if taken < 0 { throw refused(SessionError(number: Int32(taken))) }
  }

  /// The last word to a peer whose bytes nghttp2 does not go on with. Of most errors it tells the peer itself; of these it does not.
  private func refused(_ error: SessionError) -> SessionError {
    if let abuse {
      goAway(abuse.code, abuse.text)
    } else if error.number == NGHTTP2_ERR_FLOODED.rawValue {
      goAway(.enhanceYourCalm, "unread_acks")
    } else if error.number == NGHTTP2_ERR_TOO_MANY_CONTINUATIONS.rawValue {
      goAway(.enhanceYourCalm, "too_many_continuations")
    } else if error.number == NGHTTP2_ERR_BAD_CLIENT_MAGIC.rawValue {
      goAway(.protocolError, "not HTTP/2")
    }
    return error
  }

  /// Sends the peer away for `reason`: what it has sent is read no further.
  package func dismiss(_ reason: String, _ code: ErrorCode = .enhanceYourCalm) {
    if abuse == nil { abuse = (code, reason) }
  }

  /// What callbacks answer nghttp2: whether to go on.
  var verdict: Int32 { abuse == nil ? 0 : NGHTTP2_ERR_CALLBACK_FAILURE.rawValue }

  /// Whether the peer was sent away because it did too much.
  package var isDismissed: Bool { abuse?.code == .enhanceYourCalm }

  /// Counts what helps nobody.
  func count(_ glitch: Glitch, uselessBytes: Int = 0) {
    if glitch.isUseless { glitchCount += 1 }
    let isBearable = glitches?.take(
      glitch, uselessBytes: uselessBytes, answerFrames: answerFrames - paidFrames, at: .now)
    paidFrames = answerFrames
    if isBearable == false { dismiss("too_many_glitches") }
  }

  /// Whose header block has begun and not ended.
  package var openHeaders: Int32? { incoming.stream == 0 ? nil : incoming.stream }

  /// Goes over the open streams. `body` may reset the stream it is given.
  package func forEachStream(_ body: (Stream) -> Void) {
    var next = firstStream
    while let stream = next {
      next = stream.next
      body(stream)
    }
  }

  /// Gives what is to be written to `write`, a frame at a time, until there is no more or `limit` bytes are passed.
  /// Returns whether there may be more.
  package func drain(limit: Int, _ write: (UnsafeRawBufferPointer) -> Void) throws(SessionError) -> Bool {
    guard !isEnded else { return false }
    var total = 0
    while total < limit {
      var bytes: UnsafePointer<UInt8>?
      let count = nghttp2_session_mem_send(handle, &bytes)
      if count < 0 { throw SessionError(number: Int32(count)) }
      guard count > 0, let bytes else { return false }
      write(UnsafeRawBufferPointer(start: bytes, count: count))
      total += count
    }
    return true
  }

  /// Whether neither side has anything to say any more: the connection can be closed.
  package var isFinished: Bool {
    isEnded || (nghttp2_session_want_read(handle) == 0 && nghttp2_session_want_write(handle) == 0)
  }

  /// The connection is gone: every stream is over.
  package func end(_ code: ErrorCode) {
    isEnded = true
    incoming = IncomingHeaders()
    while let stream = firstStream {
      forget(stream)
      stream.close(code)
      Unmanaged.passUnretained(stream).release()
    }
  }

  // MARK: - Commands

  /// Opens a stream (client). Its bytes leave with the next `drain`.
  package func open(
    _ headers: borrowing HeaderBlock, owner: any StreamOwner
  ) throws(SessionError) -> Stream {
    let stream = Stream(id: 0, session: self)
    stream.owner = owner
    let retained = Unmanaged.passRetained(stream)
    var provider = Callbacks.provider(retained.toOpaque())
    let id = headers.withNameValues { nghttp2_submit_request(handle, nil, $0, $1, &provider, retained.toOpaque()) }
    guard id > 0 else {
      retained.release()
      throw SessionError(number: id)
    }
    stream.id = id
    remember(stream)
    return stream
  }

  /// Whether the peer lets us open one more stream now.
  package var canOpenStream: Bool {
    guard !isEnded, nghttp2_session_check_request_allowed(handle) != 0 else { return false }
    let limit = nghttp2_session_get_remote_settings(handle, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS)
    return streamCount < Int(limit)
  }

  /// The largest header list that may be sent: what the peer says it takes, and what nghttp2 sends at all (a block of 64 KiB).
  package var peerHeaderListBytes: Int {
    min(Int(nghttp2_session_get_remote_settings(handle, NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE)), 60 << 10)
  }

  /// Asks the peer for a sign of life.
  package func ping() { _ = nghttp2_submit_ping(handle, UInt8(NGHTTP2_FLAG_NONE.rawValue), nil) }

  /// First step of a graceful end (server): no new streams, please. Those already on their way are still taken.
  package func announceShutdown() { _ = nghttp2_submit_shutdown_notice(handle) }

  /// Second step: takes no streams above the last one seen.
  package func goAway(_ code: ErrorCode = .noError, _ reason: String = "") {
    let last = nghttp2_session_get_last_proc_stream_id(handle)
    let reason = Array(reason.utf8)
    _ = nghttp2_submit_goaway(
      handle, UInt8(NGHTTP2_FLAG_NONE.rawValue), last, code.rawValue, reason.isEmpty ? nil : reason, reason.count)
  }

  /// Ends at once: GOAWAY, and then nothing more is read or written.
  package func terminate(_ code: ErrorCode) { _ = nghttp2_session_terminate_session(handle, code.rawValue) }

  func submitResponse(_ stream: Stream, _ headers: borrowing HeaderBlock, endStream: Bool) {
    headers.withNameValues { submitResponse(stream, $0, $1, endStream: endStream) }
  }

  func submitResponse(_ stream: Stream, _ fields: UnsafePointer<nghttp2_nv>?, _ count: Int, endStream: Bool) {
    var provider = Callbacks.provider(Unmanaged.passUnretained(stream).toOpaque())
    let number = withUnsafePointer(to: &provider) {
      nghttp2_submit_response(handle, stream.id, fields, count, endStream ? nil : $0)
    }
    if number != 0 { submitReset(stream.id, .internalError) }
  }

  func submitTrailers(_ id: Int32, _ trailers: borrowing HeaderBlock) -> Bool {
    trailers.withNameValues { nghttp2_submit_trailer(handle, id, $0, $1) } == 0
  }

  func submitTrailers(_ id: Int32, _ trailers: FixedHeaders) -> Bool {
    nghttp2_submit_trailer(handle, id, trailers.values.baseAddress, trailers.values.count) == 0
  }

  func submitReset(_ id: Int32, _ code: ErrorCode) {
    _ = nghttp2_submit_rst_stream(handle, UInt8(NGHTTP2_FLAG_NONE.rawValue), id, code.rawValue)
  }

  func resume(_ id: Int32) { _ = nghttp2_session_resume_data(handle, id) }

  func consume(_ id: Int32, _ count: Int) { _ = nghttp2_session_consume_stream(handle, id, count) }

  private func submitSettings() throws(SessionError) {
    var entries = [
      nghttp2_settings_entry(
        settings_id: Int32(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE.rawValue), value: limits.streamWindow),
      nghttp2_settings_entry(
        settings_id: Int32(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE.rawValue), value: limits.maximumHeaderListBytes),
    ]
    switch role {
    case .server:
      entries.append(
        nghttp2_settings_entry(
          settings_id: Int32(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS.rawValue), value: limits.maximumConcurrentStreams))
    case .client:
      entries.append(
        nghttp2_settings_entry(settings_id: Int32(NGHTTP2_SETTINGS_ENABLE_PUSH.rawValue), value: 0))
    }
    var number = nghttp2_submit_settings(handle, UInt8(NGHTTP2_FLAG_NONE.rawValue), entries, entries.count)
    if number == 0 {
      number = nghttp2_session_set_local_window_size(
        handle, UInt8(NGHTTP2_FLAG_NONE.rawValue), 0, limits.connectionWindow)
    }
    if number != 0 { throw SessionError(number: number) }
  }
}

// MARK: - What the callbacks do

extension Session {
  func began(headersOf id: Int32, isRequest: Bool) -> Int32 {
    if isRequest {
      numbers.began(id)
      let stream = Stream(id: id, session: self)
      let retained = Unmanaged.passRetained(stream)
      guard nghttp2_session_set_stream_user_data(handle, id, retained.toOpaque()) == 0 else {
        retained.release()
        return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue
      }
      remember(stream)
      owner?.accepted(stream)
    }
    incoming = IncomingHeaders(stream: find(id) == nil ? 0 : id)
    return 0
  }

  func header(_ id: Int32, _ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
    guard incoming.stream == id else { return }
    incoming.size += name.count + value.count + 32
    if incoming.size > Int(limits.maximumHeaderListBytes) {
      let multiple = incoming.size / Int(limits.maximumHeaderListBytes)
      for _ in incoming.excess..<multiple { count(.oversizedHeaders) }
      incoming.excess = multiple
    } else {
      incoming.block.append(name: name, value: value)
    }
  }

  func headersEnded(_ id: Int32, endStream: Bool) {
    let headers = incoming
    incoming = IncomingHeaders()
    guard let stream = find(id) else { return }
    stream._withUnsafeGuaranteedRef { stream in
      if endStream { stream.isRemoteEnded = true }
      // A block whose begin we did not see is nobody's.
      let block = headers.stream == id ? headers.block : HeaderBlock()
      stream.owner?.received(headers: block, isTruncated: headers.excess > 0, endStream: endStream)
    }
  }

  func data(_ id: Int32, _ bytes: UnsafeRawBufferPointer) {
    _ = nghttp2_session_consume_connection(handle, bytes.count)
    let isTaken = find(id)?._withUnsafeGuaranteedRef { stream in
      guard let owner = stream.owner else { return false }
      stream.hasProgressed = true
      owner.received(data: bytes)
      return true
    }
    if isTaken != true { _ = nghttp2_session_consume_stream(handle, id, bytes.count) }
  }

  /// HEADERS begin. A stream that the peer left out is over: nghttp2 would ignore it, the RFC wants an error.
  func begins(headersOf id: Int32) -> Int32 {
    if numbers.isLeftOut(id) { dismiss("a stream's number is lower than the last", .protocolError) }
    return verdict
  }

  func dataEnded(_ id: Int32) {
    find(id)?._withUnsafeGuaranteedRef { stream in
      stream.isRemoteEnded = true
      stream.owner?.receivedEnd()
    }
  }

  func sent(goAway frame: nghttp2_goaway) {
    guard frame.error_code != ErrorCode.noError.rawValue else { return }
    let words = UnsafeBufferPointer(start: frame.opaque_data, count: frame.opaque_data_len)
    complaint = "\(ErrorCode(rawValue: frame.error_code)) \(String(decoding: words, as: UTF8.self))"
  }

  func sent(headersOf id: Int32) {
    answerFrames += 1
    find(id)?._withUnsafeGuaranteedRef { $0.isSent = true }
  }

  /// Our side of the stream is done. A server that has answered before the client ended tells it to stop.
  func sentEnd(_ id: Int32) {
    guard role == .server, let stream = find(id) else { return }
    if !stream._withUnsafeGuaranteedRef({ $0.isRemoteEnded }) { submitReset(id, .noError) }
  }

  func streamClosed(_ id: Int32, _ code: UInt32) {
    guard let retained = find(id) else { return }
    let stream = retained.takeUnretainedValue()
    guard !stream.isClosed else { return }
    if incoming.stream == id { incoming = IncomingHeaders() }
    forget(stream)
    stream.close(ErrorCode(rawValue: code))
    retained.release()
  }

  /// The stream called `id`. Frames of a stream come together: the one that was looked for last is remembered.
  private func find(_ id: Int32) -> Unmanaged<Stream>? {
    if let lastStream, lastStream._withUnsafeGuaranteedRef({ $0.id == id }) { return lastStream }
    lastStream = nghttp2_session_get_stream_user_data(handle, id).map { Unmanaged.fromOpaque($0) }
    return lastStream
  }

  private func remember(_ stream: Stream) {
    streamCount += 1
    stream.next = firstStream
    firstStream?.previous = stream
    firstStream = stream
  }

  private func forget(_ stream: Stream) {
    lastStream = nil
    streamCount -= 1
    stream.previous?.next = stream.next
    stream.next?.previous = stream.previous
    if firstStream === stream { firstStream = stream.next }
    stream.previous = nil
    stream.next = nil
  }
}

extension SessionError: CustomStringConvertible {
  /// nghttp2's sentence.
  package var description: String { String(cString: nghttp2_strerror(number)) }
}
