import HTTP2
import NIOCore
import Synchronization

/// One exchange of a client, on its channel's event loop.
///
/// ```
/// placed ──connection──▶ attached ──head──▶ committed ──trailers──▶ settled
///    ▲                      │ REFUSED_STREAM, or the head never left
///    └──────────────────────┘       cancel, deadline, connection lost: settled, from anywhere
/// ```
/// Until the answer begins, what was sent is kept (up to `maximumReplayBytes`), so that a call that the server never took can be
/// made again without anybody noticing. `@unchecked`: all but `trailing` is touched on the loop only.
final class ClientExchange: @unchecked Sendable {
  /// What is kept of a request for a second attempt.
  static let maximumReplayBytes = 64 << 10
  /// How often a refused call is made again.
  static let maximumAttempts = 5
  /// Half of the pause before a call that was refused once is made again; it doubles with every refusal.
  static let refusalPause: TimeAmount = .milliseconds(2)

  typealias Reader = UnsafeContinuation<Result<[UInt8]?, Status>, Never>
  typealias Waiter = UnsafeContinuation<Result<Void, Status>, Never>

  let method: MethodDescriptor
  let options: CallOptions
  let way: ChannelLoop
  let eventLoop: any EventLoop
  private let begin = ContinuousClock.now
  private let trailing = Mutex(Metadata())

  private var connection: ClientConnection?
  private var stream: HTTP2.Stream?
  private var attempts = 0
  private var deadlineTimer: Scheduled<Void>?

  private var outbox: [[UInt8]] = []
  private var outboxBytes = 0
  private var isCommitted = false
  private var isSendingFinished = false

  private var assembler: MessageAssembler
  private var inbox = Inbox()
  private var head: Metadata?
  private var readers: [Reader] = []
  private var writers: [Waiter] = []
  private var headWaiters: [Waiter] = []
  private var received = ExchangeEnd.Traffic()
  private var sent = ExchangeEnd.Traffic()
  private var settled: Status??

  init(_ method: MethodDescriptor, _ options: CallOptions, _ way: ChannelLoop) {
    self.method = method
    self.options = options
    self.way = way
    self.eventLoop = way.eventLoop
    self.assembler = MessageAssembler(limit: way.configuration.maximumMessageBytes)
  }

  var isWaitingForReady: Bool { options.waitForReady }
  var trailingMetadata: Metadata { trailing.withLock { $0 } }

  // MARK: - What callers do

  /// Begins the call; with `message`, that is all it sends.
  func start(_ message: [UInt8]?) {
    eventLoop.run {
      self.way.tally.add(.callsStarted)
      if let message {
        self.put(message)
        self.isSendingFinished = true
      }
      if let deadline = self.options.deadline {
        let rest = min(ContinuousClock.now.duration(to: deadline), RequestHead.longestTimeout)
        guard rest > .zero else { return self.fail(Status(.deadlineExceeded, "the deadline has passed")) }
        self.deadlineTimer = self.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(rest)) {
          self.fail(Status(.deadlineExceeded, "the deadline passed"))
        }
      }
      self.way.place(self)
    }
  }

  func next() async -> Result<[UInt8]?, Status> {
    if eventLoop.inEventLoop, let result = take() { return result }
    return await withTaskCancellationHandler {
      await withUnsafeContinuation { continuation in
        eventLoop.run {
          self.readers.append(continuation)
          self.wakeReaders()
        }
      }
    } onCancel: {
      cancel()
    }
  }

  func send(_ framed: [UInt8]) async -> Result<Void, Status> {
    if eventLoop.inEventLoop {
      if let status = failure { return .failure(status) }
      put(framed)
      if isWritable { return .success(()) }
    }
    let isPut = eventLoop.inEventLoop
    return await withTaskCancellationHandler {
      await withUnsafeContinuation { continuation in
        eventLoop.run {
          if let status = self.failure { return continuation.resume(returning: .failure(status)) }
          if !isPut { self.put(framed) }
          if self.isWritable { continuation.resume(returning: .success(())) } else { self.writers.append(continuation) }
        }
      }
    } onCancel: {
      cancel()
    }
  }

  func initialMetadata() async -> Result<Metadata, Status> {
    let result: Result<Void, Status> = await withTaskCancellationHandler {
      await withUnsafeContinuation { continuation in
        eventLoop.run {
          if let status = self.failure, self.head == nil { return continuation.resume(returning: .failure(status)) }
          if self.head != nil || self.settled != nil { return continuation.resume(returning: .success(())) }
          self.headWaiters.append(continuation)
        }
      }
    } onCancel: {
      cancel()
    }
    return await withUnsafeContinuation { continuation in
      eventLoop.run { continuation.resume(returning: result.map { self.head ?? Metadata() }) }
    }
  }

  func finishSending() {
    eventLoop.run {
      guard !self.isSendingFinished else { return }
      self.isSendingFinished = true
      self.stream?.finish()
      self.connection?.handler.setNeedsDrain()
    }
  }

  func cancel() { eventLoop.run { self.fail(Status(.cancelled, "the caller gave the call up")) } }

  // MARK: - On the loop

  private var failure: Status? { settled ?? nil }
  private var isWritable: Bool {
    settled != nil || (stream.map(\.isWritable) ?? (outboxBytes <= HTTP2.Stream.highWaterMark))
  }

  private func put(_ framed: [UInt8]) {
    guard settled == nil, !isSendingFinished else { return }
    sent.count(framed.count - MessagePrefix.length)
    if !isCommitted {
      outbox.append(framed)
      outboxBytes += framed.count
    }
    if let stream {
      stream.send(framed)
      connection?.handler.setNeedsDrain()
      commitIfLarge()
    }
  }

  private func commitIfLarge() { if outboxBytes > Self.maximumReplayBytes { commit() } }

  private func commit() {
    isCommitted = true
    outbox = []
    outboxBytes = 0
  }

  /// A connection has room: the call leaves.
  func attach(_ connection: ClientConnection) {
    guard settled == nil else { return }
    attempts += 1
    let head = requestHead
    let room = connection.handler.session.peerHeaderListBytes
    guard head.listSize <= room else { return fail(ReplyBlocks.tooLarge("request's", room)) }
    do throws(SessionError) {
      let stream = try connection.open(head, self)
      self.stream = stream
      self.connection = connection
      for message in outbox { stream.send(message) }
      commitIfLarge()
      if isSendingFinished { stream.finish() }
      connection.handler.setNeedsDrain()
      if stream.isWritable { wakeWriters(.success(())) }
    } catch {
      fail(Status(.unavailable, "the call cannot leave: \(error)"))
    }
  }

  private var requestHead: HeaderBlock {
    var block = HeaderBlock([":method": "POST", ":scheme": "http"])
    block.append(":path", method.path)
    block.append(":authority", way.target.authority)
    block.append("te", "trailers")
    block.append("content-type", "application/grpc")
    if options.metadata["user-agent"] == nil { block.append("user-agent", "huying-swift/1") }
    if let deadline = options.deadline {
      block.append("grpc-timeout", Timeout.text(ContinuousClock.now.duration(to: deadline)))
    }
    block.append(options.metadata.shown)
    return block
  }

  private func take() -> Result<[UInt8]?, Status>? {
    switch inbox.take() {
    case .message(let message, let release):
      if release > 0 {
        stream?.consume(release)
        connection?.handler.setNeedsDrain()
      }
      return .success(message)
    case .end: return .success(nil)
    case .failed(let error): return .failure(Status(error))
    case .nothing: return nil
    }
  }

  private func wakeReaders() {
    while let reader = readers.first, let result = take() {
      readers.removeFirst()
      reader.resume(returning: result)
    }
  }

  private func wakeWriters(_ result: Result<Void, Status>) {
    let waiters = writers
    writers = []
    for waiter in waiters { waiter.resume(returning: result) }
  }

  // MARK: - End

  /// Ends the call from here: what has come and was not read is dropped, the server is told to stop.
  func fail(_ status: Status) {
    guard settled == nil else { return }
    if stream == nil { way.forget(self) }
    settle(status, isAbrupt: true)
  }

  private func settle(_ status: Status?, isAbrupt: Bool) {
    settled = .some(status)
    way.tally.add(status == nil ? .callsSucceeded : .callsFailed)
    if received.messages > 0 { way.tally.add(.messagesReceived, received.messages) }
    if sent.messages > 0 { way.tally.add(.messagesSent, sent.messages) }
    deadlineTimer?.cancel()
    deadlineTimer = nil
    commit()
    if let status { inbox.fail(status, now: isAbrupt) } else { inbox.complete() }
    // Reported before anybody wakes, so that an interceptor has seen what its caller sees.
    report(status)
    wakeReaders()
    wakeWriters(status.map { .failure($0) } ?? .success(()))
    for waiter in headWaiters { waiter.resume(returning: status.map { .failure($0) } ?? .success(())) }
    headWaiters = []
    if let stream, !stream.isClosed, isAbrupt || !isSendingFinished || !stream.isRemoteEnded {
      stream.reset(.cancel)
      connection?.handler.setNeedsDrain()
    }
  }

  private func report(_ status: Status?) {
    let interceptors = way.configuration.interceptors
    guard !interceptors.isEmpty else { return }
    let end = ExchangeEnd(status: status, duration: begin.duration(to: .now), received: received, sent: sent)
    for interceptor in interceptors.reversed() { interceptor.end(method, end) }
  }
}

// MARK: - What the stream tells

extension ClientExchange: StreamOwner {
  func received(headers: HeaderBlock, isTruncated: Bool, endStream: Bool) {
    guard settled == nil else { return }
    let block =
      head == nil
      ? ResponseBlock.first(headers, isTruncated: isTruncated, endStream: endStream)
      : ResponseBlock.trailers(headers, isTruncated: isTruncated)
    switch block {
    case .informational: break
    case .head(let metadata):
      head = metadata
      commit()
      for waiter in headWaiters { waiter.resume(returning: .success(())) }
      headWaiters = []
    case .success(let metadata):
      guard assembler.isBetweenMessages else {
        return settle(Status(.internal, "the answer ended inside a message"), isAbrupt: false)
      }
      trailing.withLock { $0 = metadata }
      settle(nil, isAbrupt: false)
    case .failure(let status):
      trailing.withLock { $0 = status.metadata }
      settle(status, isAbrupt: false)
    }
  }

  func received(data: UnsafeRawBufferPointer) {
    guard settled == nil, head != nil else {
      stream?.consume(data.count)
      return
    }
    do throws(Status) {
      try assembler.append(data) { message in
        received.count(message.count)
        inbox.put(message)
      }
    } catch {
      stream?.consume(data.count)
      return fail(error)
    }
    wakeReaders()
    stream?.consume(inbox.account(data.count))
  }

  func receivedEnd() {
    guard settled == nil else { return }
    settle(Status(.unknown, "the answer ended without a grpc-status"), isAbrupt: false)
  }

  func becameWritable() { wakeWriters(.success(())) }

  func closed(_ code: ErrorCode) {
    let old = stream
    let lost = connection
    stream = nil
    connection = nil
    defer { if let lost { way.streamEnded(lost) } }
    guard settled == nil else { return }
    let isNeverSent = old?.isSent == false
    let isRefused = code == .refusedStream && attempts < Self.maximumAttempts
    if isNeverSent || isRefused, !isCommitted, head == nil {
      way.tally.add(.retries)
      // Later: this is called from inside the session. A server that is full gets a little time.
      let pause: TimeAmount = isNeverSent ? .zero : Self.refusalPause * (1 << attempts)
      eventLoop.assumeIsolated().scheduleTask(in: pause) { if self.settled == nil { self.way.place(self) } }
    } else if let deadline = options.deadline, deadline <= .now {
      // The server's timer was faster than ours.
      settle(Status(.deadlineExceeded, "the deadline passed"), isAbrupt: false)
    } else if lost?.handler.isLost ?? true {
      settle(Status(.unavailable, "the connection to \(way.target) was lost"), isAbrupt: false)
    } else {
      settle(ResponseBlock.reset(code), isAbrupt: false)
    }
  }
}
