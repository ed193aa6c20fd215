package import Access
import ArgumentParser
import CoreMetrics
import Crypto
import Foundation
package import Journal
package import Logging
package import RPC
import ServiceLifecycle
import UnixSignals

/// What a process answers: assembled once at the start by its `main.swift`.
package struct ServiceParts: Sendable {
  /// The process's own services; health and reflection are added.
  package var services: [any RPC.Service]
  /// Who may call what, by path: from the contracts.
  package var accessRules: [String: AccessRule]
  /// The contracts' descriptors, for reflection.
  package var fileDescriptors: [(name: String, bytes: [UInt8])]
  /// Answers methods that no service has (the gateway's routing).
  package var fallback: RawHandler?
  /// The methods that `fallback` passes on, by the service that owns them.
  package var passedOn: [[MethodDescriptor]]
  /// Work beside the calls (the gateway's relay); ends by cancellation at shutdown.
  package var background: [@Sendable () async -> Void]
  /// Interceptors in place of the signed actor's (the gateway's door).
  package var door: (any ServerInterceptor)?
  /// What is due at instants of business time.
  package var timers: [any Timers]
  /// Serves driven time in place of the process's own time alone (the gateway: the whole county's).
  package var timeService: (any RPC.Service)?
  /// Serves backups in place of the process's own files alone (the gateway: the whole county's).
  package var backupService: (any RPC.Service)?
  /// Full names of services that are answered though they are not among `services` (what the gateway passes on).
  package var reflectedServices: [String]
  /// Called last, after the drain.
  package var close: @Sendable () async -> Void

  package init(
    services: [any RPC.Service], accessRules: [String: AccessRule],
    fileDescriptors: [(name: String, bytes: [UInt8])], fallback: RawHandler? = nil, passedOn: [[MethodDescriptor]] = [],
    background: [@Sendable () async -> Void] = [], door: (any ServerInterceptor)? = nil,
    timers: [any Timers] = [], timeService: (any RPC.Service)? = nil,
    backupService: (any RPC.Service)? = nil, reflectedServices: [String] = [],
    close: @escaping @Sendable () async -> Void = {}
  ) {
    self.services = services
    self.accessRules = accessRules
    self.fileDescriptors = fileDescriptors
    self.fallback = fallback
    self.passedOn = passedOn
    self.background = background
    self.door = door
    self.timers = timers
    self.timeService = timeService
    self.backupService = backupService
    self.reflectedServices = reflectedServices
    self.close = close
  }
}

/// What a process has when its parts are assembled.
package struct ProcessSurroundings: Sendable {
  package let settings: ServiceSettings
  package let logger: Logger
  package let metrics: PrometheusRegistry
  package let time: TimeSource
  package let serving: ServingState
  /// Signs and verifies actors with the stack's key.
  package let signature: ActorSignature
  /// Seals what residents told us, with this process's own key.
  package let cryptography: Cryptography
  /// `nil`: business time is the machine's.
  package var drivenTime: DrivenTime?
  /// What was opened by `openDatabase`.
  package var databases = OpenDatabases()
  /// The keys of `cryptography`; `nil`: they are of no file.
  package var sealing: KeyRing?
}

/// The life of a process: settings, keys, database, parts, serve, drain, exit.
package enum ServiceProcess {
  /// Calls under way may finish for this long after SIGTERM.
  package static let drainLimit: Duration = .seconds(8)

  /// Runs the process called `identity` until SIGTERM or SIGINT. Exit codes: 0 drained, 1 its storage or something else failed
  /// while it ran, 2 it cannot start as it is set: a wrong setting, a port in use, a database that is damaged, newer or in use.
  /// `probe` as the only argument asks a running one whether it is healthy.
  package static func run(
    _ identity: ServiceIdentity,
    _ assemble: (ProcessSurroundings) async throws -> ServiceParts
  ) async {
    let arguments = Array(CommandLine.arguments.dropFirst())
    let options: ServiceOptions
    do { options = try ServiceOptions.parse(arguments.filter { $0 != "probe" }) } catch {
      let isHelp = ServiceOptions.exitCode(for: error).isSuccess
      fail(isHelp ? ServiceOptions.helpMessage() : ServiceOptions.message(for: error), code: isHelp ? 0 : 2)
    }
    _ = DescriptorLimit.raise()
    Processors.limitLoops()
    do {
      let settings = try ServiceSettings(options, for: identity)
      if options.printConfig { fail(settings.lines.joined(separator: "\n"), code: 0) }
      if arguments.contains("probe") { await probe(settings) }
      try await serve(settings, assemble)
      exit(0)
    } catch let error as SettingError {
      fail("\(identity.name): \(error)", code: 2)
    } catch {
      fail("\(identity.name): \(error)", code: 1)
    }
  }

  private static func serve(
    _ settings: ServiceSettings, _ assemble: (ProcessSurroundings) async throws -> ServiceParts
  ) async throws {
    let logger = Logger(label: settings.identity.name) { name in
      JSONLogHandler(service: name, level: Logger.Level(rawValue: settings.logLevel) ?? .info)
    }
    let signing = try KeyRing.loadOrMake(at: "\(settings.keyDirectory)/actor-signing.key")
    let sealing = try KeyRing.loadOrMake(at: settings.sealingKeyPath, besides: settings.databasePath)
    let metrics = PrometheusRegistry()
    MetricsSystem.bootstrap(metrics)
    let driven = try drivenTime(settings, logger)
    let surroundings = ProcessSurroundings(
      settings: settings, logger: logger, metrics: metrics, time: driven?.source ?? .real,
      serving: ServingState(services: []), signature: ActorSignature(ring: signing),
      cryptography: .live(sealing), drivenTime: driven, sealing: sealing)
    let parts = try await assemble(surroundings)
    // The database's lock is ours now: they are nobody's.
    DatabaseCopies.removeRemains(in: settings.dataDirectory)
    let process = RunningProcess(surroundings: surroundings, parts: parts)
    let group = ServiceGroup(
      configuration: .init(
        services: [.init(service: process)], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
    try await group.run()
    await parts.close()
    logger.info("stopped")
  }

  /// Driven time where the settings say so; every log line shows it.
  private static func drivenTime(_ settings: ServiceSettings, _ logger: Logger) throws -> DrivenTime? {
    guard settings.isTimeDriven else {
      try DrivenTime.expectReal(in: settings.dataDirectory)
      return nil
    }
    let time = try DrivenTime(in: settings.dataDirectory, database: settings.databasePath)
    LogOutput.standard.showDrivenTime(time)
    logger.warning("business time is driven by calls: for tests and the demo county only")
    return time
  }

  private static func fail(_ line: String, code: Int32) -> Never {
    let handle = code == 0 ? FileHandle.standardOutput : FileHandle.standardError
    handle.write(Data((line + "\n").utf8))
    exit(code)
  }
}
