package import Access
import Foundation
import HealthContract
package import Kernel
package import RPC
package import Runtime
import TimeContract
import WireTypes

/// The six built programs as child processes on free ports, with folders of their own: what a county runs, for a test.
///
/// Programs are looked for beside the test bundle (`.build/debug`), or where `HUYING_BIN` says. All children end with `withStack`.
package actor RunningStack {
  /// How long a process may take to serve, and to end after SIGTERM, before a test gives it up.
  static let patience: Duration = .seconds(30)

  /// Everything of this stack: data folders, keys, logs, sessions.
  package nonisolated let folder: String
  private nonisolated let ports: [String: Int]
  /// Where each process shows its numbers; empty: nowhere.
  private nonisolated let adminPorts: [String: Int]
  private nonisolated let isTimeDriven: Bool
  /// What the six processes have in their environment besides.
  private nonisolated let variables: [String: String]
  private var children: [String: Process] = [:]
  private var tokens: [String: String] = [:]
  private var channels: [Channel] = []
  private var directChannels: [String: Channel] = [:]
  private var callerChannels: [String: Channel] = [:]

  /// Runs `body` with a stack that serves, on a copy of `template`'s data and keys if one is given. Ends every child afterwards.
  /// Business time is the machine's, or driven by `advance(to:)`; a template goes on in the time that it was made in. `variables` are
  /// settings of the six processes.
  package static func withStack<Result: Sendable>(
    from template: StackData? = nil, timeDriven: Bool = false, showsMetrics: Bool = false,
    variables: [String: String] = [:], _ body: (RunningStack) async throws -> Result
  ) async throws -> Result {
    let stack = try RunningStack(
      template, timeDriven: timeDriven || template?.isTimeDriven == true, showsMetrics: showsMetrics,
      variables: variables)
    do {
      try await stack.startAll()
      let result = try await body(stack)
      await stack.end(keeping: false)
      return result
    } catch {
      await stack.end(keeping: ProcessInfo.processInfo.environment["HUYING_KEEP"] != nil)
      throw error
    }
  }

  init(
    _ template: StackData?, timeDriven: Bool, showsMetrics: Bool = false, variables: [String: String] = [:]
  ) throws {
    isTimeDriven = timeDriven
    self.variables = variables
    let folder = NSTemporaryDirectory() + "/huying-stack-\(UUID().uuidString.prefix(8))"
    self.folder = folder
    let names = ServiceIdentity.all.map(\.name)
    let free = try FreePorts.take(showsMetrics ? 2 * names.count : names.count)
    ports = Dictionary(uniqueKeysWithValues: zip(names, free))
    adminPorts = Dictionary(uniqueKeysWithValues: zip(names, free.dropFirst(names.count)))
    try FileManager.default.createDirectory(atPath: folder + "/log", withIntermediateDirectories: true)
    if let template { try template.copy(to: folder) }
  }

  // MARK: Processes

  /// Where a process listens.
  package nonisolated func target(_ identity: ServiceIdentity) -> String { "127.0.0.1:\(ports[identity.name] ?? 0)" }

  /// Where a process shows its numbers, with `showsMetrics`.
  package nonisolated func admin(_ identity: ServiceIdentity) -> String {
    adminPorts[identity.name].map { "127.0.0.1:\($0)" } ?? "off"
  }

  /// The folder of a process's database.
  package nonisolated func dataFolder(_ identity: ServiceIdentity) -> String { "\(folder)/\(identity.name)" }

  /// The folder of the keys that the stack shares.
  package nonisolated var keyFolder: String { folder + "/keys" }

  private func startAll() async throws {
    for identity in ServiceIdentity.all { try launch(identity) }
    for identity in ServiceIdentity.all { try await waitUntilServing(identity) }
    try await waitUntilAllAreSeen()
  }

  /// Starts a process and waits until it serves.
  package func start(_ identity: ServiceIdentity, within prefix: [String] = []) async throws {
    try launch(identity, within: prefix)
    try await waitUntilServing(identity)
  }

  /// SIGTERM. How it ended, and how long that took.
  @discardableResult
  package func stop(_ identity: ServiceIdentity) async throws -> (exitCode: Int32, duration: Duration) {
    guard let child = children[identity.name] else { throw StackError("\(identity.name) is not running") }
    let start = ContinuousClock.now
    child.terminate()
    try await waitForEnd(of: child, identity.name)
    children[identity.name] = nil
    return (child.terminationStatus, ContinuousClock.now - start)
  }

  /// SIGTERM to everything that runs, the gateway first.
  package func stopAll() async throws {
    for identity in ServiceIdentity.all.reversed() where children[identity.name] != nil { try await stop(identity) }
  }

  /// SIGSTOP: it is there, takes connections and says nothing, as in a container that is paused.
  package func freeze(_ identity: ServiceIdentity) throws { try signal(identity, SIGSTOP) }

  /// Lets it go on.
  package func thaw(_ identity: ServiceIdentity) throws { try signal(identity, SIGCONT) }

  private func signal(_ identity: ServiceIdentity, _ signal: Int32) throws {
    guard let child = children[identity.name] else { throw StackError("\(identity.name) is not running") }
    Foundation.kill(child.processIdentifier, signal)
  }

  /// SIGKILL, in the middle of whatever it is doing.
  package func kill(_ identity: ServiceIdentity) async throws {
    guard let child = children[identity.name] else { throw StackError("\(identity.name) is not running") }
    Foundation.kill(child.processIdentifier, SIGKILL)
    try await waitForEnd(of: child, identity.name)
    children[identity.name] = nil
  }

  /// Starts a process with its data on a disk of its own of so many MiB, filled from its folder; waits until it serves. Where that
  /// disk is seen from outside. Needs a system that lets us mount one (`SmallDisk.isPossible`).
  package func start(_ identity: ServiceIdentity, onDiskOf mebibytes: Int) async throws -> String {
    let disk = "\(folder)/disk-\(identity.name)"
    try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
    try launch(identity, within: SmallDisk.command(mebibytes, at: disk, from: dataFolder(identity)), data: disk)
    try await waitUntilServing(identity)
    return "/proc/\(children[identity.name]?.processIdentifier ?? 0)/root\(disk)"
  }

  /// Runs a process that is not expected to serve, to its end; `prefix` is a program that runs it.
  package func tryToStart(
    _ identity: ServiceIdentity, _ more: [String] = [], within prefix: [String] = []
  ) async throws -> CommandResult {
    let command =
      prefix + ["\(Self.programs)/\(identity.name)"] + arguments(identity, data: dataFolder(identity)) + more
    let running = try RunningCommand(
      command[0], Array(command.dropFirst()), environment(), folder: folder)
    return try await running.end(within: Self.patience)
  }

  private func arguments(_ identity: ServiceIdentity, data: String) -> [String] {
    [
      "--listen", target(identity), "--admin", admin(identity), "--data-dir", data, "--key-dir", keyFolder,
      "--time", isTimeDriven ? "driven" : "real",
    ]
  }

  private func launch(_ identity: ServiceIdentity, within prefix: [String] = [], data: String? = nil) throws {
    let child = Process()
    let command =
      prefix + ["\(Self.programs)/\(identity.name)"] + arguments(identity, data: data ?? dataFolder(identity))
    child.executableURL = URL(fileURLWithPath: command[0])
    child.arguments = Array(command.dropFirst())
    child.environment = environment()
    let log = try Self.appending(to: "\(folder)/log/\(identity.name).log")
    child.standardOutput = log
    child.standardError = log
    child.standardInput = FileHandle.nullDevice
    try child.run()
    ChildRegister.shared.add(child.processIdentifier)
    children[identity.name] = child
  }

  private func environment() -> [String: String] {
    var environment = surroundings
    for other in ServiceIdentity.all where other.name != ServiceIdentity.gateway.name {
      let name = other.name.uppercased().replacingOccurrences(of: "-", with: "_")
      environment["HUYING_\(name)_TARGET"] = target(other)
    }
    return environment.merging(variables) { _, own in own }
  }

  private func waitUntilServing(_ identity: ServiceIdentity) async throws {
    let channel = Channel(target: target(identity))
    let health = HealthV1.HealthClient(channel)
    let deadline = ContinuousClock.now + Self.patience
    while true {
      let answer = try? await health.check(.init(), options: CallOptions(timeout: .seconds(2)))
      if answer?.status == .serving { break }
      guard ContinuousClock.now < deadline, children[identity.name]?.isRunning == true else {
        throw StackError("\(identity.name) does not serve:\n\(log(of: identity).suffix(2000))")
      }
      try await Task.sleep(for: .milliseconds(30))
    }
    await channel.close(within: .milliseconds(100))
  }

  /// Waits until the gateway has seen every service serve.
  package func waitUntilAllAreSeen() async throws {
    let channel = Channel(target: target(.gateway))
    let health = HealthV1.HealthClient(channel)
    try await eventually("the gateway sees every service") {
      let states = try? await health.list(.init(), options: CallOptions(timeout: .seconds(2))).statuses
      return ServiceIdentity.all.dropLast().allSatisfy { states?[$0.name]?.status == .serving }
    }
    await channel.close(within: .milliseconds(100))
  }

  /// Waits until the gateway reaches the driven time of every service: after a kill its connection may still be pausing.
  package func waitUntilTimeIsEverywhere() async throws {
    let client = TimeV1.TimeServiceClient(try await channel(.countyIT))
    try await eventually("driven time reaches every service") {
      let answer = try? await client.getTime(.init(), options: CallOptions(timeout: .seconds(5)))
      return answer?.missingServices.isEmpty == true
    }
  }

  private func waitForEnd(of child: Process, _ name: String) async throws {
    let deadline = ContinuousClock.now + Self.patience
    while child.isRunning {
      guard ContinuousClock.now < deadline else { throw StackError("\(name) does not end") }
      try await Task.sleep(for: .milliseconds(10))
    }
    ChildRegister.shared.remove(child.processIdentifier)
  }

  private func end(keeping: Bool) async {
    for channel in channels { await channel.close(within: .milliseconds(100)) }
    for child in children.values where child.isRunning { Foundation.kill(child.processIdentifier, SIGKILL) }
    for (name, child) in children { try? await waitForEnd(of: child, name) }
    children = [:]
    if !keeping { try? FileManager.default.removeItem(atPath: folder) }
  }

  /// What a process has logged.
  package nonisolated func log(of identity: ServiceIdentity) -> String {
    FileManager.default.contents(atPath: "\(folder)/log/\(identity.name).log").map {
      String(decoding: $0, as: UTF8.self)
    }
      ?? ""
  }

  // MARK: Data

  /// Stops everything and keeps its data and keys for other stacks.
  package func harvest(to path: String) async throws -> StackData {
    try await stopAll()
    return try StackData(from: folder, to: path, timeDriven: isTimeDriven)
  }

  /// Copies the data of a stopped process: a copy to restore from later.
  package nonisolated func copyData(of identity: ServiceIdentity, to path: String) throws {
    try? FileManager.default.removeItem(atPath: path)
    try FileManager.default.copyItem(atPath: dataFolder(identity), toPath: path)
  }

  /// Puts a copy in the place of a stopped process's data.
  package nonisolated func restoreData(of identity: ServiceIdentity, from path: String) throws {
    try removeData(of: identity)
    try FileManager.default.copyItem(atPath: path, toPath: dataFolder(identity))
  }

  /// Takes a stopped process's data away; it starts empty.
  package nonisolated func removeData(of identity: ServiceIdentity) throws {
    try FileManager.default.removeItem(atPath: dataFolder(identity))
  }

  // MARK: Talking to it

  /// A channel to the gateway as `role` of `organisation`; the token comes from `huying login`.
  package func channel(
    _ role: Role, of organisation: String = "county-gov", person: String? = nil, county: String = "379922000000"
  ) async throws -> Channel {
    let token = try await token(role, of: organisation, person: person, county: county)
    // One for each caller: the gateway takes no more than so many connections from one address.
    if let channel = callerChannels[token] { return channel }
    var configuration = ChannelConfiguration()
    configuration.interceptors = [TokenBearer(token: token)]
    configuration.maximumBackoff = .milliseconds(200)
    let channel = Channel(target: target(.gateway), configuration: configuration)
    callerChannels[token] = channel
    channels.append(channel)
    return channel
  }

  // MARK: Driven time

  /// Moves business time to `wall` on the county's wall clock (`2020-03-11 10:00`, seconds if wanted), from timer to timer: when it
  /// returns, every timer on the way has fired and every service has heard what the others did. How much the timers did.
  @discardableResult
  package func advance(to wall: String) async throws -> Int {
    guard let instant = Timestamp(wall: wall) else { throw StackError("no time: \(wall)") }
    return try await advance(to: instant)
  }

  /// Moves business time to `instant`.
  @discardableResult
  package func advance(to instant: Timestamp) async throws -> Int {
    let client = TimeV1.TimeServiceClient(try await channel(.countyIT))
    let answer = try await client.advanceTime(
      .init(toTime: .init(instant)), options: CallOptions(timeout: .seconds(300)))
    return Int(answer.firedCount)
  }

  /// Where business time stands, and when the next timer fires.
  package func time() async throws -> (now: Timestamp, nextTimer: Timestamp?) {
    let client = TimeV1.TimeServiceClient(try await channel(.countyIT))
    let answer = try await client.getTime(.init(), options: CallOptions(timeout: .seconds(30)))
    guard let now = answer.nowTime?.kernel else { throw StackError("no time") }
    return (now, answer.nextTimerTime?.kernel)
  }

  // MARK: Tokens and programs

  /// A token as `huying login` makes it.
  package func token(
    _ role: Role, of organisation: String = "county-gov", person: String? = nil, county: String = "379922000000"
  ) async throws -> String {
    let name = "\(role.rawValue)@\(organisation)/\(person ?? "")/\(county)"
    if let token = tokens[name] { return token }
    let session = "\(folder)/session-\(tokens.count).json"
    var arguments = ["login", "--as", "\(role.rawValue)@\(organisation)", "--county", county, "--quiet"]
    if let person { arguments += ["--person", person] }
    let login = try await huying(arguments, session: session)
    guard login.exitCode == 0, let data = FileManager.default.contents(atPath: session),
      let token = try JSONDecoder().decode([String: String].self, from: data)["token"]
    else { throw StackError("no login as \(name): \(login.errors)") }
    tokens[name] = token
    return token
  }

  /// A channel to one process, past the gateway, without anybody's token.
  package func direct(_ identity: ServiceIdentity) -> Channel {
    if let channel = directChannels[identity.name] { return channel }
    var configuration = ChannelConfiguration()
    configuration.maximumBackoff = .milliseconds(200)
    let channel = Channel(target: target(identity), configuration: configuration)
    directChannels[identity.name] = channel
    channels.append(channel)
    return channel
  }

  /// Signs actors with this stack's key, as the gateway does.
  package nonisolated func signature() throws -> ActorSignature {
    ActorSignature(key: try KeyFile.loadOrMake(at: keyFolder + "/actor-signing.key"))
  }

  /// Runs `huying` to its end. Without `session` it is the county's administrator.
  package func huying(_ arguments: [String], session: String? = nil) async throws -> CommandResult {
    let command = try await beginHuying(arguments, session: session)
    return try await command.end()
  }

  /// Starts `huying`; its end is awaited with `RunningCommand.end()`.
  package func beginHuying(_ arguments: [String], session: String? = nil) async throws -> RunningCommand {
    let administrator = "\(folder)/session.json"
    if session == nil, !FileManager.default.fileExists(atPath: administrator) {
      let login = try await huying(["login", "--as", "COUNTY_ADMIN", "--quiet"], session: administrator)
      guard login.exitCode == 0 else { throw StackError("no login: \(login.errors)") }
    }
    var environment = surroundings
    environment["HUYING_SESSION"] = session ?? administrator
    environment["HUYING_KEY_DIR"] = keyFolder
    environment["HUYING_TARGET"] = target(.gateway)
    return try RunningCommand("\(Self.programs)/huying", arguments, environment, folder: folder)
  }

  /// Runs another program to its end, with `variables` added to its environment.
  package func run(
    _ program: String, _ arguments: [String], _ variables: [String: String] = [:]
  ) async throws -> CommandResult {
    let command = try RunningCommand(
      program, arguments, surroundings.merging(variables) { _, new in new }, folder: folder)
    return try await command.end()
  }

  /// The environment without settings of ours that whoever runs the tests may have.
  private nonisolated var surroundings: [String: String] {
    ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("HUYING_") }
  }

  private static var programs: String {
    if let folder = ProcessInfo.processInfo.environment["HUYING_BIN"], !folder.isEmpty { return folder }
    let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return (bundle as NSString).deletingLastPathComponent
  }

  static func appending(to path: String) throws -> FileHandle {
    if !FileManager.default.fileExists(atPath: path) { _ = FileManager.default.createFile(atPath: path, contents: nil) }
    guard let handle = FileHandle(forWritingAtPath: path) else { throw StackError("cannot write \(path)") }
    handle.seekToEndOfFile()
    return handle
  }
}

extension Timestamp {
  /// `2020-03-11 10:00` or `2020-03-11 10:00:01` on the county's wall clock; `nil` for anything else.
  package init?(wall: String) {
    self.init(rfc3339: (wall.utf8.count == 16 ? wall + ":00" : wall) + "+08:00")
  }

  /// `2020-03-11 10:00` on the county's wall clock, with seconds only where there are some.
  package var wall: String {
    let text = String(shanghai.dropLast(6)).replacingOccurrences(of: "T", with: " ")
    return text.hasSuffix(":00") ? String(text.dropLast(3)) : text
  }
}

/// What went wrong with the stack itself, not with what is tested on it.
package struct StackError: Error, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}

/// Asks again and again until `condition` holds; fails with `what` after `limit`.
package func eventually(
  _ what: String, within limit: Duration = .seconds(30), isolation: isolated (any _Concurrency.Actor)? = #isolation,
  _ condition: () async throws -> Bool
) async throws {
  let deadline = ContinuousClock.now + limit
  while try await !condition() {
    guard ContinuousClock.now < deadline else { throw StackError("not within \(limit): \(what)") }
    try await Task.sleep(for: .milliseconds(50))
  }
}

/// Adds a token to every call.
struct TokenBearer: ClientInterceptor {
  let token: String

  func begin(_ method: MethodDescriptor, _ options: inout CallOptions) throws(Status) {
    options.metadata.append("authorization", "Bearer \(token)")
  }
}
