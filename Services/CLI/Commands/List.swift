import ArgumentParser
import RPC
import Wire
import WireTypes

/// `huying list [SERVICE]`: what a server serves.
struct List: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: Say.of("列出服务器的服务，或某服务的方法。", "List a server's services, or a service's methods."),
    discussion: Say.of(
      """
      网关（或正在使用的目标）的服务、某个服务的方法、别的服务器的、文件中的：

        huying list
        huying list huying.dispute.v1.CaseService
        huying list -t 127.0.0.1:50051 -o json
        huying list --protoset api.protoset
      """,
      """
      The services of the gateway (or of the target in use), a service's methods, another server's, a file's:

        huying list
        huying list huying.dispute.v1.CaseService
        huying list -t 127.0.0.1:50051 -o json
        huying list --protoset api.protoset
      """))

  @Argument(
    help: .of(
      "服务的全名，或足以区分的末尾部分；不写则为所有服务。", "A service, in full or as much of its end as is unique; without it all services."),
    completion: Completions.services)
  var service: String?

  @Option(
    name: [.customShort("o"), .customLong("format")],
    help: .of("text 每行一个名称；json 供程序读。", "text: a name a line; json: for programs."))
  var format: TextFormat = .text

  @OptionGroup(title: Say.of("类型", "Types")) var schema: SchemaOptions

  @OptionGroup(title: Say.of("服务器", "Server")) var server: ServerOptions

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
