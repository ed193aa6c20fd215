import ArgumentParser
import GRPCTestingContract
import Glibc
import RPC

/// gRPC's published interoperability client on this repository's runtime.
@main struct InteropClient: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "interop-client",
    abstract: "Runs the cases of gRPC's interop-test-descriptions.md against a server.",
    discussion: """
      One line per case, "NAME: passed" or "NAME: FAILED: why"; exit code 0 if all passed, 1 if one did not.

      Cases: \(InteropCase.published.map(\.name).joined(separator: ", ")).
      On request only, against a server made for them: \(InteropCase.special.map(\.name).joined(separator: ", ")).

      Published and not applicable:
      \(InteropCase.notApplicable.map { "  \($0.name): \($0.reason)" }.joined(separator: "\n"))
      """)

  @Option(help: "HOST:PORT, dns:///HOST:PORT or unix:PATH.") var target: String
  @Option(name: .customLong("case"), help: "A case's name, several with commas between them, or all.")
  var cases: String = "all"
  @Option(help: "Cases of the chosen ones to leave out, with commas between them.") var except: String = ""
  @Flag(help: "Speak TLS.") var tls = false
  @Option(help: "Certificates of the authorities that the server may be certified by (PEM); without it the system's.")
  var ca: String?
  @Option(help: "The client's certificate (PEM).") var cert: String?
  @Option(help: "The client certificate's key (PEM).") var key: String?
  @Option(help: "The name that the server's certificate has to be for; without it the target's.") var serverName:
    String?
  @Option(help: "Seconds until a call that does not end by itself counts as failed.") var timeout: Int = 60
  @OptionGroup var soak: SoakOptions

  func validate() throws {
    guard tls || [ca, cert, key, serverName].allSatisfy({ $0 == nil }) else {
      throw ValidationError("--ca, --cert, --key and --server-name need --tls")
    }
    guard (cert == nil) == (key == nil) else { throw ValidationError("--cert and --key go together") }
  }

  func run() async throws {
    var configuration = ChannelConfiguration()
    if tls {
      configuration.security = ChannelSecurity(
        authoritiesFile: ca, certificateFile: cert, keyFile: key, serverName: serverName)
    }
    let peer = Peer(target: target, configuration: configuration, timeout: .seconds(timeout), soak: soak)
    var hasFailed = false
    let leftOut = except.split(separator: ",")
    for test in try chosenCases() where !leftOut.contains(where: { $0 == test.name }) {
      do {
        try await test.run(peer)
        print("\(test.name): passed")
      } catch {
        hasFailed = true
        print("\(test.name): FAILED: \(error)")
      }
      fflush(nil)
    }
    await peer.channel.close(within: .seconds(1))
    if hasFailed { throw ExitCode(1) }
  }

  private func chosenCases() throws -> [InteropCase] {
    if cases == "all" { return InteropCase.published }
    return try cases.split(separator: ",").map { name in
      if let known = (InteropCase.published + InteropCase.special).first(where: { $0.name == name }) { return known }
      if let other = InteropCase.notApplicable.first(where: { $0.name == name }) {
        throw ValidationError("\(name) does not apply: \(other.reason)")
      }
      throw ValidationError("there is no case \(name)")
    }
  }
}

/// How the soak cases go on, in the words of the published flags.
struct SoakOptions: ParsableArguments {
  @Option(help: "Calls that a soak case makes one after the other.") var soakIterations: Int = 10
  @Option(help: "Soak calls that may fail or be late.") var soakMaxFailures: Int = 0
  @Option(help: "When a soak call is late, in milliseconds.") var soakPerIterationMaxAcceptableLatencyMs: Int = 10_000
  @Option(help: "Pause between the begins of two soak calls, in milliseconds.") var soakMinTimeMsBetweenRpcs: Int = 0
  @Option(help: "When a soak case as a whole is too late, in seconds.") var soakOverallTimeoutSeconds: Int = 120
  @Option(help: "Calls of concurrent_large_unary.") var concurrentCalls: Int = 1_000
}

/// The server under test, and how to call it.
struct Peer: Sendable {
  let target: String
  let configuration: ChannelConfiguration
  let timeout: Duration
  let soak: SoakSettings
  let channel: Channel
  let client: GRPCTesting.TestServiceClient

  init(target: String, configuration: ChannelConfiguration, timeout: Duration, soak: SoakOptions) {
    self.target = target
    self.configuration = configuration
    self.timeout = timeout
    self.soak = SoakSettings(soak)
    channel = Channel(target: target, configuration: configuration)
    client = GRPCTesting.TestServiceClient(channel)
  }

  /// What a call starts with; no call of a case waits for ever.
  func options(_ metadata: Metadata = Metadata()) -> CallOptions { CallOptions(metadata: metadata, timeout: timeout) }
}

/// `SoakOptions` as values that tasks share.
struct SoakSettings: Sendable {
  let iterations: Int
  let maximumFailures: Int
  let acceptableLatency: Duration
  let pause: Duration
  let timeout: Duration
  let concurrentCalls: Int

  init(_ options: SoakOptions) {
    iterations = options.soakIterations
    maximumFailures = options.soakMaxFailures
    acceptableLatency = .milliseconds(options.soakPerIterationMaxAcceptableLatencyMs)
    pause = .milliseconds(options.soakMinTimeMsBetweenRpcs)
    timeout = .seconds(options.soakOverallTimeoutSeconds)
    concurrentCalls = options.concurrentCalls
  }
}
