import Access
import ArgumentParser
import Foundation
import Kernel
import Logging
import RPC
import ServiceLifecycle
import ServiceLifecycleTestKit
import Synchronization
import TestSupport
import Testing
import TimeContract
import WireTypes

@testable import Runtime

/// Business time that is moved by calls (design: "Time").
@Suite(.timeLimit(.minutes(1))) struct DrivenTimeTests {
  struct Broken: Error {}

  /// Timers that cannot be fired.
  struct BrokenTimers: Timers {
    func fire(at now: Timestamp) async throws -> Int { throw Broken() }
    func next() async throws -> Timestamp? { nil }
  }

  /// Timers at given instants; each fires once, and says what time it was.
  final class Alarms: Timers {
    private let state: Mutex<(due: [Timestamp], fired: [(due: Timestamp, now: Timestamp)])>

    init(_ due: [Timestamp]) { state = Mutex((due.sorted(), [])) }

    var fired: [(due: Timestamp, now: Timestamp)] { state.withLock { $0.fired } }

    func fire(at now: Timestamp) async throws -> Int {
      state.withLock { state in
        let due = state.due.prefix { $0 < now }
        state.fired += due.map { ($0, now) }
        state.due.removeFirst(due.count)
        return due.count
      }
    }

    func count(before instant: Timestamp) async throws -> Int? { state.withLock { $0.due.count { $0 < instant } } }

    func next() async throws -> Timestamp? { state.withLock { $0.due.first } }
  }

  private let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
  private let monday = Timestamp(seconds: 1_583_805_600)

  private func settings(
    _ arguments: [String], _ environment: [String: String] = [:]
  ) throws -> ServiceSettings {
    try ServiceSettings(ServiceOptions.parse(arguments), for: .dispute, environment: environment)
  }

  @Test func `now never goes back, not even over a restart`() throws {
    let folder = TemporaryFolder()
    let database = folder.file("dispute.sqlite")
    let first = try DrivenTime(in: folder.path, database: database)
    #expect(first.now == DrivenTime.beginning)
    #expect(first.now.shanghai == "2019-01-01T00:00:00+08:00")
    first.move(to: monday)
    first.move(to: monday - .days(1))
    #expect(first.source.now() == monday)
    try Data().write(to: URL(fileURLWithPath: database))
    #expect(try DrivenTime(in: folder.path, database: database).now == monday)
  }

  @Test func `data of one kind of time is never served in the other`() throws {
    let real = TemporaryFolder()
    try Data().write(to: URL(fileURLWithPath: real.file("dispute.sqlite")))
    try DrivenTime.expectReal(in: real.path)
    #expect(throws: SettingError.self) { try DrivenTime(in: real.path, database: real.file("dispute.sqlite")) }
    let driven = TemporaryFolder()
    _ = try DrivenTime(in: driven.path, database: driven.file("dispute.sqlite"))
    #expect(throws: SettingError.self) { try DrivenTime.expectReal(in: driven.path) }
  }

  @Test func `driven time is refused beside every setting of production`() throws {
    #expect(try !settings([]).isTimeDriven)
    #expect(try settings(["--time", "driven"]).lines.contains("time = driven"))
    #expect(try settings([], ["HUYING_TIME": "driven"]).isTimeDriven)
    for (arguments, environment) in [
      (["--time", "driven", "--tls-certificate", "c.pem", "--tls-key", "c.key"], [:]),
      (["--time", "driven"], ["HUYING_JWKS": "/keys.json"]),
      (["--time", "driven"], ["HUYING_BACKEND_AUTHORITIES": "/ca.pem"]),
      (["--time", "fast"], [:]),
    ] {
      let error = #expect(throws: SettingError.self) { try settings(arguments, environment) }
      #expect(error?.description.hasPrefix("time: ") == true)
    }
  }

  @Test func `timers on the way fire in order, each as soon as its instant has passed`() async throws {
    let time = DrivenTime(at: monday)
    let alarms = Alarms([3, 1, 2].map { monday + .hours($0) })
    let more = Alarms([monday + .minutes(90)])
    let timers = TimerSet(timers: [alarms, more], logger: quiet)
    #expect(try await timers.advance(time, to: monday + .hours(2)) == 2)
    #expect(time.now == monday + .hours(2))
    #expect(alarms.fired.map(\.due) == [monday + .hours(1)])
    #expect((alarms.fired + more.fired).allSatisfy { $0.now == $0.due + .instant })
    #expect(try await timers.next() == monday + .hours(2))
    #expect(try await timers.advance(time, to: monday + .days(1)) == 2)
    #expect(try await timers.advance(time, to: monday) == 0)
    #expect(time.now == monday + .days(1))
  }

  @Test func `what was missed fires late, once`() async throws {
    let alarms = Alarms([monday, monday + .hours(1)])
    let time = DrivenTime(at: monday + .days(2))
    let timers = TimerSet(timers: [alarms], logger: quiet)
    await timers.catchUp(at: time.now)
    await timers.catchUp(at: time.now)
    #expect(alarms.fired.map(\.due) == [monday, monday + .hours(1)])
    #expect(alarms.fired.allSatisfy { $0.now == time.now })
  }

  @Test func `a scrape shows what fired, what is due within a day, and what cannot be done`() async throws {
    func shown(_ timers: TimerSet, at now: Timestamp) -> [String: Double] {
      Dictionary(uniqueKeysWithValues: timers.board.readings(at: now).map { ($0.name, $0.value) })
    }
    let alarms = Alarms([monday + .minutes(30), monday + .hours(2), monday + .days(2)])
    let timers = TimerSet(timers: [alarms], logger: quiet)
    let now = monday + .hours(1)
    await timers.catchUp(at: now)
    await timers.count(at: now)
    #expect(
      shown(timers, at: now) == [
        "huying_timers_fired_total": 1, "huying_timers_failures_total": 0, "huying_timers_overdue_seconds": 0,
        "huying_clocks_due": 1,
      ])
    // Seen an hour after it was due: it has not been done.
    #expect(shown(timers, at: monday + .hours(3))["huying_timers_overdue_seconds"] == 3_600)
    let broken = TimerSet(timers: [BrokenTimers()], logger: quiet)
    await broken.catchUp(at: now)
    await broken.count(at: now)
    #expect(shown(broken, at: now)["huying_timers_failures_total"] == 1)
    #expect(shown(broken, at: now)["huying_clocks_due"] == nil)
  }

  @Test func `a process takes now from its calls and moves its timers when told`() async throws {
    let folder = TemporaryFolder()
    let socket = "unix:" + folder.file("p.sock")
    let time = DrivenTime(at: monday)
    let alarms = Alarms([monday + .hours(1)])
    let signature = ActorSignature(key: try KeyFile.loadOrMake(at: folder.file("k")))
    let arguments = ["--listen", socket, "--admin", "off", "--data-dir", folder.path, "--time", "driven"]
    let surroundings = ProcessSurroundings(
      settings: try settings(arguments), logger: quiet, metrics: PrometheusRegistry(), time: time.source,
      serving: ServingState(services: []), signature: signature, cryptography: .testing, drivenTime: time)
    let process = RunningProcess(
      surroundings: surroundings,
      parts: ServiceParts(services: [], accessRules: [:], fileDescriptors: [], timers: [alarms]))
    let channel = Channel(target: socket)
    func options(_ method: MethodDescriptor, now: String? = nil) -> CallOptions {
      var options = CallOptions(timeout: .seconds(20), waitForReady: true)
      options.metadata = signature.sign(.system(county: "379922000000"), path: method.path)
      if let now { options.metadata.append(NowMetadata.name, now) }
      return options
    }
    try await testGracefulShutdown { trigger in
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await process.run() }
        let client = TimeV1.TimeServiceClient(channel)
        let (get, advance) = (TimeV1.TimeServiceMethods.getTime, TimeV1.TimeServiceMethods.advanceTime)
        let later = (monday + .minutes(1)).rfc3339
        #expect(try await client.getTime(.init(), options: options(get, now: later)).nowTime?.kernel.rfc3339 == later)
        let wrong = await #expect(throws: Status.self) {
          try await client.getTime(.init(), options: options(get, now: "yesterday"))
        }
        #expect(wrong?.reasons.map(\.code) == ["NOW_INVALID"])
        let missing = await #expect(throws: Status.self) {
          try await client.advanceTime(.init(), options: options(advance))
        }
        #expect(missing?.reasons.map(\.code) == ["TARGET_TIME_MISSING"])
        let stranger = await #expect(throws: Status.self) {
          try await client.getTime(.init(), options: .init(timeout: .seconds(20)))
        }
        #expect(stranger?.code == .unauthenticated)
        let moved = try await client.advanceTime(
          .init(toTime: .init(monday + .days(1))), options: options(advance))
        #expect(moved.firedCount == 1 && moved.nextTimerTime == nil)
        #expect(alarms.fired.map(\.now) == [monday + .hours(1) + .instant])
        trigger.triggerGracefulShutdown()
        try await group.waitForAll()
      }
    }
    await channel.close()
  }
}
