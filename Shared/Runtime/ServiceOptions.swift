package import ArgumentParser
import Foundation

/// The settings every process of the system has, as flags; each also as an environment variable `HUYING_<NAME>`.
///
/// A flag wins over the variable, the variable over the default. The doc comment of `resolve` says what is refused.
package struct ServiceOptions: ParsableArguments {
  @Option(help: "Where the RPCs listen: HOST:PORT or unix:PATH. (HUYING_LISTEN)")
  package var listen: String?

  @Option(help: "Where /metrics and /health listen, loopback by default; \"off\" for nowhere. (HUYING_ADMIN)")
  package var admin: String?

  @Option(help: "The folder of this process's database and sealing key; made if missing. (HUYING_DATA_DIR)")
  package var dataDir: String?

  @Option(help: "The folder of the keys that the stack shares (actor signing, JWT); made if missing. (HUYING_KEY_DIR)")
  package var keyDir: String?

  @Option(
    help:
      "The file of the key that opens what residents told us; default: sealing.key in the data folder. (HUYING_SEALING_KEY)"
  )
  package var sealingKey: String?

  @Option(
    help:
      "Where RPCs may be spoken without TLS: on loopback and Unix sockets, or also on a private-network. (HUYING_PLAIN_TEXT)"
  )
  package var plainText: String?

  @Option(help: "The county's 12-digit code. (HUYING_COUNTY)")
  package var county: String?

  @OptionGroup(title: "TLS") package var tls: TLSOptions

  @Option(help: "trace, debug, info, notice, warning or error. (HUYING_LOG_LEVEL)")
  package var logLevel: String?

  @Option(
    help:
      "Reads, and writes, that an event loop runs at a time; four times as many wait, more are refused. (HUYING_MAX_CALLS)"
  )
  package var maxCalls: String?

  @Option(
    help:
      "Where business time comes from: real, or driven by calls (tests and the demo county; never with TLS or a county's keys). (HUYING_TIME)"
  )
  package var time: String?

  @Option(
    help:
      "grid-registry only: the care-visit register, on or off; off unless the county has decided on it. (HUYING_CARE_VISITS)"
  )
  package var careVisits: String?

  @Option(
    help: "grid-registry only: the care-visit register's key file; DATA-DIR/care-visit.key. (HUYING_CARE_VISIT_KEY)")
  package var careVisitKey: String?

  @Flag(help: "Print the settings in force, one a line, and stop.")
  package var printConfig = false

  package init() {}
}

/// What a process may differ in: its name and its ports.
package struct ServiceIdentity: Sendable {
  /// The hyphenated name of the process and of its database file.
  package let name: String
  /// The port its RPCs listen on unless told otherwise; the admin port is 100 above.
  package let defaultPort: Int

  package init(name: String, defaultPort: Int) {
    self.name = name
    self.defaultPort = defaultPort
  }

  package static let gateway = Self(name: "gateway", defaultPort: 7900)
  package static let gridRegistry = Self(name: "grid-registry", defaultPort: 7901)
  package static let dispute = Self(name: "dispute", defaultPort: 7902)
  package static let responsibilityList = Self(name: "responsibility-list", defaultPort: 7903)
  package static let dispatch = Self(name: "dispatch", defaultPort: 7904)
  package static let performanceEvaluation = Self(name: "performance-evaluation", defaultPort: 7905)

  /// All six processes, the gateway last: the order in which they are started and shown.
  package static let all = [gridRegistry, dispute, responsibilityList, dispatch, performanceEvaluation, gateway]
}

/// A setting that cannot be used: one clear line, exit code 2.
package struct SettingError: Error, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}

/// The settings in force, checked.
package struct ServiceSettings: Sendable {
  package let identity: ServiceIdentity
  package let listen: String
  /// `nil`: no admin port.
  package let admin: String?
  package let dataDirectory: String
  package let keyDirectory: String
  /// The file of the key that this process seals residents' texts with.
  package let sealingKeyPath: String
  package let county: String
  package let logLevel: String
  /// Reads, and writes, that an event loop runs at a time.
  package let maximumCalls: Int
  /// `nil`: plain text.
  package let tls: TLSSettings?
  /// Business time comes from the calls: tests and the demo county.
  package let isTimeDriven: Bool

  /// The care-visit register is on: grid-registry's alone.
  package let hasCareVisits: Bool
  /// The register's key file.
  package let careVisitKeyPath: String
  /// What the register's own database file is called.
  package static let careVisitName = "care-visit"
  /// The register's own database file.
  package var careVisitPath: String { "\(dataDirectory)/\(Self.careVisitName).sqlite" }

  /// The database file of this process.
  package var databasePath: String { "\(dataDirectory)/\(identity.name).sqlite" }

  /// Flags over variables over defaults. Throws `SettingError` for a county that is not twelve digits, an address without
  /// a port, an unknown log level, for TLS that is set by halves, for plain text where others could listen, and for driven
  /// time beside any setting of production.
  package init(
    _ options: ServiceOptions, for identity: ServiceIdentity,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws {
    func value(_ flag: String?, _ name: String, _ fallback: String) -> String {
      flag ?? environment["HUYING_\(name)"].flatMap { $0.isEmpty ? nil : $0 } ?? fallback
    }
    self.identity = identity
    listen = try Self.address(value(options.listen, "LISTEN", "127.0.0.1:\(identity.defaultPort)"), of: "listen")
    let admin = value(options.admin, "ADMIN", "127.0.0.1:\(identity.defaultPort + 100)")
    guard !admin.hasPrefix("unix:") else { throw SettingError("admin: \"\(admin)\" is not HOST:PORT") }
    self.admin = admin == "off" ? nil : try Self.address(admin, of: "admin")
    dataDirectory = value(options.dataDir, "DATA_DIR", "var/\(identity.name)")
    keyDirectory = value(options.keyDir, "KEY_DIR", "var/keys")
    sealingKeyPath = value(options.sealingKey, "SEALING_KEY", "\(dataDirectory)/sealing.key")
    county = value(options.county, "COUNTY", "379922000000")
    logLevel = value(options.logLevel, "LOG_LEVEL", "info")
    let maximumCalls = value(options.maxCalls, "MAX_CALLS", "256")
    guard let number = Int(maximumCalls), (1...100_000).contains(number) else {
      throw SettingError("max-calls: \"\(maximumCalls)\" is not a number from 1 to 100000")
    }
    self.maximumCalls = number
    tls = try TLSSettings(options.tls, listen: listen) { value($0, $1, "") }
    try Self.expectPrivacy(of: listen, isSecure: tls != nil, value(options.plainText, "PLAIN_TEXT", "loopback"))
    let time = value(options.time, "TIME", "real")
    guard time == "real" || time == "driven" else { throw SettingError("time: \"\(time)\" is neither real nor driven") }
    isTimeDriven = time == "driven"
    let variable = Self.productionVariables.first { environment[$0]?.isEmpty == false }
    let production = tls == nil ? variable : "tls-certificate"
    if isTimeDriven, let production {
      throw SettingError("time: driven time is for tests and the demo county, not for use with \(production)")
    }
    let isRegistry = identity.name == ServiceIdentity.gridRegistry.name
    if !isRegistry, options.careVisits != nil || options.careVisitKey != nil {
      throw SettingError("care-visits: only grid-registry has a care-visit register")
    }
    let careVisits = value(options.careVisits, "CARE_VISITS", "off")
    guard careVisits == "on" || careVisits == "off" else {
      throw SettingError("care-visits: \"\(careVisits)\" is neither on nor off")
    }
    hasCareVisits = isRegistry && careVisits == "on"
    careVisitKeyPath = value(options.careVisitKey, "CARE_VISIT_KEY", "\(dataDirectory)/care-visit.key")
    guard county.utf8.count == 12, county.utf8.allSatisfy({ (48...57).contains($0) }) else {
      throw SettingError("county: \"\(county)\" is not a 12-digit code")
    }
    guard ["trace", "debug", "info", "notice", "warning", "error"].contains(logLevel) else {
      throw SettingError("log-level: \"\(logLevel)\" is none of trace, debug, info, notice, warning, error")
    }
  }

  /// What only a county's real installation sets.
  private static let productionVariables = [
    "HUYING_JWKS", "HUYING_BACKEND_AUTHORITIES", "HUYING_BACKEND_CERTIFICATE", "HUYING_BACKEND_KEY",
  ]

  /// Residents' data does not travel in the clear: without TLS a process listens where only its own machine, or by its
  /// operator's word a private network, can hear it.
  private static func expectPrivacy(of listen: String, isSecure: Bool, _ plainText: String) throws(SettingError) {
    guard ["loopback", "private-network"].contains(plainText) else {
      throw SettingError("plain-text: \"\(plainText)\" is neither loopback nor private-network")
    }
    let isLoopback = ["unix:", "127.", "localhost:", "[::1]:"].contains { listen.hasPrefix($0) }
    guard isSecure || isLoopback || plainText == "private-network" else {
      throw SettingError(
        """
        listen: \(listen) can be reached by others, so it needs TLS (tls-certificate, tls-key); on a network that nobody else \
        is on, say --plain-text private-network
        """)
    }
  }

  private static func address(_ text: String, of setting: String) throws -> String {
    if text.hasPrefix("unix:"), text.utf8.count > 5 { return text }
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
      (0...65_535).contains(port), colon != text.startIndex
    else { throw SettingError("\(setting): \"\(text)\" is neither HOST:PORT nor unix:PATH") }
    return text
  }

  /// The settings as `--print-config` shows them.
  package var lines: [String] {
    [
      "listen = \(listen)", "admin = \(admin ?? "off")", "data-dir = \(dataDirectory)", "key-dir = \(keyDirectory)",
      "sealing-key = \(sealingKeyPath)", "county = \(county)", "log-level = \(logLevel)",
      "max-calls = \(maximumCalls)", "time = \(isTimeDriven ? "driven" : "real")",
    ] + careVisitLines + (tls?.lines ?? ["tls-certificate = off"])
  }

  private var careVisitLines: [String] {
    guard identity.name == ServiceIdentity.gridRegistry.name else { return [] }
    return ["care-visits = \(hasCareVisits ? "on, \(careVisitPath), \(careVisitKeyPath)" : "off")"]
  }
}
