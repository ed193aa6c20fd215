package import Access
package import Journal
package import Kernel
package import Logging
package import Persistence
package import RPC
import Synchronization
package import Wire

/// The path of every command (design: "What every write leaves behind"), written once:
/// authorise (the interceptor has) → replay an answered `request_id` → load → check `expected_version` → lifecycle row and all
/// guards → decide → apply → save rows, journal and request log → answer. The middle is the service's closure.
package struct CommandShell: Sendable {
  package let database: Database
  package let cryptography: Cryptography
  package let time: TimeSource
  private let requestLog: RequestLog
  private let logger: Logger
  private let performed = Performed()

  /// Commands between two looks for answers that need not be kept any more, and how many go at once.
  private static let forgetEvery = 1_000

  package init(database: Database, cryptography: Cryptography, time: TimeSource, logger: Logger) {
    self.database = database
    self.cryptography = cryptography
    self.time = time
    self.requestLog = RequestLog(cryptography)
    self.logger = logger
  }

  /// Carries out a command of the caller, once per `requestID`: the same id and body get the same answer again, another body
  /// is ALREADY_EXISTS/IDEMPOTENCY_MISMATCH. `bare` takes out of the request what the gateway filled in, before the two are
  /// compared. Everything that `body` throws undoes everything that it did.
  package func perform<Request: Message, Response: Message>(
    _ request: Request, requestID: String, _ context: ServerContext,
    bare: (inout Request) -> Void = { _ in },
    _ body: @escaping @Sendable (CommandTransaction) throws -> Response
  ) async throws -> Response {
    let actor = try context.actor
    guard (1...64).contains(requestID.utf8.count) else { throw Refused(.invalidArgument, .requestIDMissing) }
    var compared = request
    compared.unknownFields = UnknownFields()
    bare(&compared)
    let fingerprint = compared.encoded()
    let faults = IdentifierScan.faults(in: fingerprint, Request.layout)
    guard faults.isEmpty else { throw Refused(.invalidArgument, faults) }
    let key = RequestLog.Key(actor: actor, method: context.method.path, requestID: requestID)
    let now = time.now()
    let isTimeToForget = performed.next() % Self.forgetEvery == 0
    return try await write { transaction in
      if let answer = try requestLog.answer(to: key, body: fingerprint, in: transaction) {
        return try Response(decoding: answer)
      }
      let response = try body(command(transaction, actor, now, ""))
      try requestLog.save(response.encoded(), to: key, body: fingerprint, at: now, in: transaction)
      if isTimeToForget { try RequestLog.forgetOld(at: now, limit: 2 * Self.forgetEvery, in: transaction) }
      return response
    }
  }

  /// Carries out something that is unique by other means (an import's external reference, a relayed event's id) or that
  /// nobody asked for: no request log.
  package func apply<Result: Sendable>(
    as actor: Actor, at now: Timestamp? = nil, causationID: String = "",
    _ body: @escaping @Sendable (CommandTransaction) throws -> Result
  ) async throws -> Result {
    let recordTime = time.now()
    return try await write { transaction in
      try body(command(transaction, actor, recordTime, causationID).at(now ?? recordTime))
    }
  }

  /// Reads on a reader's thread, in one picture of the database.
  package func read<Result: Sendable>(
    _ body: @escaping @Sendable (ReadTransaction) throws -> Result
  ) async throws -> Result {
    do { return try await database.read(body) } catch let error as StorageError { throw status(error) }
  }

  /// Reads a few rows by key, here and now.
  package func readInline<Result>(_ body: (ReadTransaction) throws -> Result) throws -> Result {
    do { return try database.readInline(body) } catch let error as StorageError { throw status(error) }
  }

  /// A transaction of the inbox, whose time is the message's.
  package func command(
    _ transaction: WriteTransaction, as actor: Actor, at now: Timestamp, causationID: String
  ) -> CommandTransaction { command(transaction, actor, time.now(), causationID).at(now) }

  private func command(
    _ transaction: WriteTransaction, _ actor: Actor, _ now: Timestamp, _ causationID: String
  ) -> CommandTransaction {
    CommandTransaction(
      tx: transaction, actor: actor, now: now, recordTime: now, causationID: causationID, cryptography: cryptography)
  }

  private func write<Result: Sendable>(
    _ body: @escaping @Sendable (WriteTransaction) throws -> Result
  ) async throws -> Result {
    do { return try await database.write(body) } catch let error as StorageError { throw status(error) }
  }

  /// What the caller hears of a storage failure: full and busy have a refusal of their own, the rest is INTERNAL; the log has
  /// the details, the reply has none.
  private func status(_ error: StorageError) -> any Error {
    logger.error("storage", metadata: ["error": .string("\(error)")])
    return error.refusal ?? Status(.internal, "internal error")
  }
}

/// Counts commands of a process.
private final class Performed: Sendable {
  private let count = Atomic<Int>(0)

  func next() -> Int { count.wrappingAdd(1, ordering: .relaxed).newValue }
}

extension Reason {
  /// A write has to carry an id of its own, so that it is applied once however often it is sent.
  package static let requestIDMissing = Reason(
    "REQUEST_ID_MISSING", zh: "请求缺少编号（request_id），或编号超过64个字符。",
    en: "The request needs a request_id of at most 64 characters.", field: "request_id")
}
