import HTTP2
import NIOCore

/// One exchange on the server, messages as bytes: what every kind of handler stands on, and what the gateway passes on.
///
/// ```
/// head ─▶ judged ──▶ started (streaming: at the head; unary: when the request is whole) ──▶ handler returns ──▶ reported
///           │ refused, unknown     │ deadline, RST, connection lost: the task is cancelled, the status is settled
/// ```
/// The status is settled once, by whoever comes first; interceptors hear of the end when the handler has returned.
/// `@unchecked`: everything but the record is touched on the connection's event loop only.
package final class ServerCall: CallRecord, @unchecked Sendable {
  let connection: ServerConnection
  let stream: HTTP2.Stream
  private let begin: ContinuousClock.Instant

  // The connection's list of calls whose handlers run.
  var nextCall: ServerCall?
  unowned(unsafe) var previousCall: ServerCall?

  /// Where it stands in the loop's deadlines.
  var deadlinePosition: Int?

  var phase = Phase.receiving
  private var task: HandlerTask?
  var assembler: MessageAssembler
  var inbox = Inbox()
  /// Packs the answer's messages, if the head has said so.
  private var packer: MessagePacker?
  /// Bytes of the request that no handler has taken yet.
  var held = 0
  private var readers = WaitList<[UInt8]?>()
  private var writers = WaitList<Void>()
  private var received = ExchangeEnd.Traffic()
  private var sent = ExchangeEnd.Traffic()
  private var sentWhenAsked: Int?
  private var isHeadSent = false
  var isSettled = false
  /// Why it failed, once it is settled; `nil`: it did not.
  private var failure: Status?
  /// Whether it has its turn in the lane of its class.
  var isAdmitted = false
  /// Whether it was refused because too many others are under way.
  var isWithoutRoom = false

  enum Phase { case receiving, started, reported }

  init(_ connection: ServerConnection, _ stream: HTTP2.Stream) {
    self.connection = connection
    self.stream = stream
    self.assembler = MessageAssembler(limit: connection.core.configuration.maximumMessageBytes)
    self.begin = connection.handler.readTime
    super.init(peer: connection.peer, certificate: connection.certificate)
    connection.executor.tally.add(.callsStarted)
  }

  // MARK: - What handlers do

  /// The next message of the caller, `nil` after the last. One reader at a time.
  package func next() async throws -> [UInt8]? {
    if connection.executor.isCurrent {
      switch take() {
      case .message(let message, _): return message
      case .end: return nil
      case .failed(let error): throw error
      case .nothing: break
      }
    }
    let ticket = Ticket.next()
    return try await withTaskCancellationHandler {
      try await withUnsafeThrowingContinuation { continuation in
        connection.executor.run {
          self.readers.park(ticket, continuation)
          self.wakeReader()
        }
      }
    } onCancel: {
      connection.executor.run { self.readers.cancel(ticket) }
    }
  }

  /// The caller's only message if it is here already, as it is when a unary handler begins; else `nil`, and nothing was taken.
  /// Spares the way through `next`: each `await` of it costs a look at the task's executor.
  @usableFromInline
  func onlyMessageAtOnce() -> [UInt8]? {
    guard connection.executor.isCurrent, inbox.isWhole, case .message(let message, _) = take() else { return nil }
    return message
  }

  /// The caller's only message, once its side has ended.
  @usableFromInline
  func onlyMessageNow() throws -> [UInt8] {
    guard case .message(let message, _) = take() else { throw Status(.unimplemented, "the request has no message") }
    guard inbox.count == 0 else { throw Status(.unimplemented, "the request has more than one message") }
    return message
  }

  /// Sends one message that has room for the five bytes in front of it, if nobody would have to wait: on the event
  /// loop, and as the first or not above the high-water mark. `false`: it is for `write(framed:)`, and nothing was sent.
  @usableFromInline
  func writeAtOnce(framed message: inout [UInt8]) throws -> Bool {
    let waiting = stream.waitingBytes
    guard connection.executor.isCurrent, waiting == 0 || waiting + message.count <= HTTP2.Stream.highWaterMark else {
      return false
    }
    MessagePrefix.fill(&message)
    _ = try put([], message, message.count - MessagePrefix.length, nil)
    return true
  }

  /// The caller's only message; UNIMPLEMENTED, as gRPC has it, if there are none or more.
  package func onlyMessage() async throws -> [UInt8] {
    guard let message = try await next() else { throw Status(.unimplemented, "the request has no message") }
    guard try await next() == nil else { throw Status(.unimplemented, "the request has more than one message") }
    return message
  }

  /// Sends one message. Waits while the caller does not read; throws `CancellationError` when nobody waits for it any more.
  package func write(_ message: [UInt8]) async throws {
    try await write(prefix: MessagePrefix.bytes(message.count), message, count: message.count)
  }

  /// Sends one message that has room for the five bytes in front of it.
  @usableFromInline
  func write(framed message: consuming [UInt8], compressed: Bool? = nil) async throws {
    MessagePrefix.fill(&message)
    let count = message.count - MessagePrefix.length
    try await write(prefix: [], message, count: count, compressed)
  }

  /// Sends the initial metadata now, ahead of the first message.
  package func sendHeaders() async throws { try await write(prefix: [], [], count: nil) }

  private func write(prefix: [UInt8], _ bytes: [UInt8], count: Int?, _ isWanted: Bool? = nil) async throws {
    if connection.executor.isCurrent, try put(prefix, bytes, count, isWanted) { return }
    let isOnLoop = connection.executor.isCurrent
    let ticket = Ticket.next()
    try await withTaskCancellationHandler {
      try await withUnsafeThrowingContinuation { continuation in
        connection.executor.run {
          self.writers.park(ticket, continuation)
          do {
            // On the loop the bytes have been put already, and only the wait is left.
            if try isOnLoop ? self.stream.isWritable : self.put(prefix, bytes, count, isWanted) {
              self.writers.resumeAll(.success(()))
            }
          } catch {
            self.writers.resumeAll(.failure(error))
          }
        }
      }
    } onCancel: {
      connection.executor.run { self.writers.cancel(ticket) }
    }
  }

  /// Whether the writer may go on at once. `isWanted`: whether the message is to be compressed; `nil`: as the context says.
  private func put(_ prefix: [UInt8], _ bytes: [UInt8], _ count: Int?, _ isWanted: Bool?) throws -> Bool {
    guard !isSettled, !stream.isClosed else { throw CancellationError() }
    try sendHead(count, isWanted)
    if let count {
      sent.count(count)
      if packer != nil, let packed = pack(bytes, count, isWanted) {
        stream.send(packed)
      } else {
        if !prefix.isEmpty { stream.send(prefix) }
        stream.send(bytes)
      }
    }
    connection.handler.setNeedsDrain()
    return stream.isWritable
  }

  /// The head, ahead of a message of `count` bytes.
  private func sendHead(_ count: Int?, _ isWanted: Bool?) throws(Status) {
    guard !isHeadSent else { return }
    let extras = extras
    packer = choosePacker(count ?? 0, isWanted, extras?.compression)
    guard packer != nil || extras.map({ !$0.initial.isEmpty }) ?? false else {
      isHeadSent = true
      return stream.respond(ReplyBlocks.plainHead)
    }
    var head = ReplyBlocks.head(extras?.initial ?? Metadata())
    if let packer { head.append("grpc-encoding", packer.compression.rawValue) }
    let room = connection.handler.session.peerHeaderListBytes
    if head.listSize > room { throw ReplyBlocks.tooLarge("initial", room) }
    isHeadSent = true
    stream.respond(head)
  }

  /// What the head says of compression holds for the whole answer. Nobody asked: it pays for large messages, and for streams, to a
  /// caller who compresses himself or who is on another machine.
  private func choosePacker(_ count: Int, _ isWanted: Bool?, _ isWantedForAll: Bool?) -> MessagePacker? {
    let isStream = handler?.method.serverStreaming ?? false
    let isAsked = isWanted ?? isWantedForAll
    guard isAsked ?? (count >= Compression.threshold || isStream) || (isStream && isWantedForAll != false) else {
      return nil
    }
    let isWorthwhile = !connection.isLocal || MessageEncoding(metadata.block) != .identity
    guard isAsked != nil || isWorthwhile else { return nil }
    return metadata.block.acceptedCompression.map { MessagePacker($0, isWorthwhile: isWorthwhile) }
  }

  private func pack(_ bytes: [UInt8], _ count: Int, _ isWanted: Bool?) -> [UInt8]? {
    let isWanted = isWanted ?? extras?.compression
    return bytes.withUnsafeBytes {
      packer?.pack(UnsafeRawBufferPointer(rebasing: $0.suffix(count)), isWanted: isWanted)
    }
  }

  private func take() -> Inbox.Take {
    let wasCompressed = inbox.isLastCompressed
    let take = inbox.take()
    if inbox.isLastCompressed != wasCompressed {
      let isCompressed = !wasCompressed
      changeExtras { $0.isRequestCompressed = isCompressed }
    }
    if case .message(let message, let release) = take {
      letGo(of: min(held, message.count + MessagePrefix.length))
      if release > 0 {
        give(release)
        connection.handler.setNeedsDrain()
      }
    }
    return take
  }

  private func wakeReader() {
    while !readers.isEmpty {
      switch take() {
      case .message(let message, _): readers.resumeFirst(.success(message))
      case .end: readers.resumeAll(.success(nil))
      case .failed(let error): readers.resumeAll(.failure(error))
      case .nothing: return
      }
    }
  }

  // MARK: - Life

  /// Whether this is a server stream on which nothing was sent since the last time somebody asked.
  func isSilentStream() -> Bool {
    guard let method = handler?.method, method.serverStreaming, !method.clientStreaming else { return false }
    defer { sentWhenAsked = sent.messages }
    return sentWhenAsked == sent.messages
  }

  private func start() {
    guard phase == .receiving, !isSettled, handler != nil else { return }
    phase = .started
    isOpening = true
    connection.began(self)
    connection.executor.handlers.add(self)
  }

  /// The handler that is to run now on `task`; `nil` where there is none any more, it is not its turn, or it was refused.
  func begin(on task: HandlerTask?) -> MethodHandler? {
    guard let handler, !isSettled else {
      finish(nil)
      return nil
    }
    guard connection.mayRun(self), isAdmitted || enter(handler) else { return nil }
    self.task = task
    guard !connection.core.isWaiting else { return handler }
    do {
      var context = ServerContext(self)
      for interceptor in connection.core.interceptors { try interceptor.begin(&context) }
      isOpening = false
    } catch {
      finish(Status(error))
      return nil
    }
    return handler
  }

  /// Whether the handler, or an interceptor before it, may have to wait.
  var needsTask: Bool { handler?.runAtOnce == nil || connection.core.isWaiting }

  /// Runs a handler that needs no task.
  func runAtOnce() {
    guard let run = begin(on: nil)?.runAtOnce else { return }
    do {
      try run(self, ServerContext(self))
      finish(nil)
    } catch {
      finish(Status(error))
    }
  }

  /// Whether an interceptor may have to wait before the handler begins.
  var isToBeAdmitted: Bool { isOpening }

  /// Lets the call through the interceptors, where one of them may have to wait.
  func admit() async throws {
    var context = ServerContext(self)
    for interceptor in connection.core.interceptors {
      try interceptor.begin(&context)
      if let interceptor = interceptor as? any WaitingServerInterceptor { try await interceptor.admit(&context) }
    }
    isOpening = false
  }

  /// The handler has returned, with this.
  func finish(_ status: Status?) {
    assert(connection.executor.isCurrent)
    task = nil
    isOpening = false
    settle(status)
    if held > 0 { letGo(of: held) }
    if isAdmitted { leave(isDone: failure?.code.isUndone != true) }
    report()
    connection.finished(self)
  }

  /// Ends the call with `status`, if nothing else has.
  func fail(_ status: Status) {
    guard !isSettled else { return }
    settle(status, isAbrupt: true)
    inbox.fail(CancellationError(), now: true)
    letGo(of: held)
    wakeReader()
    writers.cancelAll()
    if phase == .receiving { report() }
    task?.cancel()
  }

  /// `isAbrupt`: not the handler said so, but its time was over or its caller is gone.
  private func settle(_ wanted: Status?, isAbrupt: Bool = false) {
    guard !isSettled else { return }
    let extras = extras
    if wanted == nil, extras == nil, isHeadSent {
      count(nil)
      if stream.waitingBytes == 0 { cancelDeadline() }
      stream.finish(trailers: ReplyBlocks.plainSuccess)
      return connection.handler.setNeedsDrain()
    }
    let room = connection.handler.session.peerHeaderListBytes
    var (status, initial, trailing) = (wanted, Metadata(), Metadata())
    if let extras {
      (initial, trailing) = (extras.initial, extras.trailing)
      let size = trailing.block.listSize + (isHeadSent ? 0 : initial.block.listSize)
      if size > 0, size + ReplyBlocks.leastBytes > room {
        if wanted == nil { status = ReplyBlocks.tooLarge("trailing", room) }
        (initial, trailing) = (Metadata(), Metadata())
      }
    }
    count(status)
    // An answer that waits for the caller's window waits no longer than its deadline.
    if stream.waitingBytes == 0 { cancelDeadline() }
    guard !stream.isClosed else { return }
    let isOutOfTime = status?.code == .deadlineExceeded || status?.code == .cancelled
    if isAbrupt, isOutOfTime, stream.waitingBytes > 0 {
      // Trailers would queue behind the data that the peer does not take.
      stream.reset(.cancel)
    } else {
      var head = isHeadSent ? HeaderBlock() : ReplyBlocks.head(initial)
      let trailers = trailers(status, trailing, room: room - head.listSize)
      if isHeadSent {
        stream.finish(trailers: trailers)
      } else {
        isHeadSent = true
        head.append(trailers)
        stream.respond(head, endStream: true)
      }
    }
    connection.handler.setNeedsDrain()
  }

  private func cancelDeadline() {
    if deadlinePosition != nil { connection.executor.deadlines.remove(self) }
  }

  /// The deadline has come.
  func expire() {
    if !isSettled {
      fail(Status(.deadlineExceeded, "the deadline passed"))
    } else if stream.waitingBytes > 0 {
      stream.reset(.cancel)
      connection.handler.setNeedsDrain()
    }
  }

  private func count(_ status: Status?) {
    isSettled = true
    let tally = connection.executor.tally
    if let status {
      failure = status
      tally.add(.callsFailed)
    } else {
      tally.add(.callsSucceeded)
    }
    if received.messages > 0 { tally.add(.messagesReceived, received.messages) }
    if sent.messages > 0 { tally.add(.messagesSent, sent.messages) }
  }

  private func report() {
    // Without a head it was no exchange: HTTP/2 has refused it.
    guard isSettled, phase != .reported, handler != nil else { return }
    phase = .reported
    guard !connection.core.interceptors.isEmpty else { return }
    let end = ExchangeEnd(status: failure, duration: begin.duration(to: .now), received: received, sent: sent)
    connection.core.report(ServerContext(self), end)
  }
}

// MARK: - What the stream tells

extension ServerCall: StreamOwner, Expiring {
  func received(headers: HeaderBlock, isTruncated: Bool, endStream: Bool) {
    guard handler == nil, !isSettled else {
      // Trailers of a request: gRPC has none, and they do no harm.
      if endStream { receivedEnd() }
      return
    }
    metadata = Metadata(headers)
    do throws(RequestHead.Rejection) {
      try open(RequestHead(headers, isTruncated: isTruncated))
    } catch {
      reject(error)
    }
    if endStream { receivedEnd() }
  }

  private func open(_ head: RequestHead) throws(RequestHead.Rejection) {
    guard let path = head.path, let handler = metadata.block.withValue(path, connection.core.handler) else {
      throw .status(Status(.unimplemented, "there is no method \(metadata.block[":path"] ?? "")"))
    }
    self.handler = handler
    assembler.encoding = head.encoding
    if let timeout = head.timeout {
      deadline = begin + timeout
      connection.executor.deadlines.add(self)
    }
    if handler.method.clientStreaming { start() }
  }

  private func reject(_ rejection: RequestHead.Rejection) {
    let path = metadata.block[":path"] ?? ""
    handler = .nobody(MethodDescriptor(path: path) ?? MethodDescriptor(service: "", name: path))
    switch rejection {
    case .status(let status): settle(status)
    case .http(let number):
      count(Status(Code(httpStatus: number), "HTTP status \(number)"))
      stream.respond(ReplyBlocks.http(number), endStream: true)
    }
    report()
  }

  func received(data: UnsafeRawBufferPointer) {
    guard !isSettled else {
      stream.consume(data.count)
      return
    }
    var unpacked = 0
    do throws(Status) {
      try assembler.append(data) { message, isCompressed in
        if isCompressed { unpacked += message.count }
        received.count(message.count)
        inbox.put(message, isCompressed: isCompressed)
      }
      try hold(data.count, unpacked)
    } catch {
      stream.consume(data.count)
      fail(error)
      return
    }
    wakeReader()
    // A unary handler has not begun before its request is whole: nothing is withheld from it.
    give(phase == .receiving ? data.count : inbox.account(data.count))
  }

  func receivedEnd() {
    guard !isSettled else { return }
    guard assembler.isBetweenMessages else {
      fail(Status(.internal, "the request ended inside a message"))
      return
    }
    inbox.complete()
    wakeReader()
    start()
  }

  func becameWritable() { writers.resumeAll(.success(())) }

  func closed(_ code: ErrorCode) {
    guard !isSettled else {
      cancelDeadline()
      writers.cancelAll()
      return
    }
    fail(Status(.cancelled, "the caller went away"))
  }
}
