import HTTP2
import NIOCore

// How an exchange goes out and comes back: one attempt on one stream at a time.
extension ClientExchange {
  /// A connection has room: the call leaves.
  func attach(_ connection: ClientConnection) {
    guard settled == nil else { return }
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

  /// There is no connection, and none to be expected soon.
  func unplaced(_ status: Status) { attemptFailed(.status(status.code, .none), status) }

  private var requestHead: HeaderBlock {
    var block = options.authority.map { way.connector.head(method, authority: $0) } ?? way.head(method)
    if let compression = options.compression { block.append("grpc-encoding", compression.rawValue) }
    if options.metadata["user-agent"] == nil { block.append("user-agent", "huying-swift/1") }
    if let deadline { block.append("grpc-timeout", Timeout.text(ContinuousClock.now.duration(to: deadline))) }
    if retry.previousAttempts > 0 { block.append("grpc-previous-rpc-attempts", String(retry.previousAttempts)) }
    options.trace?.child.append(to: &block)
    block.append(options.metadata.shown)
    return block
  }

  /// The attempt is over without a head: makes another one, or ends the call.
  private func attemptFailed(_ failure: RetryState.Failure, _ status: Status) {
    guard settled == nil else { return }
    let throttle = way.connector.throttle
    let decision = retry.decide(
      failure, way.configuration.retryPolicy(method, options), random: .random(in: -1...1),
      takeToken: { throttle?.failed() ?? true })
    guard !isCommitted, case .again(let pause) = decision, deadline.map({ .now + pause < $0 }) ?? true else {
      return settle(status, isAbrupt: false)
    }
    way.tally.add(.retries)
    detach()
    // Later even without a pause: this is called from inside the session.
    _ = way.loop.scheduleTask(in: TimeAmount(pause)) { if self.settled == nil { self.way.place(self) } }
  }

  /// Lets go of the attempt's stream; whatever else comes on it is nobody's.
  private func detach() {
    if let stream, let connection {
      stream.owner = Leftover(stream, connection)
      stream.reset(.cancel)
      connection.handler.setNeedsDrain()
    }
    stream = nil
    connection = nil
    assembler = MessageAssembler(limit: way.configuration.maximumMessageBytes)
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
      assembler.encoding = MessageEncoding(headers)
      commit()
      wakeHeadWaiters(.success(()))
    case .success(let metadata):
      trailingMetadata = metadata
      succeeded()
    case .failure(let status):
      trailingMetadata = status.metadata
      guard head == nil else { return settle(status, isAbrupt: false) }
      attemptFailed(.status(status.code, RetryState.Pushback(headers["grpc-retry-pushback-ms"])), status)
    }
  }

  /// The server says OK; whether it kept to the method's shape is another question.
  private func succeeded() {
    guard assembler.isBetweenMessages else {
      return settle(Status(.internal, "the answer ended inside a message"), isAbrupt: false)
    }
    guard method.serverStreaming || received.messages == 1 else {
      return settle(Status(.unimplemented, "the answer has no message"), isAbrupt: false)
    }
    way.connector.throttle?.succeeded()
    settle(nil, isAbrupt: false)
  }

  func received(data: UnsafeRawBufferPointer) {
    guard settled == nil, head != nil else {
      stream?.consume(data.count)
      return
    }
    do throws(Status) {
      try assembler.append(data) { message, isCompressed in
        received.count(message.count)
        inbox.put(message, isCompressed: isCompressed)
      }
      if received.messages > 1, !method.serverStreaming {
        throw Status(.unimplemented, "the answer has more than one message")
      }
    } catch {
      stream?.consume(data.count)
      return fail(error)
    }
    wakeReaders()
    stream?.consume(inbox.account(data.count))
  }

  func receivedEnd() { settle(Status(.unknown, "the answer ended without a grpc-status"), isAbrupt: false) }

  func becameWritable() { wakeWriters(.success(())) }

  func closed(_ code: ErrorCode) {
    let old = stream
    let lost = connection
    stream = nil
    connection = nil
    defer { lost?.streamEnded() }
    guard settled == nil else { return }
    let status = Status(ended: code, of: lost, target: way.connector.target)
    if let deadline, deadline <= .now {
      // The server's timer was faster than ours.
      settle(Status(.deadlineExceeded, "the deadline passed"), isAbrupt: false)
    } else if head != nil {
      settle(status, isAbrupt: false)
    } else if old?.isSent == false {
      attemptFailed(.neverSent, status)
    } else if code == .refusedStream {
      attemptFailed(.refused, status)
    } else {
      attemptFailed(.status(status.code, .none), status)
    }
  }
}

/// Owns the stream of an attempt that is over already.
private final class Leftover: StreamOwner {
  private let stream: HTTP2.Stream
  private let connection: ClientConnection

  init(_ stream: HTTP2.Stream, _ connection: ClientConnection) {
    self.stream = stream
    self.connection = connection
  }

  func received(headers: HeaderBlock, isTruncated: Bool, endStream: Bool) {}
  func received(data: UnsafeRawBufferPointer) { stream.consume(data.count) }
  func receivedEnd() {}
  func becameWritable() {}
  func closed(_ code: ErrorCode) { connection.streamEnded() }
}

extension Status {
  /// What the end of a stream without trailers means.
  fileprivate init(ended code: ErrorCode, of connection: ClientConnection?, target: ChannelTarget) {
    if let connection, !connection.handler.isLost {
      self = ResponseBlock.reset(code)
    } else {
      let reason = connection?.reason.map { ": \($0)" } ?? ""
      self.init(.unavailable, "the connection to \(target) was lost\(reason)")
    }
  }
}
