import ArgumentParser
import Foundation
import RPC

/// The options of every command that talks to the gateway.
struct GatewayOptions: ParsableArguments {
  @Option(help: "The gateway, HOST:PORT or unix:PATH. (HUYING_TARGET; default: the session's, else 127.0.0.1:7900)")
  var target: String?

  @Option(name: [.short, .customLong("output")], help: "table for people, json for programs.")
  var output: OutputFormat = .table

  /// A channel that carries the session's token.
  func channel() throws -> Channel {
    guard let session = Session.load() else {
      throw Complaint("not logged in; try: huying login --as COUNTY_ADMIN", exitCode: 64 + 16)
    }
    return channel(token: session.token)
  }

  /// A channel that carries `token`.
  func channel(token: String) -> Channel {
    var configuration = ChannelConfiguration()
    configuration.interceptors = [BearerToken(token: token)]
    configuration.maximumBackoff = .seconds(3)
    return Channel(target: Session.target(target), configuration: configuration)
  }
}

/// How an answer is printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case table
  case json
}
