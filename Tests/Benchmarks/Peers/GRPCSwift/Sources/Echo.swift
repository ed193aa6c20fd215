import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import GRPCProtobuf
import SwiftProtobuf

/// The unary echo and the stream on grpc-swift-2, registered by hand as its generated code would do it.
struct Echo: RegistrableRPCService {
  private static let service = ServiceDescriptor(fullyQualifiedService: "benchmarks.Echo")

  func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
    router.registerHandler(
      forMethod: MethodDescriptor(service: Self.service, method: "Echo"),
      deserializer: ProtobufDeserializer<Google_Protobuf_StringValue>(),
      serializer: ProtobufSerializer<Google_Protobuf_StringValue>()
    ) { request, _ in
      let single = try await ServerRequest(stream: request)
      return StreamingServerResponse(single: ServerResponse(message: single.message))
    }
    router.registerHandler(
      forMethod: MethodDescriptor(service: Self.service, method: "Stream"),
      deserializer: ProtobufDeserializer<Google_Protobuf_Int32Value>(),
      serializer: ProtobufSerializer<Google_Protobuf_BytesValue>()
    ) { request, _ in
      let single = try await ServerRequest(stream: request)
      let block = Google_Protobuf_BytesValue(Data(repeating: 120, count: 64 << 10))
      return StreamingServerResponse { writer in
        for _ in 0..<single.message.value { try await writer.write(block) }
        return [:]
      }
    }
  }
}

@main
struct Main {
  static func main() async throws {
    let server = GRPCServer(
      transport: .http2NIOPosix(address: .ipv4(host: "127.0.0.1", port: 0), transportSecurity: .plaintext),
      services: [Echo()])
    try await withThrowingDiscardingTaskGroup { group in
      group.addTask { try await server.serve() }
      if let port = try await server.listeningAddress?.ipv4?.port {
        print("listening \(port)")
        fflush(nil)
      }
    }
  }
}
