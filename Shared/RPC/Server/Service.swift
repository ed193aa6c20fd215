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
  let run: @Sendable (ServerCall, ServerContext) async throws -> Void

  @usableFromInline
  init(method: MethodDescriptor, run: @escaping @Sendable (ServerCall, ServerContext) async throws -> Void) {
    self.method = method
    self.run = run
  }

  /// One message in, one message out. Inlinable: where the types are known, so is how to decode and encode them.
  @inlinable
  package static func unary<Request: Message, Response: Message>(
    _ method: MethodDescriptor, _ body: @escaping @Sendable (Request, ServerContext) async throws -> Response
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

  /// Messages as the bytes they are, any number both ways.
  package static func raw(_ method: MethodDescriptor, _ body: @escaping RawHandler) -> MethodHandler {
    MethodHandler(method: method, run: body)
  }
}

/// Answers a call without knowing its messages: what the gateway passes on.
package typealias RawHandler = @Sendable (ServerCall, ServerContext) async throws -> Void
