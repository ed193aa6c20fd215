import Access
package import RPC
package import Runtime

/// One of the five services, as the gateway reaches it.
package struct Backend: Sendable {
  /// `dispute`
  package let name: String
  /// The proto packages whose services it owns: `huying.dispute.v1`.
  package let packages: [String]
  /// For calls on behalf of somebody: the actor's signature travels in each call's metadata.
  package let channel: Channel
  /// For the gateway's own calls: signed as SYSTEM.
  package let systemChannel: Channel

  /// The longest pause between two attempts to reach it. Our services stand side by side, and one that is restarted is away for
  /// about a second: whoever calls again should find it, not a gateway that has yet to look.
  private static let longestPause: Duration = .milliseconds(250)

  /// How long an attempt may take. They are one network apart; the address of a container that was stopped says nothing at all.
  private static let connectTimeout: Duration = .seconds(3)

  /// `target` is `HOST:PORT` or `unix:PATH`; TLS is for the former.
  package init(
    name: String, packages: [String], target: String, security: ChannelSecurity?, signature: ActorSignature,
    county: String, interceptors: [any ClientInterceptor] = []
  ) {
    self.name = name
    self.packages = packages
    var configuration = ChannelConfiguration()
    if !target.hasPrefix("unix:") { configuration.security = security }
    configuration.interceptors = interceptors
    configuration.maximumBackoff = Self.longestPause
    configuration.connectTimeout = Self.connectTimeout
    channel = Channel(target: target, configuration: configuration)
    configuration.interceptors.append(SystemSigner(signature: signature, actor: .system(county: county)))
    systemChannel = Channel(target: target, configuration: configuration)
  }

  /// Whether a service, by its full name, is one of its own.
  func owns(_ service: String) -> Bool { packages.contains { service.hasPrefix($0 + ".") } }

  /// Shows its channels at every scrape.
  func show(in metrics: PrometheusRegistry) {
    metrics.collect(channel, target: name)
    metrics.collect(systemChannel, target: name + "/system")
  }
}

/// The five services.
package struct Backends: Sendable {
  package let gridRegistry: Backend
  package let dispute: Backend
  package let responsibilityList: Backend
  package let dispatch: Backend
  package let performanceEvaluation: Backend

  /// Backends at the given targets, by service name; a name that is missing stands on its default port of this machine. Calls
  /// to them are measured in `metrics`, those to `known` paths each for itself; each tells `drivenTime`, if time is driven.
  package init(
    targets: [String: String], security: ChannelSecurity? = nil, signature: ActorSignature, county: String,
    metrics: PrometheusRegistry? = nil, known: Set<String> = [], drivenTime: DrivenTime? = nil
  ) {
    func backend(_ identity: ServiceIdentity, besides others: [String] = []) -> Backend {
      Backend(
        name: identity.name,
        packages: ["huying.\(identity.name.map { $0 == "-" ? "_" : String($0) }.joined()).v1"] + others,
        target: targets[identity.name] ?? "127.0.0.1:\(identity.defaultPort)", security: security,
        signature: signature, county: county,
        interceptors: (metrics.map { [CallMeter(target: identity.name, registry: $0, known: known)] } ?? [])
          + (drivenTime.map { [NowTeller($0)] } ?? []))
    }
    // The care-visit register lives in grid-registry's process. Its calls are passed on; nothing else here knows of it.
    gridRegistry = backend(.gridRegistry, besides: ["huying.care_visit.v1"])
    dispute = backend(.dispute)
    responsibilityList = backend(.responsibilityList)
    dispatch = backend(.dispatch)
    performanceEvaluation = backend(.performanceEvaluation)
    if let metrics { for backend in all { backend.show(in: metrics) } }
  }

  /// All five, in the order in which a matter travels.
  package var all: [Backend] { [gridRegistry, dispute, responsibilityList, dispatch, performanceEvaluation] }

  /// Who owns the service called `service` in a method's path.
  package func owner(of service: String) -> Backend? {
    all.first { $0.owns(service) }
  }

  /// Closes every connection.
  package func close() async {
    for backend in all {
      await backend.channel.close(within: .seconds(1))
      await backend.systemChannel.close(within: .seconds(1))
    }
  }
}

/// Signs the gateway's own calls.
struct SystemSigner: ClientInterceptor {
  let signature: ActorSignature
  let actor: Actor

  func begin(_ method: MethodDescriptor, _ options: inout CallOptions) throws(Status) {
    signature.add(actor, path: method.path, to: &options.metadata)
  }
}
