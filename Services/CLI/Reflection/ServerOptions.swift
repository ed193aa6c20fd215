import ArgumentParser
import Foundation
import RPC

/// The options of commands that talk to any gRPC server, the gateway unless told otherwise.
struct ServerOptions: ParsableArguments {
  @Option(name: [.short, .long], help: "The server, HOST:PORT or unix:PATH; default: the gateway.")
  var target: String?

  @Option(
    name: [.customShort("H"), .customLong("header")], parsing: .singleValue,
    help: "Metadata to send, \"name: value\"; may be repeated.")
  var headers: [String] = []

  @Option(help: "Give up after this many seconds.")
  var maxTime: Double = 30

  /// A channel to the server. The session's token goes along to its own gateway only, never to another server.
  func channel() -> Channel {
    var configuration = ChannelConfiguration()
    let address = Session.target(target)
    if let session = Session.load(), session.target == address {
      configuration.interceptors = [BearerToken(token: session.token)]
    }
    return Channel(target: address, configuration: configuration)
  }

  /// Headers and the time limit.
  func callOptions() throws -> CallOptions {
    var options = CallOptions(timeout: .milliseconds(Int(maxTime * 1000)))
    for header in headers {
      guard let colon = header.firstIndex(of: ":") else { throw Complaint("-H \(header): write \"name: value\"") }
      let name = header[..<colon].trimmingCharacters(in: .whitespaces).lowercased()
      let value = header[header.index(after: colon)...].trimmingCharacters(in: .whitespaces)
      guard name.hasSuffix("-bin") else {
        options.metadata.append(name, value)
        continue
      }
      guard let bytes = Data(base64Encoded: value) else { throw Complaint("-H \(name): a -bin value is base64") }
      options.metadata.append(name, bytes: Array(bytes))
    }
    return options
  }
}
