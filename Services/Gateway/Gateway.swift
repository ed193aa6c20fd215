import Access
import BackupContract
import CareVisitContract
import CommonContract
import DispatchContract
import DisputeContract
import FeedContract
import Foundation
import GatewayContract
import GridRegistryContract
import PerformanceEvaluationContract
import Persistence
import RPC
import ResponsibilityListContract
package import Runtime
import TimeContract
import Wire
import WireTypes

/// The gateway's parts: door, routing, the sentences of `Translations/`, journeys and console.
package enum Gateway {
  /// Assembles them. The five services stand on their default ports of this machine, or where `HUYING_<NAME>_TARGET` says
  /// (`HUYING_DISPUTE_TARGET=dispute:7902`), over TLS where `HUYING_BACKEND_AUTHORITIES` is set; `HUYING_JWKS` names the county's
  /// key set, without it the local key is used; `HUYING_FIRST_ADMINISTRATOR` the file of the first administrator's secret.
  package static func parts(_ surroundings: ProcessSurroundings) async throws -> ServiceParts {
    let settings = surroundings.settings
    let environment = ProcessInfo.processInfo.environment
    let methods = methods(in: files)
    let backends = Backends(
      targets: targets(environment), security: try backendSecurity(environment), signature: surroundings.signature,
      county: settings.county, metrics: surroundings.metrics, known: Set(methods.map(\.path)),
      drivenTime: surroundings.drivenTime)
    let keys = try await TokenKeys.load(
      jwksPath: environment["HUYING_JWKS"], folder: settings.keyDirectory, logger: surroundings.logger)
    let database = try await surroundings.openDatabase(migrations: GatewayMigrations.all)
    let accessKeys = try AccessKeys(database, surroundings.cryptography, now: TimeSource.real.now)
    if let path = environment["HUYING_FIRST_ADMINISTRATOR"], !path.isEmpty {
      try await FirstAdministrator.invite(fromFile: path, accessKeys, surroundings.logger)
    }
    let relay = Relay(
      backends: backends, parked: try ParkedMessages(database), time: surroundings.time, logger: surroundings.logger)
    surroundings.metrics.collect { relay.gauges }
    let backup = CountyBackup(surroundings, backends: backends, gate: relay.gate)
    let schedule = try BackupSchedule(environment)
    if let schedule { surroundings.metrics.collect { schedule.gauges } }
    let router = Router(backends: backends, signature: surroundings.signature)
    let health = BackendHealth(backends, surroundings.serving, services: routedServices, logger: surroundings.logger)
    return ServiceParts(
      services: [
        DeterminationForCall(backends: backends, signature: surroundings.signature),
        DeterminationForAnalysis(backends: backends, signature: surroundings.signature),
        JourneyHandlers(backends: backends, signature: surroundings.signature), RelayHandlers(relay),
        JournalHandlers(backends: backends), SessionHandlers(), AccessKeyHandlers(accessKeys, now: TimeSource.real.now),
      ],
      accessRules: routedRules.merging(GatewayV1.accessRules) { first, _ in first },
      fileDescriptors: files,
      fallback: { try await router.route($0, $1) },
      passedOn: backends.all.map { backend in methods.filter { backend.owns($0.service) } },
      background: [
        { await relay.run() }, { await health.watch() }, { await schedule?.run(backup, surroundings.logger) },
      ],
      door: Door(
        verifier: TokenVerifier(keys: keys, accessKeys: accessKeys, county: settings.county),
        rules: GatewayV1.accessRules.merging(TimeV1.accessRules) { own, _ in own }
          .merging(BackupV1.accessRules) { own, _ in own }, county: settings.county),
      timeService: surroundings.drivenTime.map { CountyTime($0, backends: backends, relay: relay) },
      backupService: backup,
      reflectedServices: routedServices,
      close: {
        await backends.close()
        database.close()
      })
  }

  /// Descriptors of everything that can be called here.
  private static var files: [EmbeddedFile] {
    GatewayV1.fileDescriptors + GridRegistryV1.fileDescriptors + DisputeV1.fileDescriptors
      + ResponsibilityListV1.fileDescriptors + DispatchV1.fileDescriptors + PerformanceEvaluationV1.fileDescriptors
      + CareVisitV1.fileDescriptors
  }

  /// The services that are passed on; feeds and inboxes are not shown, because nobody outside may call them.
  private static var routedServices: [String] {
    (GridRegistryV1.services + DisputeV1.services + ResponsibilityListV1.services + DispatchV1.services
      + PerformanceEvaluationV1.services + CareVisitV1.services).filter { !$0.hasSuffix(".InboxService") }
  }

  private static var routedRules: [String: AccessRule] {
    [
      GridRegistryV1.accessRules, DisputeV1.accessRules, ResponsibilityListV1.accessRules, DispatchV1.accessRules,
      PerformanceEvaluationV1.accessRules, CareVisitV1.accessRules,
    ].reduce(into: [:]) { $0.merge($1) { first, _ in first } }
  }

  /// The methods that the files declare.
  static func methods(in files: [EmbeddedFile]) -> [MethodDescriptor] {
    files.compactMap { try? GoogleProtobuf.FileDescriptorProto(decoding: $0.bytes) }.flatMap { file in
      file.service.flatMap { service in
        service.method.map { method in
          MethodDescriptor(
            service: "\(file.package ?? "").\(service.name ?? "")", name: method.name ?? "",
            clientStreaming: method.clientStreaming ?? false, serverStreaming: method.serverStreaming ?? false)
        }
      }
    }
  }

  /// Whom the gateway trusts to be a service, and what it shows to one that asks; `nil`: plain text.
  static func backendSecurity(_ environment: [String: String]) throws -> ChannelSecurity? {
    func file(_ name: String) -> String? { environment["HUYING_BACKEND_\(name)"].flatMap { $0.isEmpty ? nil : $0 } }
    let (certificate, key) = (file("CERTIFICATE"), file("KEY"))
    guard let authorities = file("AUTHORITIES") else {
      guard certificate == nil, key == nil else {
        throw SettingError("HUYING_BACKEND_CERTIFICATE: TLS to the services needs HUYING_BACKEND_AUTHORITIES")
      }
      return nil
    }
    guard (certificate == nil) == (key == nil) else {
      throw SettingError("HUYING_BACKEND_CERTIFICATE and HUYING_BACKEND_KEY go together")
    }
    return ChannelSecurity(authoritiesFile: authorities, certificateFile: certificate, keyFile: key)
  }

  private static func targets(_ environment: [String: String]) -> [String: String] {
    var targets: [String: String] = [:]
    for identity in ServiceIdentity.all {
      let variable = "HUYING_\(identity.name.uppercased().map { $0 == "-" ? "_" : String($0) }.joined())_TARGET"
      if let target = environment[variable], !target.isEmpty { targets[identity.name] = target }
    }
    return targets
  }
}
