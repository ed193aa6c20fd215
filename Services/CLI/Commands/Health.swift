import ArgumentParser
import Foundation
import HealthContract
import RPC
import Runtime

/// `huying health`: is everything up.
struct Health: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: Say.of("各服务是否正常（以网关所见为准），无须登录。", "Say which services are up, as the gateway sees them. Needs no login."))

  @Option(
    help: .of("网关：主机:端口、unix:路径或名称。", "The gateway, HOST:PORT, unix:PATH or a target's name."),
    completion: Completions.targets)
  var target: String?

  @Option(help: .of("最多等这么多秒，直到全部正常。", "Wait this many seconds for everything to be up."))
  var wait: Int = 0

  @Option(
    name: [.short, .customLong("output")], help: .of("table 供人看，json 供程序读。", "table for people, json for programs."))
  var output: OutputFormat = .table

  @OptionGroup(title: "TLS") var tls: TLSOptions

  func run() async throws {
    let channel = try Session.endpoint(target, tls).channel()
    let client = HealthV1.HealthClient(channel)
    let deadline = ContinuousClock.now + .seconds(wait)
    var (states, failure) = await ask(client)
    while states.contains(where: { !$0.isUp }), ContinuousClock.now < deadline {
      try await Task.sleep(for: .milliseconds(200))
      (states, failure) = await ask(client)
    }
    switch output {
    case .json:
      let isKnown = failure == nil
      print("{" + states.map { "\"\($0.name)\":\(isKnown ? "\($0.isUp)" : "null")" }.joined(separator: ",") + "}")
    case .table:
      var table = Table(Say.of("服务", "service"), Say.of("状态", "state"))
      for state in states {
        // Where the gateway cannot be asked, nobody knows how the others are.
        table.add(
          state.name,
          failure != nil
            ? Say.of("未知", "UNKNOWN") : state.isUp ? Say.of("正常", "SERVING") : Say.of("不正常", "NOT_SERVING"))
      }
      print(table.text)
    }
    if let failure {
      Terminal.complain([Say.of("问不到网关：", "the gateway could not be asked: ") + StatusText.sentence(failure)])
    }
    await channel.close(within: .seconds(1))
    if states.contains(where: { !$0.isUp }) { throw ExitCode(1) }
  }

  /// What the gateway says of everybody; where it says nothing, why.
  private func ask(_ client: HealthV1.HealthClient) async -> (states: [(name: String, isUp: Bool)], failure: Status?) {
    var answer = HealthV1.HealthListResponse()
    var failure: Status?
    do throws(Status) { answer = try await client.list(.init(), options: CallOptions(timeout: .seconds(2))) } catch {
      failure = error
    }
    let states = ServiceIdentity.all.map { identity in
      let name = identity.name == "gateway" ? "" : identity.name
      return (identity.name, answer.statuses[name]?.status == .serving)
    }
    return (states, failure)
  }
}
