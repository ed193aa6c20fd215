package import ReflectionContract
package import RPC
import Wire

/// `grpc.reflection.v1.ServerReflection` over a `ReflectionIndex`.
package struct ReflectionHandlers: ReflectionV1.ServerReflection {
  private let index: ReflectionIndex

  package init(_ index: ReflectionIndex) { self.index = index }

  package func serverReflectionInfo(
    _ requests: RequestStream<ReflectionV1.ServerReflectionRequest>,
    writer: ResponseWriter<ReflectionV1.ServerReflectionResponse>, context: ServerContext
  ) async throws {
    while let request = try await requests.next() {
      try await writer.write(
        .init(validHost: request.host, originalRequest: request, messageResponse: answer(request.messageRequest)))
    }
  }

  private func answer(
    _ request: ReflectionV1.ServerReflectionRequest.OneOfMessageRequest?
  ) -> ReflectionV1.ServerReflectionResponse.OneOfMessageResponse {
    switch request {
    case .fileByFilename(let name): files(index.file(named: name), "no file \(name)")
    case .fileContainingSymbol(let symbol): files(index.file(containing: symbol), "no symbol \(symbol)")
    case .fileContainingExtension(let wanted):
      files(
        index.file(extending: wanted.containingType, number: wanted.extensionNumber),
        "no extension \(wanted.extensionNumber) of \(wanted.containingType)")
    case .allExtensionNumbersOfType(let type):
      if let numbers = index.extensionNumbers(of: type) {
        .allExtensionNumbersResponse(.init(baseTypeName: type, extensionNumber: numbers))
      } else {
        notFound("no message \(type)")
      }
    case .listServices: .listServicesResponse(.init(service: index.services.map { .init(name: $0) }))
    case nil: .errorResponse(.init(errorCode: 3, errorMessage: "the request asks for nothing"))
    }
  }

  private func files(
    _ files: [[UInt8]]?, _ complaint: String
  ) -> ReflectionV1.ServerReflectionResponse.OneOfMessageResponse {
    files.map { .fileDescriptorResponse(.init(fileDescriptorProto: $0)) } ?? notFound(complaint)
  }

  private func notFound(_ complaint: String) -> ReflectionV1.ServerReflectionResponse.OneOfMessageResponse {
    .errorResponse(.init(errorCode: Int32(Code.notFound.rawValue), errorMessage: complaint))
  }
}
