import Access
import Kernel
import Persistence
import RPC
import Runtime
import Wire

/// How this service's handlers reach the registry: commands through the one path of all commands, reads in one picture.
struct GridRegistryShell: Sendable {
  let commands: CommandShell
  let caseNews = CaseNews()

  /// A command of the caller, once per request id.
  func perform<Request: Message, Response: Message>(
    _ request: Request, _ requestID: String, _ context: ServerContext,
    _ body: @escaping @Sendable (Registrar) throws -> Response
  ) async throws -> Response {
    try await commands.perform(request, requestID: requestID, context) { [caseNews] in
      try body(Registrar($0, casesHeardUntil: caseNews.heardUntil))
    }
  }

  /// An import of the caller: its rows are unique by themselves.
  func performImport<Response: Message>(
    _ context: ServerContext, _ body: @escaping @Sendable (Registrar) throws -> Response
  ) async throws -> Response {
    try await commands.apply(as: context.actor) { [caseNews] in
      try body(Registrar($0, casesHeardUntil: caseNews.heardUntil))
    }
  }

  /// An act of the system.
  func act<Result: Sendable>(
    as actor: Actor, _ body: @escaping @Sendable (Registrar) throws -> Result
  ) async throws -> Result {
    try await commands.apply(as: actor) { [caseNews] in
      try body(Registrar($0, casesHeardUntil: caseNews.heardUntil))
    }
  }

  /// A list, on a reader's thread.
  func read<Response: Sendable>(
    _ context: ServerContext, _ body: @escaping @Sendable (Registry, ReadTransaction) throws -> Response
  ) async throws -> Response {
    var registry = try Registry(of: context.actor)
    registry.casesHeardUntil = caseNews.heardUntil
    return try await commands.read { [registry] in try body(registry, $0) }
  }

  /// A few rows by key, here and now.
  func readInline<Response>(
    _ context: ServerContext, _ body: (Registry, ReadTransaction) throws -> Response
  ) throws -> Response {
    var registry = try Registry(of: context.actor)
    registry.casesHeardUntil = caseNews.heardUntil
    return try commands.readInline { try body(registry, $0) }
  }
}

/// One page of a list that is ordered by id: the token is the last id that was sent.
struct Page {
  let limit: Int
  let after: String

  /// 1 to 500; 0 means 100.
  init(size: Int32, token: String) throws(Refused) {
    guard (0...500).contains(size) else { throw Refused(.invalidArgument, .pageSizeInvalid.at("page_size")) }
    limit = size == 0 ? 100 : Int(size)
    after = token
  }

  /// The token of the next page; empty after the last.
  func next<Record>(_ records: [Record], id: (Record) -> String) -> String {
    records.count < limit ? "" : records.last.map(id) ?? ""
  }
}

extension Reason {
  static let pageSizeInvalid = Reason("PAGE_SIZE_INVALID", zh: "每页为1至500条。", en: "A page has 1 to 500 entries.")
}
