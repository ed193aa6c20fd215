/// The Swift of one service: the protocol that a server fulfils, the method table, the client.
struct ServiceOutput {
  let service: ProtoService
  let types: TypeTable

  func write(to printer: inout Printer) {
    writeProtocol(to: &printer)
    printer.line()
    writeMethods(to: &printer)
    printer.line()
    writeClient(to: &printer)
  }

  private func function(_ method: ProtoMethod) -> String {
    SwiftNames.escaped(method.name.prefix(1).lowercased() + method.name.dropFirst())
  }

  private func request(_ method: ProtoMethod) -> String { types.swiftName(method.request) }
  private func response(_ method: ProtoMethod) -> String { types.swiftName(method.response) }

  private func writeProtocol(to printer: inout Printer) {
    printer.documentation(service.comment)
    printer.block("package protocol \(service.name): RPC.Service") { printer in
      for (index, method) in service.methods.enumerated() {
        if index > 0 { printer.line() }
        printer.documentation(method.comment)
        writeRequirement(method, to: &printer)
      }
    }
  }

  private func writeRequirement(_ method: ProtoMethod, to printer: inout Printer) {
    let requestType = method.clientStreaming ? "RPC.RequestStream<\(request(method))>" : request(method)
    printer.line("func \(function(method))(")
    printer.indented { printer in
      printer.line("_ request: \(requestType),")
      if method.serverStreaming { printer.line("writer: RPC.ResponseWriter<\(response(method))>,") }
      printer.line("context: RPC.ServerContext")
    }
    printer.line(method.serverStreaming ? ") async throws" : ") async throws -> \(response(method))")
  }

  private func writeMethods(to printer: inout Printer) {
    printer.line("/// The methods of `\(service.fullName)`.")
    printer.block("package enum \(service.name)Methods") { printer in
      printer.line("package static let service: Swift.String = \"\(service.fullName)\"")
      for method in service.methods {
        printer.line("package static let \(function(method)): RPC.MethodDescriptor = RPC.MethodDescriptor(")
        printer.indented { printer in
          printer.line(
            "service: \"\(service.fullName)\", name: \"\(method.name)\", clientStreaming: \(method.clientStreaming), "
              + "serverStreaming: \(method.serverStreaming))")
        }
      }
      printer.line("package static let all: [RPC.MethodDescriptor] = [")
      printer.indented { printer in
        for method in service.methods { printer.line("\(function(method)),") }
      }
      printer.line("]")
    }
  }

  private func writeClient(to printer: inout Printer) {
    printer.line("/// Calls `\(service.fullName)` on a channel.")
    printer.block("package struct \(service.name)Client: Swift.Sendable") { printer in
      printer.line("package let channel: RPC.Channel")
      printer.line()
      printer.line("package init(_ channel: RPC.Channel) { self.channel = channel }")
      for method in service.methods {
        printer.line()
        printer.documentation(method.comment)
        writeCall(method, to: &printer)
      }
    }
  }

  private func writeCall(_ method: ProtoMethod, to printer: inout Printer) {
    let constant = "\(service.name)Methods.\(function(method))"
    let options = "options: RPC.CallOptions = RPC.CallOptions()"
    let argument = "_ request: \(request(method)), \(options)"
    switch (method.clientStreaming, method.serverStreaming) {
    case (false, false):
      printer.line("package func \(function(method))(")
      printer.indented { $0.line(argument) }
      printer.block(") async throws(RPC.Status) -> \(response(method))") { printer in
        printer.line("try await self.channel.unary(\(constant), request, options)")
      }
    case (false, true):
      printer.line("package func \(function(method))(")
      printer.indented { $0.line(argument) }
      printer.block(") -> RPC.ResponseStream<\(response(method))>") { printer in
        printer.line("self.channel.serverStreaming(\(constant), request, options)")
      }
    case (true, _):
      let type = "RPC.StreamingCall<\(request(method)), \(response(method))>"
      printer.block("package func \(function(method))(\(options)) -> \(type)") { printer in
        printer.line("self.channel.streaming(\(constant), options)")
      }
    }
  }

  func writeHandlers(_ namespace: String, to printer: inout Printer) {
    printer.line()
    printer.block("extension \(namespace).\(service.name)") { printer in
      printer.line("/// Answers each method with the function of its name.")
      printer.block("package var handlers: [RPC.MethodHandler]") { printer in
        printer.line("var handlers: [RPC.MethodHandler] = []")
        for method in service.methods { writeHandler(method, namespace, to: &printer) }
        printer.line("return handlers")
      }
    }
  }

  private func writeHandler(_ method: ProtoMethod, _ namespace: String, to printer: inout Printer) {
    let kind =
      switch (method.clientStreaming, method.serverStreaming) {
      case (false, false): "unary"
      case (false, true): "serverStreaming"
      case (true, false): "clientStreaming"
      case (true, true): "bidirectional"
      }
    let requestType = method.clientStreaming ? "RPC.RequestStream<\(request(method))>" : request(method)
    let writer = method.serverStreaming ? ", writer: RPC.ResponseWriter<\(response(method))>" : ""
    let result = method.serverStreaming ? "Swift.Void" : response(method)
    printer.line("handlers.append(RPC.MethodHandler.\(kind)(\(namespace).\(service.name)Methods.\(function(method))) {")
    printer.indented { printer in
      printer.line("(request: \(requestType)\(writer), context: RPC.ServerContext) async throws -> \(result) in")
      let passed = method.serverStreaming ? ", writer: writer" : ""
      printer.line("try await self.\(function(method))(request\(passed), context: context)")
    }
    printer.line("})")
  }
}
