package import Wire

/// A set of methods that a server answers. Generated protocols refine it and make `handlers` of their functions.
package protocol Service: Sendable {
  /// One handler per method.
  var handlers: [MethodHandler] { get }
}

/// How one method is answered. All four kinds are the same thing: messages in, messages out, then a status.
///
/// A class, because every call refers to its handler.
package final class MethodHandler: Sendable {
  /// Which method it answers.
  package let method: MethodDescriptor
  /// What kind of call it is, for the limits.
  let methodClass: MethodClass
  /// Which queue its calls stand in.
  let lane: Lanes.Number
  let run: Run
  /// For a handler that never waits: the same without a task.
  let runAtOnce: (@Sendable (ServerCall, ServerContext) throws -> Void)?

  // Inherits its caller's executor: a hop each way costs as much as decoding a small message.
  @usableFromInline
  typealias Run = nonisolated(nonsending) @Sendable (ServerCall, ServerContext) async throws -> Void

  @usableFromInline
  init(method: MethodDescriptor, ofOwner owner: Int = 0, run: @escaping Run) {
    self.method = method
    self.methodClass = MethodClass(method)
    self.lane = Lanes.Number(methodClass, ofOwner: owner)
    self.run = run
    self.runAtOnce = nil
  }

  @usableFromInline
  init(method: MethodDescriptor, atOnce run: @escaping @Sendable (ServerCall, ServerContext) throws -> Void) {
    self.method = method
    self.methodClass = MethodClass(method)
    self.lane = Lanes.Number(methodClass, ofOwner: 0)
    self.runAtOnce = run
    self.run = { call, context in try run(call, context) }
  }

  /// One message in, one message out. Inlinable: where the types are known, so is how to decode and encode them.
  @inlinable
  package static func unary<Request: Message, Response: Message>(
    _ method: MethodDescriptor,
    _ body: nonisolated(nonsending) @escaping @Sendable (Request, ServerContext) async throws -> Response
  ) -> MethodHandler {
    MethodHandler(method: method) { call, context in
      let request: Request
      if let message = call.onlyMessageAtOnce() {
        request = try Request(decoding: message)
      } else {
        request = try Request(decoding: try await call.onlyMessage())
      }
      var answer = try await body(request, context).encoded(prefix: MessagePrefix.length)
      if try !call.writeAtOnce(framed: &answer) { try await call.write(framed: answer) }
    }
  }

  /// One message in, one message out, without waiting for anything: for answers that are at hand. It has no task, so cancellation
  /// has nothing to tell it.
  @inlinable
  package static func synchronousUnary<Request: Message, Response: Message>(
    _ method: MethodDescriptor, _ body: @escaping @Sendable (Request, ServerContext) throws -> Response
  ) -> MethodHandler {
    MethodHandler(
      method: method,
      atOnce: { call, context in
        let request = try Request(decoding: try call.onlyMessageNow())
        var answer = try body(request, context).encoded(prefix: MessagePrefix.length)
        _ = try call.writeAtOnce(framed: &answer)
      })
  }

  /// One message in, any number out.
  package static func serverStreaming<Request: Message, Response: Message>(
    _ method: MethodDescriptor,
    _ body: @escaping @Sendable (Request, ResponseWriter<Response>, ServerContext) async throws -> Void
  ) -> MethodHandler {
    MethodHandler(method: method) { call, context in
      let request = try Request(decoding: try await call.onlyMessage())
      try await body(request, ResponseWriter(call), context)
    }
  }

  /// Any number of messages in, one out.
  package static func clientStreaming<Request: Message, Response: Message>(
    _ method: MethodDescriptor,
    _ body: @escaping @Sendable (RequestStream<Request>, ServerContext) async throws -> Response
  ) -> MethodHandler {
    MethodHandler(method: method) { call, context in
      try await call.write(framed: try await body(RequestStream(call), context).encoded(prefix: 5))
    }
  }

  /// Any number of messages both ways, in any order.
  package static func bidirectional<Request: Message, Response: Message>(
    _ method: MethodDescriptor,
    _ body: @escaping @Sendable (RequestStream<Request>, ResponseWriter<Response>, ServerContext) async throws -> Void
  ) -> MethodHandler {
    MethodHandler(method: method) { call, context in
      try await body(RequestStream(call), ResponseWriter(call), context)
    }
  }

  /// A method that was called and that nobody answers.
  static func nobody(_ method: MethodDescriptor) -> MethodHandler {
    MethodHandler(method: method) { _, _ in throw Status(.unimplemented, "there is no method \(method.path)") }
  }

  /// Messages as the bytes they are, any number both ways. `owner`: 0 is the server itself, others those to whom calls are passed on.
  static func raw(_ method: MethodDescriptor, ofOwner owner: Int, _ body: @escaping RawHandler) -> MethodHandler {
    MethodHandler(method: method, ofOwner: owner, run: body)
  }

  /// Messages as the bytes they are, any number both ways.
  package static func raw(_ method: MethodDescriptor, _ body: @escaping RawHandler) -> MethodHandler {
    raw(method, ofOwner: 0, body)
  }
}

/// Answers a call without knowing its messages: what the gateway passes on.
package typealias RawHandler = @Sendable (ServerCall, ServerContext) async throws -> Void
