import Kernel
import RPC
import ReflectionContract
import Runtime
import SampleContract
import TestSupport
import Wire
import WireTypes

/// A server of the sample contract in the test's own process, that describes itself in the ways that servers do.
final class SampleServer: Sendable {
  /// How it answers reflection.
  enum Reflection: Sendable {
    case v1, v1alpha, none
    /// v1 is refused with this status, v1alpha answers.
    case refused(Code)
  }

  let server: Server
  let folder = TemporaryFolder()
  /// `127.0.0.1:PORT`
  let target: String
  /// `unix:PATH`
  let unixTarget: String

  init(_ reflection: Reflection = .v1, security: ServerSecurity? = nil) async throws {
    let index = ReflectionIndex(services: [SampleV1.SampleServiceMethods.service], files: SampleV1.fileDescriptors)
    var services: [any Service] = [SampleHandlers()]
    switch reflection {
    case .v1: services.append(ReflectionHandlers(index))
    case .v1alpha: services.append(ReflectionAlphaHandlers(index))
    case .none: break
    case .refused(let code): services += [ReflectionAlphaHandlers(index), RefusingReflection(code: code)]
    }
    unixTarget = "unix:" + folder.file("sample.sock")
    var configuration = ServerConfiguration(.tcp(host: "127.0.0.1", port: 0), .unix(path: folder.file("sample.sock")))
    configuration.security = security
    server = Server(configuration, services: services)
    try await server.start()
    target = "127.0.0.1:\(server.port)"
  }

  /// A file with the contract's descriptors, as `protoc -o` writes it.
  func protoset() throws -> String {
    let files = try SampleV1.fileDescriptors.map { try GoogleProtobuf.FileDescriptorProto(decoding: $0.bytes) }
    return try folder.write("sample.protoset", GoogleProtobuf.FileDescriptorSet(file: files).encoded())
  }

  func stop() async { await server.drain(within: .milliseconds(100)) }
}

/// Answers reflection v1 with a failure, as guards in front of servers do.
private struct RefusingReflection: Service {
  let code: Code

  var handlers: [MethodHandler] {
    [
      .raw(
        MethodDescriptor(
          service: "grpc.reflection.v1.ServerReflection", name: "ServerReflectionInfo", clientStreaming: true,
          serverStreaming: true)
      ) { _, _ in throw Status(code, "not this one") }
    ]
  }
}

/// Does what the name in the request says.
struct SampleHandlers: SampleV1.SampleService {
  func collect(_ request: SampleV1.CollectRequest, context: ServerContext) async throws -> SampleV1.CollectResponse {
    context.setInitialMetadata(Metadata(["x-head": context.metadata["x-key"] ?? "none"]))
    let blob = context.metadata.bytes("x-blob-bin").first.map { "\($0)" } ?? "none"
    context.setTrailingMetadata(Metadata(["x-tail": blob, "x-packed": "\(context.isRequestCompressed)"]))
    switch request.name {
    case "missing":
      var status = Status(.notFound, "没有 such name")
      status.details = try Self.details()
      throw status
    case "slow": try await Task.sleep(for: .seconds(60))
    default: break
    }
    return .init(name: request.name)
  }

  /// One detail that everybody knows, one that the server can describe, one that nobody can.
  private static func details() throws -> [UInt8] {
    func pack(_ name: String, _ bytes: [UInt8]) -> GoogleProtobuf.AnyMessage {
      .init(typeURL: "type.googleapis.com/\(name)", value: bytes)
    }
    let details = [
      pack("google.rpc.ErrorInfo", GoogleRPC.ErrorInfo(reason: "NO_NAME", domain: "sample").encoded()),
      pack("huying.sample.v1.Tree", SampleV1.Tree(name: "oak").encoded()), pack("nobody.knows.This", [8, 1]),
    ]
    return GoogleRPC.Status(code: 5, message: "没有 such name", details: details).encoded()
  }

  func watch(
    _ request: SampleV1.CollectRequest, writer: ResponseWriter<SampleV1.CollectResponse>, context: ServerContext
  ) async throws {
    for number in 0..<(Int(request.name) ?? 0) { try await writer.write(.init(name: "\(number)")) }
  }

  func gather(
    _ requests: RequestStream<SampleV1.CollectRequest>, context: ServerContext
  ) async throws -> SampleV1.CollectResponse {
    var names: [String] = []
    while let request = try await requests.next() { names.append(request.name) }
    return .init(name: names.joined(separator: "+"))
  }

  func chat(
    _ requests: RequestStream<SampleV1.CollectRequest>, writer: ResponseWriter<SampleV1.CollectResponse>,
    context: ServerContext
  ) async throws {
    while let request = try await requests.next() {
      if request.name == "enough" { throw Status(.aborted, "enough") }
      try await writer.write(.init(name: "re: " + request.name))
    }
  }
}
