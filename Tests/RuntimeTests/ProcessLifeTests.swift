import ArgumentParser
import HealthContract
import Logging
import RPC
import ServiceLifecycle
import ServiceLifecycleTestKit
import TestSupport
import Testing

@testable import Runtime

/// A whole process but for its `main`: from its first call to its last.
@Suite(.timeLimit(.minutes(2))) struct ProcessLifeTests {
  @Test func `a process that is told to go says so to who watches, and ends`() async throws {
    let folder = TemporaryFolder()
    let options = try ServiceOptions.parse([
      "--listen", "unix:" + folder.file("p.sock"), "--admin", "off", "--data-dir", folder.path, "--key-dir",
      folder.path,
    ])
    let serving = ServingState(services: [])
    let surroundings = ProcessSurroundings(
      settings: try ServiceSettings(options, for: .dispute, environment: [:]),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, metrics: PrometheusRegistry(), time: .real,
      serving: serving, signature: ActorSignature(key: try KeyFile.loadOrMake(at: folder.file("k"))),
      cryptography: .testing)
    let process = RunningProcess(
      surroundings: surroundings, parts: ServiceParts(services: [], accessRules: [:], fileDescriptors: []))
    let channel = Channel(target: "unix:" + folder.file("p.sock"))
    try await testGracefulShutdown { trigger in
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await process.run() }
        let health = HealthV1.HealthClient(channel)
        let patient = CallOptions(timeout: .seconds(100), waitForReady: true)
        let watching = health.watch(.init(), options: patient)
        var heard: [HealthV1.HealthCheckResponse.ServingStatus] = []
        while let status = try await watching.next()?.status {
          heard.append(status)
          if status == .serving { break }
        }
        trigger.triggerGracefulShutdown()
        let next = try await watching.next()
        #expect(next?.status == .notServing)
        let end = await #expect(throws: Status.self) { try await watching.next() }
        #expect(end?.code == .unavailable)
        try await group.waitForAll()
        #expect(heard.last == .serving)
      }
    }
    #expect(serving.watcherCount == 0)
    await channel.close()
  }
}
