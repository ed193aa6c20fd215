import CareVisitStore
import Access
import CareVisitDomain
import Kernel
import Persistence
import RPC
import Runtime
import Wire

extension CareDesk {
  /// A command of the caller, once per request id. `hiding` takes what only the vault may know out of what the request log compares.
  func perform<Request: Message, Response: Message>(
    _ request: Request, _ requestID: String, _ context: ServerContext,
    hiding: (inout Request, CareRegister) -> Void = { _, _ in },
    _ body: @escaping @Sendable (CareClerk) throws -> Response
  ) async throws -> Response {
    let register = try open()
    // Also who repeats a request that was answered has to stand in the directory still.
    try register.confirm(try context.actor)
    return try await register.commands.perform(
      request, requestID: requestID, context, bare: { hiding(&$0, register) }
    ) { try body(CareClerk($0, register)) }
  }

  /// A look of the caller: a write that is done each time, and whose answer is kept nowhere.
  func look<Response: Sendable>(
    _ context: ServerContext, _ body: @escaping @Sendable (CareClerk) throws -> Response
  ) async throws -> Response {
    let register = try open()
    return try await register.commands.apply(as: try context.actor) { try body(CareClerk($0, register)) }
  }

  /// A read of the caller, in one picture.
  func read<Response: Sendable>(
    _ context: ServerContext, _ body: @escaping @Sendable (CareReader) throws -> Response
  ) async throws -> Response {
    let register = try open()
    let actor = try context.actor
    try register.confirm(actor)
    return try await register.commands.read { try body(CareReader(register: register, actor: actor, reading: $0)) }
  }
}

/// Somebody who reads.
struct CareReader {
  let register: CareRegister
  let actor: Actor
  let reading: ReadTransaction

  /// The enrolment of a token, for whoever plays a part towards it; a visitor's part ends with the visits.
  func enrolment(_ token: String) throws -> (enrolment: Enrolment, parts: Set<Enrolment.Part>) {
    guard let enrolment = try register.enrolments.load(.init(token), in: reading) else {
      throw Refused(.notFound, .enrolmentNotFound)
    }
    let parts = enrolment.parts(of: actor)
    guard !parts.isEmpty, enrolment.state == .active || parts != [.visitor] else {
      throw Refused(.permissionDenied, .jurisdictionMismatch)
    }
    return (enrolment, parts)
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
