import Access
import BackupContract
import Foundation
import HealthContract
import Logging
import NIOCore
import RPC
import ReflectionContract
import ServiceLifecycle
import TimeContract

/// A process between its first and its last call.
struct RunningProcess: ServiceLifecycle.Service {
  let surroundings: ProcessSurroundings
  let parts: ServiceParts

  func run() async throws {
    let settings = surroundings.settings
    let timers = TimerSet(timers: parts.timers, logger: surroundings.logger)
    let backup = parts.backupService ?? BackupHandlers(surroundings)
    let services = parts.services + timeServices(timers) + [backup]
    let names = Set(services.flatMap(\.handlers).map(\.method.service)).sorted()
    let serving = surroundings.serving
    serving.add(services: names)
    let timeFiles = surroundings.drivenTime == nil ? [] : TimeV1.fileDescriptors
    let builtIn = HealthV1.services + ReflectionV1.services + ReflectionV1Alpha.services
    let index = ReflectionIndex(
      services: Set(names + parts.reflectedServices + builtIn).sorted(),
      files: parts.fileDescriptors + timeFiles + BackupV1.fileDescriptors + HealthV1.fileDescriptors
        + ReflectionV1.fileDescriptors
        + ReflectionV1Alpha.fileDescriptors)
    var configuration = try settings.serverConfiguration(isDoor: parts.fallback != nil)
    configuration.security = settings.tls?.server
    configuration.security?.warn = { [logger = surroundings.logger] in logger.warning("\($0)") }
    let server = Server(
      configuration,
      services: services + [HealthHandlers(serving), ReflectionHandlers(index), ReflectionAlphaHandlers(index)],
      interceptors: [
        TraceInterceptor(),
        CallLog(
          service: settings.identity.name, logLevel: surroundings.logger.logLevel, registry: surroundings.metrics,
          known: Set(rules.keys).union(Self.builtInPaths)),
        parts.door
          ?? ActorInterceptor(
            signature: surroundings.signature, rules: rules, county: settings.county),
      ] + (surroundings.drivenTime.map { [DrivenTimeInterceptor(time: $0)] } ?? []),
      fallback: parts.fallback, passedOn: parts.passedOn)
    do { try await server.start() } catch let error as SecurityError {
      throw SettingError("tls: \(error)")
    } catch let error as ListenError {
      throw SettingError("cannot listen on \(settings.listen): \(error)")
    } catch {
      throw SettingError("cannot listen on \(settings.listen): \(Self.why(error))")
    }
    surroundings.metrics.collect(server)
    let readings = ProcessReadings()
    surroundings.metrics.collect { readings.now() }
    surroundings.metrics.collect { BuildInfo.readings }
    if !parts.timers.isEmpty {
      surroundings.metrics.collect { [time = surroundings.time] in timers.board.readings(at: time.now()) }
    }
    let admin = try await startAdmin()
    serving.set(isServing: true)
    surroundings.logger.info(
      "serving", metadata: ["listen": .string(server.addresses.map(\.text).joined(separator: ", "))])

    try await withThrowingDiscardingTaskGroup { group in
      for work in parts.background { group.addTask { await work() } }
      for watch in surroundings.databases.sealingWatches { group.addTask { await watch.run() } }
      if let driven = surroundings.drivenTime {
        await timers.catchUp(at: driven.now)
      } else {
        group.addTask { [time = surroundings.time] in await timers.run(time) }
      }
      try? await gracefulShutdown()
      serving.set(isServing: false)
      surroundings.logger.info("draining")
      // Who watches our health hears of it before the connection says that it takes no more calls.
      try? await Task.sleep(for: Self.noticeTime)
      group.cancelAll()
      await server.drain(within: ServiceProcess.drainLimit)
    }
    await admin?.stop()
  }

  private var rules: [String: AccessRule] {
    let rules = parts.accessRules.merging(BackupV1.accessRules) { own, _ in own }
    return surroundings.drivenTime == nil ? rules : rules.merging(TimeV1.accessRules) { own, _ in own }
  }

  /// Driven time can be moved; real time has no such service.
  private func timeServices(_ timers: TimerSet) -> [any RPC.Service] {
    guard let driven = surroundings.drivenTime else { return [] }
    return [parts.timeService ?? TimeHandlers(time: driven, timers: timers)]
  }

  /// From NOT_SERVING to the first GOAWAY: a few turns of every event loop.
  private static let noticeTime: Duration = .milliseconds(50)

  /// Methods that need no access rule.
  private static let builtInPaths = Set(
    (HealthV1.HealthMethods.all + ReflectionV1.ServerReflectionMethods.all
      + ReflectionV1Alpha.ServerReflectionMethods.all).map(\.path))

  private func startAdmin() async throws -> AdminServer? {
    guard let address = surroundings.settings.admin else { return nil }
    let serving = surroundings.serving
    let metrics = surroundings.metrics
    let note = surroundings.drivenTime == nil ? "" : " (driven time)"
    do {
      return try await AdminServer.start(
        at: address,
        pages: [
          "/metrics": { (true, metrics.text()) },
          "/health": {
            let isServing = serving.isServing("") == true
            return (isServing, (isServing ? "SERVING" : "NOT_SERVING") + note + "\n")
          },
        ])
    } catch {
      throw SettingError("cannot listen on \(address) (admin): \(Self.why(error))")
    }
  }

  /// What the system says of an address that cannot be listened on.
  private static func why(_ error: any Error) -> String {
    guard let code = (error as? IOError)?.errnoCode else { return "\(error)" }
    return code == EADDRINUSE ? "another process is using it" : String(cString: strerror(code))
  }
}

extension ListenAddress {
  /// `HOST:PORT` or `unix:PATH`.
  var text: String {
    switch self {
    case .tcp(let host, let port): "\(host):\(port)"
    case .unix(let path): "unix:\(path)"
    }
  }

  /// `HOST:PORT` or `unix:PATH`.
  package init(_ text: String) throws(SettingError) {
    if text.hasPrefix("unix:") {
      self = .unix(path: String(text.dropFirst(5)))
      return
    }
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[colon...].dropFirst()) else {
      throw SettingError("\"\(text)\" is neither HOST:PORT nor unix:PATH")
    }
    self = .tcp(host: String(text[..<colon]), port: port)
  }
}

extension ServiceProcess {
  /// Asks the process that these settings describe whether it is healthy; exit code 0 if it is. What a container's health
  /// check runs: the image needs no other tool.
  static func probe(_ settings: ServiceSettings) async -> Never {
    var configuration = ChannelConfiguration()
    configuration.security = settings.tls?.probe
    let target = settings.listen.hasPrefix("unix:") ? settings.listen : settings.probeTarget
    let channel = Channel(target: target, configuration: configuration)
    let client = HealthV1.HealthClient(channel)
    let answer = try? await client.check(.init(), options: CallOptions(timeout: .seconds(3)))
    print(answer?.status == .serving ? "SERVING" : "NOT_SERVING")
    exit(answer?.status == .serving ? 0 : 1)
  }
}

extension ServiceSettings {
  /// How long a call may wait for its turn in a service to which somebody else passes calls on. He has the shorter limit, so that
  /// a flood is refused where it comes in, and not after it has waited there.
  private static let longestWaitBehind: Duration = .seconds(2)

  /// What the server is set to; `isDoor`: it passes calls on.
  func serverConfiguration(isDoor: Bool) throws -> ServerConfiguration {
    var configuration = ServerConfiguration(try ListenAddress(listen))
    var limit = MethodLimit(running: maximumCalls, queued: 4 * maximumCalls)
    if !isDoor { limit.longestWait = Self.longestWaitBehind }
    configuration.methodLimits[.reads] = limit
    configuration.methodLimits[.writes] = limit
    configuration.maximumConnections = try DescriptorLimit.connections(
      configuration.maximumConnections, under: DescriptorLimit.raise())
    return configuration
  }

  /// Where a probe on the same machine finds the process: a wildcard address is asked on loopback.
  var probeTarget: String {
    listen.replacingOccurrences(of: "0.0.0.0:", with: "127.0.0.1:").replacingOccurrences(of: "[::]:", with: "[::1]:")
  }
}
