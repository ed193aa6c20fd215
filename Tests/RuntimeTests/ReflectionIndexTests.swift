import HealthContract
import ReflectionContract
import Testing
import Wire
import WireTypes

@testable import Runtime

@Suite struct ReflectionIndexTests {
  let index = ReflectionIndex(
    services: ["grpc.health.v1.Health"], files: HealthV1.fileDescriptors + ReflectionV1.fileDescriptors)

  @Test(arguments: [
    "grpc.health.v1.Health", "grpc.health.v1.Health.Check", "grpc.health.v1.HealthCheckRequest",
    "grpc.health.v1.HealthCheckRequest.service", "grpc.health.v1.HealthCheckResponse.ServingStatus",
  ])
  func `a symbol is found in the file that declares it`(_ symbol: String) throws {
    let files = try #require(index.file(containing: symbol))
    let first = try GoogleProtobuf.FileDescriptorProto(decoding: files[0])
    #expect(first.package == "grpc.health.v1")
  }

  @Test func `what is not there is nil, and a message without extensions has none`() {
    #expect(index.file(containing: "grpc.health.v1.Nothing") == nil)
    #expect(index.file(named: "nothing.proto") == nil)
    #expect(index.extensionNumbers(of: "nothing") == nil)
    #expect(index.extensionNumbers(of: "grpc.health.v1.HealthCheckRequest") == [])
  }
}
