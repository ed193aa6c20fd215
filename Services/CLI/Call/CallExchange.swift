import RPC
import WireTypes

/// One call with messages as bytes: sends and receives at the same time, whatever the kind.
struct CallExchange: Sendable {
  private let call: ClientCall
  private let trace: CallTrace?
  private let maximumBytes: Int

  init(
    _ channel: Channel, _ method: MethodType, _ options: CallOptions, maximumBytes: Int, _ trace: CallTrace?
  ) {
    let service = method.path.dropFirst().prefix { $0 != "/" }
    trace?.willCall(options.metadata)
    call = channel.call(
      MethodDescriptor(
        service: String(service), name: method.name, clientStreaming: method.clientStreaming,
        serverStreaming: method.serverStreaming), options)
    self.trace = trace
    self.maximumBytes = maximumBytes
  }

  /// Ends when the server has answered, even if there is more to send.
  func run(
    _ produce: @escaping @Sendable (_ send: @Sendable ([UInt8]) async throws -> Void) async throws -> Void,
    receive: @escaping @Sendable ([UInt8]) async throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: Bool.self) { group in
      group.addTask {
        try await produce { message in
          try await call.send(message)
          trace?.sent(message.count)
        }
        try await call.finishSending()
        return false
      }
      group.addTask {
        try await self.receive(receive)
        return true
      }
      do {
        while let isAnswered = try await group.next(), !isAnswered {}
        group.cancelAll()
      } catch {
        // What cannot be sent is the person's mistake and said as such; what the server says comes from the receiver.
        call.cancel()
        throw error
      }
    }
  }

  private func receive(_ receive: (_ message: [UInt8]) async throws -> Void) async throws {
    do {
      let head = try await call.initialMetadata()
      trace?.received(head: head)
      while let message = try await call.next() {
        guard message.count <= maximumBytes else {
          throw Status(
            .resourceExhausted,
            Say.of(
              "应答有 \(message.count) 字节，超过 --max-message-size",
              "an answer of \(message.count) bytes is larger than --max-message-size"))
        }
        trace?.received(message.count)
        try await receive(message)
      }
      trace?.ended(nil, call.trailingMetadata)
    } catch let status as Status {
      trace?.ended(status, call.trailingMetadata)
      throw status
    }
  }
}
