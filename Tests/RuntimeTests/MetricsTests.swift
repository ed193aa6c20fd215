import HealthContract
import Logging
import RPC
import TestSupport
import Testing

@testable import Runtime

@Suite(.timeLimit(.minutes(1))) struct MetricsTests {
  /// The numbers of a scrape by their names and labels.
  static func scrape(_ registry: PrometheusRegistry) -> [String: Double] {
    var numbers: [String: Double] = [:]
    var types: [String: String] = [:]
    for line in registry.text().split(separator: "\n") {
      let words = line.split(separator: " ")
      if line.hasPrefix("# TYPE ") {
        #expect(types[String(words[2])] == nil, "one TYPE line for each name: \(line)")
        types[String(words[2])] = String(words[3])
      } else {
        #expect(numbers[String(words[0])] == nil, "one line for each series: \(line)")
        numbers[String(words[0])] = Double(words[1])
      }
    }
    return numbers
  }

  @Test func `calls are measured on both sides, by method and status`() async throws {
    let registry = PrometheusRegistry()
    let known: Set<String> = ["/grpc.health.v1.Health/Check"]
    let folder = TemporaryFolder()
    let server = Server(
      ServerConfiguration(.unix(path: folder.file("s.sock"))), services: [HealthHandlers(ServingState(services: []))],
      interceptors: [CallLog(service: "test", logLevel: .critical, registry: registry, known: known)])
    try await server.start()
    registry.collect(server)
    var configuration = ChannelConfiguration()
    configuration.interceptors = [CallMeter(target: "here", registry: registry, known: known)]
    let channel = Channel(target: "unix:" + folder.file("s.sock"), configuration: configuration)
    registry.collect(channel, target: "here")
    #expect(Self.scrape(registry)["rpc_client_channel_state{target=\"here\",state=\"idle\"}"] == 1)

    let client = HealthV1.HealthClient(channel)
    for _ in 0..<3 { _ = try await client.check(.init()) }
    _ = try? await client.check(.init(service: "unknown"))
    for name in ["A", "B", "C"] {
      let _: HealthV1.HealthCheckResponse? = try? await channel.unary(
        MethodDescriptor(service: "made.up", name: name), HealthV1.HealthCheckRequest())
    }
    await channel.close()
    // The server has seen it before it ends anything itself.
    for _ in 0..<1_000 where server.connectionCount > 0 { try await Task.sleep(for: .milliseconds(5)) }
    await server.drain()

    let numbers = Self.scrape(registry)
    let check = "rpc_system=\"grpc\",rpc_method=\"grpc.health.v1.Health/Check\""
    let other = "rpc_system=\"grpc\",rpc_method=\"other\""
    #expect(numbers["rpc_server_call_duration_seconds_count{\(check),rpc_grpc_status_code=\"0\"}"] == 3)
    #expect(numbers["rpc_server_call_duration_seconds_count{\(check),rpc_grpc_status_code=\"5\"}"] == 1)
    #expect(numbers["rpc_server_call_duration_seconds_count{\(other),rpc_grpc_status_code=\"12\"}"] == 3)
    #expect(numbers["rpc_server_request_size_bytes_count{\(check)}"] == 4)
    #expect(numbers["rpc_server_request_size_bytes_sum{\(check)}"] == 9)
    #expect(numbers["rpc_server_response_size_bytes_bucket{\(check),le=\"64.0\"}"] == 4)
    #expect(numbers["rpc_client_call_duration_seconds_count{target=\"here\",\(check),rpc_grpc_status_code=\"0\"}"] == 3)
    #expect(
      numbers["rpc_client_call_duration_seconds_count{target=\"here\",\(other),rpc_grpc_status_code=\"12\"}"] == 3)
    #expect(!numbers.keys.contains { $0.contains("made.up") })

    #expect(numbers["rpc_server_connections"] == 0)
    #expect(numbers["rpc_server_active_requests"] == 0)
    #expect(numbers["rpc_server_connections_opened_total"] == 1)
    #expect(numbers["rpc_server_connections_closed_total{reason=\"peer\"}"] == 1)
    #expect(numbers["rpc_server_calls_started_total"] == 7)
    #expect(numbers["rpc_server_calls_succeeded_total"] == 3)
    #expect(numbers["rpc_server_calls_failed_total"] == 4)
    #expect(numbers["rpc_client_connect_attempts_total{target=\"here\"}"] == 1)
    #expect(numbers["rpc_client_calls_failed_total{target=\"here\"}"] == 4)
    #expect(numbers["rpc_client_channel_state{target=\"here\",state=\"shutdown\"}"] == 1)
    #expect((numbers["rpc_client_sent_bytes_total{target=\"here\"}"] ?? 0) > 100)
  }

  @Test func `a process knows its own size`() {
    let registry = PrometheusRegistry()
    let readings = ProcessReadings()
    registry.collect { readings.now() }
    let numbers = Self.scrape(registry)
    #expect((numbers["process_resident_memory_bytes"] ?? 0) > 1_000_000)
    #expect((numbers["process_open_fds"] ?? 0) > 2)
    #expect((numbers["process_cpu_seconds_total"] ?? 0) > 0)
    #expect((numbers["process_start_time_seconds"] ?? 0) > 1_600_000_000)
  }
}
