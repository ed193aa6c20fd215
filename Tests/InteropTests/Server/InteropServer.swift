import ArgumentParser
import Foundation
import GRPCTestingContract
import Glibc
import HealthContract
import RPC
import ReflectionContract
import Runtime
import UnixSignals

/// gRPC's published interoperability server on this repository's runtime: `grpc.testing.TestService`, health and reflection.
@main struct InteropServer: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "interop-server",
    abstract: "Serves grpc.testing.TestService, grpc.health.v1.Health and grpc.reflection.v1 and v1alpha.",
    discussion: "SIGTERM and SIGINT let calls under way finish (8 s) and end the process with exit code 0.")

  @Option(help: "The TCP port; 0 lets the system choose. The port is printed as one line once it is open.")
  var port: Int = 10_000
  @Option(help: "The address that the port is opened on.") var host: String = "127.0.0.1"
  @Option(help: "A Unix socket to listen on as well.") var unix: String?
  @Option(help: "The certificate (PEM), for TLS.") var tlsCert: String?
  @Option(help: "The certificate's key (PEM).") var tlsKey: String?
  @Option(help: "Authorities of clients' certificates (PEM): clients without one are refused.") var clientCa: String?
  @Option(help: "Streams that one connection may have open at once.") var maxStreams: Int?
  @Option(help: "Seconds, ± 10 %, after which a connection is ended; its calls may finish.") var maxAge: Double?

  func validate() throws {
    guard (tlsCert == nil) == (tlsKey == nil) else { throw ValidationError("--tls-cert and --tls-key go together") }
    guard clientCa == nil || tlsCert != nil else { throw ValidationError("--client-ca needs --tls-cert and --tls-key") }
  }

  func run() async throws {
    // From here on, so that a signal during the start is not lost.
    let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
    let serving = ServingState(services: [])
    let server = Server(try serverConfiguration(), services: services(serving))
    do { try await server.start() } catch {
      FileHandle.standardError.write(Data("interop-server: cannot listen: \(error)\n".utf8))
      throw ExitCode(1)
    }
    serving.set(isServing: true)
    print(server.port)
    fflush(nil)
    for await _ in signals { break }
    serving.set(isServing: false)
    await server.drain()
    if let unix { unlink(unix) }
  }

  private func serverConfiguration() throws -> ServerConfiguration {
    var configuration = ServerConfiguration(.tcp(host: host, port: port))
    if let unix { configuration.addresses.append(.unix(path: unix)) }
    if let tlsCert, let tlsKey {
      configuration.security = ServerSecurity(
        certificateFile: tlsCert, keyFile: tlsKey, clientAuthoritiesFile: clientCa,
        clientCertificates: clientCa == nil ? .none : .required)
    }
    if let maxAge { configuration.maximumAge = .seconds(maxAge) }
    if let maxStreams { configuration.maximumConcurrentStreams = maxStreams }
    return configuration
  }

  private func services(_ serving: ServingState) -> [any RPC.Service] {
    let test = TestServiceHandlers()
    // `UnimplementedService` is in the contract so that clients can call what no server has.
    let names =
      [GRPCTesting.TestServiceMethods.service] + HealthV1.services + ReflectionV1.services
      + ReflectionV1Alpha.services
    serving.add(services: names)
    let index = ReflectionIndex(
      services: names.sorted(),
      files: GRPCTesting.fileDescriptors + HealthV1.fileDescriptors + ReflectionV1.fileDescriptors
        + ReflectionV1Alpha.fileDescriptors)
    return [test, HealthHandlers(serving), ReflectionHandlers(index), ReflectionAlphaHandlers(index)]
  }
}
