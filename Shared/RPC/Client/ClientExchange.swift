import HTTP2
import NIOCore
import Synchronization

/// One exchange of a client, on its channel's event loop, through all its attempts.
///
/// ```
/// placed ──connection──▶ attached ──head──▶ committed ──trailers──▶ settled
///    ▲                      │ failed before a head, and RetryState says: again
///    └────────pause─────────┘       cancel, deadline: settled, from anywhere
/// ```
/// Until the answer begins, what was sent is kept (up to `maximumReplayBytes`), so that the call can be made again without anybody
/// noticing. `@unchecked`: all but `trailing` is touched on the loop only.
final class ClientExchange: Expiring, @unchecked Sendable {
  /// What is kept of a request for a further attempt. Kept messages are shared with what waits to be sent: this is memory only
  /// while a server that has taken them does not answer.
  static let maximumReplayBytes = 1 << 20

  typealias Reader = UnsafeContinuation<Result<[UInt8]?, Status>, Never>
  typealias Waiter = UnsafeContinuation<Result<Void, Status>, Never>

  let method: MethodDescriptor
  let options: CallOptions
  let deadline: ContinuousClock.Instant?
  let way: ChannelLoop
  let eventLoop: any EventLoop
  let begin: ContinuousClock.Instant
  private let trailing = Mutex(Metadata())
  /// Whether the message read last came compressed.
  let isCompressed = Atomic<Bool>(false)
  var deadlinePosition: Int?

  // The attempt under way.
  var connection: ClientConnection?
  var stream: HTTP2.Stream?
  var retry = RetryState()

  // What goes out.
  var outbox: [[UInt8]] = []
  private var outboxBytes = 0
  private(set) var isCommitted = false
  private(set) var isSendingFinished = false
  private var packer: MessagePacker?

  // What comes in.
  var assembler: MessageAssembler
  var inbox = Inbox()
  var head: Metadata?
  var readers: [Reader] = []
  var writers: [Waiter] = []
  var headWaiters: [Waiter] = []
  var received = ExchangeEnd.Traffic()
  private(set) var sent = ExchangeEnd.Traffic()
  var settled: Status??

  init(_ method: MethodDescriptor, _ options: CallOptions, _ way: ChannelLoop) {
    self.method = method
    self.options = options
    let now = ContinuousClock.now
    self.begin = now
    self.deadline = options.deadline.map { min($0, now + RequestHead.longestTimeout) }
    self.way = way
    self.eventLoop = way.eventLoop
    self.assembler = MessageAssembler(limit: way.configuration.maximumMessageBytes)
    self.packer = options.compression.map { MessagePacker($0) }
  }

  var isWaitingForReady: Bool { options.waitForReady }

  var trailingMetadata: Metadata {
    get { trailing.withLock { $0 } }
    set { trailing.withLock { $0 = newValue } }
  }

  // MARK: - What callers do

  /// Ends the call before it began: an interceptor refused it.
  func refuse(_ status: Status) {
    eventLoop.run {
      self.way.tally.add(.callsStarted)
      self.way.began()
      self.fail(status)
    }
  }

  /// Begins the call; with `message`, that is all it sends.
  func start(_ message: [UInt8]?) {
    eventLoop.run {
      self.way.tally.add(.callsStarted)
      if let message {
        self.put(message)
        self.isSendingFinished = true
      }
      self.way.began()
      if let deadline = self.deadline {
        guard deadline > self.begin else { return self.fail(Status(.deadlineExceeded, "the deadline has passed")) }
        self.way.deadlines.add(self)
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

  func send(_ framed: [UInt8], _ isWanted: Bool?) async -> Result<Void, Status> {
    if eventLoop.inEventLoop {
      if let status = failure { return .failure(status) }
      put(framed, isWanted)
      if isWritable { return .success(()) }
    }
    let isPut = eventLoop.inEventLoop
    return await withTaskCancellationHandler {
      await withUnsafeContinuation { continuation in
        eventLoop.run {
          if let status = self.failure { return continuation.resume(returning: .failure(status)) }
          if !isPut { self.put(framed, isWanted) }
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

  private func put(_ message: [UInt8], _ isWanted: Bool? = nil) {
    guard settled == nil, !isSendingFinished else { return }
    sent.count(message.count - MessagePrefix.length)
    let framed = packer == nil ? message : packed(message, isWanted)
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

  private func packed(_ framed: [UInt8], _ isWanted: Bool?) -> [UInt8] {
    framed.withUnsafeBytes {
      packer?.pack(UnsafeRawBufferPointer(rebasing: $0.dropFirst(MessagePrefix.length)), isWanted: isWanted)
    } ?? framed
  }

  func commitIfLarge() { if outboxBytes > Self.maximumReplayBytes { commit() } }

  /// There will be no further attempt.
  func commit() {
    isCommitted = true
    outbox = []
    outboxBytes = 0
  }

  private func take() -> Result<[UInt8]?, Status>? {
    switch inbox.take() {
    case .message(let message, let release):
      if inbox.isLastCompressed != isCompressed.load(ordering: .relaxed) {
        isCompressed.store(inbox.isLastCompressed, ordering: .relaxed)
      }
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

  func wakeReaders() {
    while let reader = readers.first, let result = take() {
      readers.removeFirst()
      reader.resume(returning: result)
    }
  }

  func wakeWriters(_ result: Result<Void, Status>) {
    let waiters = writers
    writers = []
    for waiter in waiters { waiter.resume(returning: result) }
  }

  func wakeHeadWaiters(_ result: Result<Void, Status>) {
    let waiters = headWaiters
    headWaiters = []
    for waiter in waiters { waiter.resume(returning: result) }
  }

  // MARK: - End

  func expire() { fail(Status(.deadlineExceeded, "the deadline passed \(whatItWaitedFor)")) }

  private var whatItWaitedFor: String {
    if stream == nil { return "while the call waited for a connection to \(way.connector.target)" }
    return head == nil ? "before the server answered" : "before the answer's end"
  }

  /// Ends the call from here: what has come and was not read is dropped, the server is told to stop.
  func fail(_ status: Status) {
    guard settled == nil else { return }
    if stream == nil { way.forget(self) }
    settle(status, isAbrupt: true)
  }

  func settle(_ status: Status?, isAbrupt: Bool) {
    guard settled == nil else { return }
    settled = .some(status)
    way.tally.add(status == nil ? .callsSucceeded : .callsFailed)
    if received.messages > 0 { way.tally.add(.messagesReceived, received.messages) }
    if sent.messages > 0 { way.tally.add(.messagesSent, sent.messages) }
    way.deadlines.remove(self)
    way.ended()
    commit()
    if let status { inbox.fail(status, now: isAbrupt) } else { inbox.complete() }
    // Reported before anybody wakes, so that an interceptor has seen what its caller sees.
    report(status)
    wakeReaders()
    wakeWriters(status.map { .failure($0) } ?? .success(()))
    wakeHeadWaiters(status.map { .failure($0) } ?? .success(()))
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
