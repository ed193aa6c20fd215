import ArgumentParser
import Foundation
import HealthContract
import RPC

/// Options that say where the gateway is.
protocol GatewayPlace {
  /// A channel that carries the session's token.
  func channel() throws -> Channel
}

extension GatewayPlace {
  /// Opens a channel for as long as `body` runs, and closes it however that ends.
  func withChannel<Answer>(_ body: (Channel) async throws -> Answer) async throws -> Answer {
    let channel = try channel()
    do {
      let answer = try await body(channel)
      await channel.close(within: .seconds(1))
      return answer
    } catch {
      await channel.close(within: .seconds(1))
      throw error
    }
  }
}

extension Channel {
  /// Asks the gateway once whether it is there: a certificate that does not fit or a wrong port does not heal, and whoever waits for
  /// services would wait for ever. Throws why it does not answer.
  func expectGateway() async throws {
    _ = try await HealthV1.HealthClient(self).list(.init(), options: CallOptions(timeout: .seconds(10)))
  }
}

/// The options of every command that talks to the gateway.
struct GatewayOptions: ParsableArguments, GatewayPlace {
  @Option(
    help: .of(
      "网关：主机:端口、unix:路径，或 huying target list 中的名称。（HUYING_TARGET；缺省为会话的，再缺省 127.0.0.1:7900）",
      """
      The gateway: HOST:PORT, unix:PATH, or a name from `huying target list`. \
      (HUYING_TARGET; default: the session's, else 127.0.0.1:7900)
      """), completion: Completions.targets)
  var target: String?

  @Option(
    name: [.short, .customLong("output")], help: .of("table 供人看，json 供程序读。", "table for people, json for programs."))
  var output: OutputFormat = .table

  @Option(
    help: .of(
      "语言：zh 或 en。（HUYING_LANG、LC_ALL、LANG）",
      "Language of sentences, tables and help: zh or en. (HUYING_LANG, LC_ALL, LANG)"),
    completion: .list(["zh", "en"]))
  var lang: String?

  @OptionGroup(title: "TLS") var tls: TLSOptions

  /// A channel that carries the session's token.
  func channel() throws -> Channel { try Self.channel(target, tls) }

  /// A channel that carries `token`.
  func channel(token: String) throws -> Channel { try Self.channel(target, tls, token: token) }

  static func channel(_ target: String?, _ tls: TLSOptions, token: String? = nil) throws -> Channel {
    let token = try token ?? Session.required().token
    var configuration = ChannelConfiguration()
    configuration.interceptors = [BearerToken(token: token)]
    configuration.maximumBackoff = .seconds(3)
    return try Session.endpoint(target, tls).channel(configuration)
  }
}

/// The same where `--target` is a service that hears others: the gateway goes by another word.
struct RelayGatewayOptions: ParsableArguments, GatewayPlace {
  @Option(
    name: .customLong("gateway"),
    help: .of(
      "网关：主机:端口、unix:路径或名称。（HUYING_TARGET；缺省为会话的）",
      "The gateway: HOST:PORT, unix:PATH, or a target's name. (HUYING_TARGET; default: the session's.)"),
    completion: Completions.targets)
  var place: String?

  @Option(
    name: [.short, .customLong("output")], help: .of("table 供人看，json 供程序读。", "table for people, json for programs."))
  var output: OutputFormat = .table

  @OptionGroup(title: "TLS") var tls: TLSOptions

  /// A channel that carries the session's token.
  func channel() throws -> Channel { try GatewayOptions.channel(place, tls) }
}

/// How an answer is printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case table
  case json
}
