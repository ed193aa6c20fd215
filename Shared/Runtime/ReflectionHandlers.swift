package import ReflectionContract
package import RPC
import Wire

/// `grpc.reflection.v1.ServerReflection` over a `ReflectionIndex`.
package struct ReflectionHandlers: ReflectionV1.ServerReflection {
  private typealias Answer = ReflectionV1.ServerReflectionResponse.OneOfMessageResponse

  private let index: ReflectionIndex

  package init(_ index: ReflectionIndex) { self.index = index }

  package func serverReflectionInfo(
    _ requests: RequestStream<ReflectionV1.ServerReflectionRequest>,
    writer: ResponseWriter<ReflectionV1.ServerReflectionResponse>, context: ServerContext
  ) async throws {
    var sent: Set<String> = []
    while let request = try await requests.next() {
      let answer = answer(request.messageRequest, &sent)
      try await writer.write(.init(validHost: request.host, originalRequest: request, messageResponse: answer))
    }
  }

  /// `sent`: the files that this stream has had already.
  private func answer(
    _ request: ReflectionV1.ServerReflectionRequest.OneOfMessageRequest?, _ sent: inout Set<String>
  ) -> Answer {
    switch request {
    case .fileByFilename(let name): return files(index.contains(file: name) ? name : nil, &sent, "no file \(name)")
    case .fileContainingSymbol(let symbol): return files(index.file(containing: symbol), &sent, "no symbol \(symbol)")
    case .fileContainingExtension(let wanted):
      return files(
        index.file(extending: wanted.containingType, number: wanted.extensionNumber), &sent,
        "no extension \(wanted.extensionNumber) of \(wanted.containingType)")
    case .allExtensionNumbersOfType(let type):
      guard let numbers = index.extensionNumbers(of: type) else { return Self.error(.notFound, "no message \(type)") }
      return .allExtensionNumbersResponse(.init(baseTypeName: type, extensionNumber: numbers))
    case .listServices: return .listServicesResponse(.init(service: index.services.map { .init(name: $0) }))
    case nil: return Self.error(.invalidArgument, "the request asks for nothing that is known")
    }
  }

  private func files(_ name: String?, _ sent: inout Set<String>, _ complaint: String) -> Answer {
    guard let name else { return Self.error(.notFound, complaint) }
    return .fileDescriptorResponse(.init(fileDescriptorProto: index.files(from: name, without: &sent)))
  }

  private static func error(_ code: Code, _ complaint: String) -> Answer {
    .errorResponse(.init(errorCode: Int32(code.rawValue), errorMessage: complaint))
  }
}
