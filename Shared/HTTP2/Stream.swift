import CNGHTTP2

/// What a stream tells whoever owns it. Called while the session reads or writes: the owner may give the stream commands, and must
/// not make the session read or write.
package protocol StreamOwner: AnyObject {
  /// A header block has come: the first is the head, a later one the trailers. `isTruncated`: it was larger than we take.
  func received(headers: HeaderBlock, isTruncated: Bool, endStream: Bool)
  /// Some of the body has come. Valid during the call only. Return them to the peer's window by `Stream.consume`.
  func received(data: UnsafeRawBufferPointer)
  /// The peer says that nothing follows.
  func receivedEnd()
  /// What waits to be sent has become less than `Stream.lowWaterMark`.
  func becameWritable()
  /// The stream is over. The last call; both sides done is `noError`.
  func closed(_ code: ErrorCode)
}

/// One HTTP/2 stream: a handle for commands, and what waits to be sent on it. Lives on its session's thread.
package final class Stream {
  /// Bytes waiting above which a writer should pause.
  package static let highWaterMark = 64 << 10
  /// Bytes waiting below which it may go on.
  package static let lowWaterMark = 32 << 10

  /// The stream's number, odd for clients' streams.
  package internal(set) var id: Int32
  /// Who is told of what happens. Set by whoever accepts or opens the stream.
  package var owner: (any StreamOwner)?
  /// Whether it is over: commands have no effect any more.
  package internal(set) var isClosed = false
  /// Whether its head has left (client): a stream whose head never left can be tried elsewhere.
  package internal(set) var isSent = false
  /// Whether the peer has said that nothing follows.
  package internal(set) var isRemoteEnded = false

  unowned(unsafe) let session: Session
  /// Whether bytes came or went since somebody last looked.
  var hasProgressed = false
  private var idleLooks = 0

  // What waits to be sent: `output` from `outputStart` on, then `trailers`.
  private var output: [UInt8] = []
  private var outputStart = 0
  private var trailers = Trailers.none
  private var isFinished = false
  private var isDeferred = false
  private var isOverHighWater = false

  // The session's list of live streams.
  unowned(unsafe) var previous: Stream?
  unowned(unsafe) var next: Stream?

  init(id: Int32, session: Session) {
    self.id = id
    self.session = session
  }

  /// Bytes that wait to be sent.
  package var waitingBytes: Int { output.count - outputStart }

  /// Whether a writer may go on.
  package var isWritable: Bool { waitingBytes <= Stream.highWaterMark }

  /// How many times in a row somebody looked, this time included, and no bytes had come or gone.
  package func looksWithoutProgress() -> Int {
    idleLooks = hasProgressed ? 0 : idleLooks + 1
    hasProgressed = false
    return idleLooks
  }

  /// Answers with a head (server). With `endStream` nothing follows.
  package func respond(_ headers: borrowing HeaderBlock, endStream: Bool = false) {
    guard !isClosed else { return }
    if endStream { isFinished = true }
    session.submitResponse(self, headers, endStream: endStream)
  }

  /// Answers with a head that is always the same (server).
  package func respond(_ headers: FixedHeaders) {
    guard !isClosed else { return }
    session.submitResponse(self, headers.values.baseAddress, headers.values.count, endStream: false)
  }

  /// Puts bytes behind what already waits.
  package func send(_ bytes: [UInt8]) {
    guard waitingBytes == 0, !isClosed, !isFinished else { return bytes.withUnsafeBytes { send($0) } }
    // Nothing waits: the bytes need no copy.
    output = bytes
    outputStart = 0
    session.waitingBytes += bytes.count
    if waitingBytes > Stream.highWaterMark { isOverHighWater = true }
    resume()
  }

  /// Puts bytes behind what already waits.
  package func send(_ bytes: UnsafeRawBufferPointer) {
    guard !isClosed, !isFinished else { return }
    if outputStart == output.count {
      output.removeAll(keepingCapacity: output.capacity <= Stream.highWaterMark)
      outputStart = 0
    } else if outputStart > Stream.highWaterMark {
      // A reader that never quite catches up: what it has read is let go of.
      output.removeFirst(outputStart)
      outputStart = 0
    }
    output.append(contentsOf: bytes)
    session.waitingBytes += bytes.count
    if waitingBytes > Stream.highWaterMark { isOverHighWater = true }
    resume()
  }

  /// Says that nothing follows what waits, but `trailers` if there are any.
  package func finish(trailers: HeaderBlock? = nil) {
    guard !isClosed, !isFinished else { return }
    isFinished = true
    if let trailers { self.trailers = .block(trailers) }
    resume()
  }

  /// Says that nothing follows what waits but these trailers.
  package func finish(trailers: FixedHeaders) {
    guard !isClosed, !isFinished else { return }
    isFinished = true
    self.trailers = .fixed(trailers)
    resume()
  }

  /// Ends the stream at once; what waits is dropped.
  package func reset(_ code: ErrorCode) {
    guard !isClosed else { return }
    session.submitReset(id, code)
  }

  /// Gives the peer `count` bytes of this stream's window back.
  package func consume(_ count: Int) {
    guard !isClosed, count > 0 else { return }
    session.consume(id, count)
  }

  private func resume() {
    guard isDeferred else { return }
    isDeferred = false
    session.resume(id)
  }

  /// nghttp2 asks for up to `room` bytes: copies them, or says that there are none now, or no more at all.
  func read(into target: UnsafeMutablePointer<UInt8>, _ room: Int, _ flags: UnsafeMutablePointer<UInt32>) -> Int {
    let count = min(room, waitingBytes)
    if count > 0 {
      output.withUnsafeBufferPointer { target.update(from: $0.baseAddress! + outputStart, count: count) }
      outputStart += count
      session.waitingBytes -= count
      hasProgressed = true
      // A frame that a tiny window cut short is no answer yet: a peer cannot earn by opening its window a byte at a time.
      if waitingBytes == 0 || count >= 64 { session.answerFrames += 1 }
      if isOverHighWater, waitingBytes < Stream.lowWaterMark {
        isOverHighWater = false
        owner?.becameWritable()
      }
    }
    guard waitingBytes == 0 else { return count }
    if isFinished {
      flags.pointee |= UInt32(NGHTTP2_DATA_FLAG_EOF.rawValue)
      if submitTrailers() {
        flags.pointee |= UInt32(NGHTTP2_DATA_FLAG_NO_END_STREAM.rawValue)
      }
      return count
    }
    if count > 0 { return count }
    isDeferred = true
    return Int(NGHTTP2_ERR_DEFERRED.rawValue)
  }

  private func submitTrailers() -> Bool {
    switch trailers {
    case .none: false
    case .block(let block): session.submitTrailers(id, block)
    case .fixed(let headers): session.submitTrailers(id, headers)
    }
  }

  /// The stream is over: tells the owner, once, and lets go of everything.
  func close(_ code: ErrorCode) {
    guard !isClosed else { return }
    isClosed = true
    session.waitingBytes -= waitingBytes
    output = []
    outputStart = 0
    let owner = owner
    self.owner = nil
    owner?.closed(code)
  }

  private enum Trailers {
    case none
    case block(HeaderBlock)
    case fixed(FixedHeaders)
  }
}
