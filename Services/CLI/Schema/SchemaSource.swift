import WireTypes

/// Where schemas come from: a server that describes itself, or files.
protocol SchemaSource: Sendable {
  /// What it is, for people: `reflection v1`.
  var title: String { get async }
  /// Full names of the services, in alphabetical order.
  func services() async throws -> [String]
  /// A schema in which `symbol` is declared; `nil` if there is no such symbol.
  func schema(declaring symbol: String) async throws -> Schema?
  /// A schema with all the services of that name and everything they need.
  func schema(of services: [String]) async throws -> Schema
}

/// Types from `--proto` and `--protoset`.
struct FileSchemas: SchemaSource {
  private let schema: Schema
  private let index: SymbolIndex

  init(_ schema: Schema) {
    self.schema = schema
    index = SymbolIndex(schema)
  }

  var title: String { "files" }

  func services() -> [String] { schema.services.map(\.fullName).sorted() }

  func schema(declaring symbol: String) -> Schema? { index[symbol] == nil ? nil : schema }

  func schema(of services: [String]) -> Schema { schema }
}
