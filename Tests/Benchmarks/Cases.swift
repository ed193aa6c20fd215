import DisputeContract
import RPC
import Runtime
import Wire

extension Measure {
  /// One case, read again and again: by its service, and through the gateway.
  func measureReads(_ stack: Stack, _ bench: Workbench) async throws -> Report.Group {
    let method = DisputeV1.CaseServiceMethods.getCase
    let message = DisputeV1.GetCaseRequest(key: .caseID(try await aCase(stack))).encoded()
    var runners = [
      Runner(
        "through dispute", stack.direct("dispute", method, message, connections: 8, streams: 4), [stack.dispute],
        goal: "≤ 30 µs CPU"),
      Runner(
        "through the gateway", stack.routed(method, message, connections: 8, streams: 4),
        [stack.gateway, stack.dispute], goal: "≤ 60 µs CPU"),
    ]
    try await Runner.interleave(&runners, bench)
    var lines = runners.map(\.line)
    lines[1].ratios = zip(lines[1].cpuMicroseconds, lines[0].cpuMicroseconds).map { $0 / $1 }
    lines[1].ratioTo = lines[0].name
    return Report.Group(title: "point read, dispute GetCase, 32 readers", lines: lines)
  }

  private func aCase(_ stack: Stack) async throws -> String {
    let channel = Channel(target: "127.0.0.1:\(stack.ports["dispute"] ?? 0)")
    let client = DisputeV1.CaseServiceClient(channel)
    let signed = stack.signature.sign(Stack.actor, path: DisputeV1.CaseServiceMethods.reportCase.path)
    let answer = try await client.reportCase(
      report(id: "read"), options: .init(metadata: signed, timeout: .seconds(10)))
    await channel.close(within: .seconds(1))
    return answer.caseRecord?.caseID ?? ""
  }

  private func report(id: String) -> DisputeV1.ReportCaseRequest {
    .init(
      requestID: "benchmark-\(id)", kind: .dispute, category: "邻里", townshipOrgID: Stack.township,
      title: "张三家屋檐水流入李四家", narrative: "两家相邻多年，多次协商未果，请求调解。",
      parties: [.init(role: .applicant, name: "张三丰", phone: "00000001999")])
  }

  /// A case reported, with journal, sealed texts and request log: on disk when it is answered.
  func measureWrites(_ stack: Stack, _ bench: Workbench) async throws -> Report.Group {
    let method = DisputeV1.CaseServiceMethods.reportCase
    let message = report(id: Stack.counter).encoded()
    func direct(_ connections: Int, _ streams: Int) -> Load {
      stack.direct("dispute", method, message, connections: connections, streams: streams)
    }
    func routed(_ connections: Int, _ streams: Int) -> Load {
      stack.routed(method, message, connections: connections, streams: streams)
    }
    var runners = [
      Runner("dispute, 1 writer", direct(1, 1), [stack.dispute]),
      Runner("dispute, 64 writers", direct(8, 8), [stack.dispute], goal: "≥ 5 × calls/s of 1"),
      Runner("gateway, 1 writer", routed(1, 1), [stack.gateway, stack.dispute]),
      Runner("gateway, 64 writers", routed(8, 8), [stack.gateway, stack.dispute], goal: "≥ 5 × calls/s of 1"),
    ]
    try await Runner.interleave(&runners, bench)
    var lines = runners.map(\.line)
    for (many, one) in [(1, 0), (3, 2)] {
      lines[many].ratios = zip(lines[many].callsPerSecond, lines[one].callsPerSecond).map { $0 / $1 }
      lines[many].ratioTo = lines[one].name
    }
    return Report.Group(title: "durable write, dispute ReportCase", lines: lines)
  }
}
