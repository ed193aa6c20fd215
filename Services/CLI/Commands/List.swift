import ArgumentParser
import RPC
import Wire
import WireTypes

/// `huying list [SERVICE]`: what a server serves.
struct List: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: Say.of("列出服务器的服务，或某服务的方法。", "List a server's services, or a service's methods."),
    discussion: """
      The services of the gateway (or of the target in use), a service's methods, another server's, a file's:

        huying list
        huying list huying.dispute.v1.CaseService
        huying list -t 127.0.0.1:50051 -o json
        huying list --protoset api.protoset
      """)

  @Argument(
    help: "A service, in full or as much of its end as is unique; without it all services.",
    completion: Completions.services)
  var service: String?

  @Option(name: [.customShort("o"), .customLong("format")], help: "text: a name a line; json: for programs.")
  var format: TextFormat = .text

  @OptionGroup(title: "Types") var schema: SchemaOptions

  @OptionGroup(title: "Server") var server: ServerOptions

  func run() async throws {
    let session = try await ServerSession(server, schema)
    try await session.run(connecting: schema.usesReflection) {
      guard let service else { return show(try await session.source.services()) }
      let found = try await session.lookup.service(service)
      switch format {
      case .text: for method in found.methods { print("\(found.fullName)/\(method.name)") }
      case .json: print(JSONValue.array(found.methods.map(Self.json)).pretty)
      }
    }
  }

  private func show(_ names: [String]) {
    switch format {
    case .text: for name in names { print(name) }
    case .json: print(JSONValue.array(names.map { .string($0) }).pretty)
    }
  }

  private static func json(_ method: MethodType) -> JSONValue {
    .object([
      .init("name", .string(method.name)), .init("path", .string(method.path)),
      .init("request", .string(method.request.fullName)), .init("response", .string(method.response.fullName)),
      .init("clientStreaming", .bool(method.clientStreaming)), .init("serverStreaming", .bool(method.serverStreaming)),
    ])
  }
}

/// How a description is printed.
enum TextFormat: String, ExpressibleByArgument, CaseIterable {
  case text
  case json

  /// `table` is what other commands call it.
  init?(argument: String) { self.init(rawValue: argument == "table" ? "text" : argument) }
}
