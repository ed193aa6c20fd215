import Access
import DispatchContract
import DispatchDomain
import Journal
import Kernel
import Persistence
import RPC
import Runtime
import Wire

/// The path of every command of this service (docs/architecture.md, "One path for every command").
struct DispatchShell: Sendable {
  let commands: CommandShell
  let policy: ClockPolicy

  /// A write that is answered once per request id.
  func perform<Request: Message, Response: Message>(
    _ request: Request, _ requestID: String, _ context: ServerContext, bare: (inout Request) -> Void = { _ in },
    _ body: @escaping @Sendable (Desk) throws -> Response
  ) async throws -> Response {
    let policy = policy
    return try await commands.perform(request, requestID: requestID, context, bare: bare) { command in
      try body(Desk(command, policy: policy))
    }
  }

  /// An order to the call `id` as `version` says that it was read; answers the call as it is now.
  func perform<Request: Message, Response: Message>(
    _ request: Request, _ requestID: String, on id: String, _ version: UInt64, _ context: ServerContext,
    bare: (inout Request) -> Void = { _ in }, respond: @escaping @Sendable (DispatchV1.Call) -> Response,
    _ order: @escaping @Sendable (Desk, Call) throws -> CallCommand
  ) async throws -> Response {
    try await perform(request, requestID, context, bare: bare) { desk in
      let call = try desk.records.call(id)
      let parts = try desk.records.parts(of: desk.actor, call)
      try desk.expect(version, call.version)
      let after = try desk.carryOut(order(desk, call), on: call, desk.circumstances(as: parts))
      return respond(try desk.records.view(after, for: desk.actor, at: desk.now))
    }
  }

  /// An order to the task `id` as `version` says that it was read; answers the task as it is now.
  func perform<Request: Message, Response: Message>(
    _ request: Request, _ requestID: String, onTask id: String, _ version: UInt64, _ context: ServerContext,
    respond: @escaping @Sendable (DispatchV1.CoordinationTask) -> Response,
    _ order: @escaping @Sendable (Desk, CoordinationTask) throws -> CoordinationTask.Command
  ) async throws -> Response {
    try await perform(request, requestID, context) { desk in
      let task = try desk.records.task(id)
      let parts = try CoordinationTask.parts(
        of: desk.actor, townshipOrgID: task.townshipOrgID, agencyOrgID: task.agencyOrgID, in: desk.records.directory)
      try desk.expect(version, task.version)
      let after = try desk.carryOut(order(desk, task), on: task, as: parts)
      return respond(try desk.records.view(after, for: desk.actor, at: desk.now))
    }
  }

  /// A read on a reader's thread.
  func read<Result: Sendable>(
    _ context: ServerContext, _ body: @escaping @Sendable (Records, Actor, Timestamp) throws -> Result
  ) async throws -> Result {
    let actor = try context.actor
    let sealed = SealedTexts(commands.cryptography)
    let now = commands.time.now()
    return try await commands.read { transaction in
      try body(Records(county: actor.countyCode, reading: transaction, sealed: sealed), actor, now)
    }
  }
}
