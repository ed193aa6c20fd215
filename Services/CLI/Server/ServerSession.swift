import RPC

/// A server that is talked to: the channel, and where its types come from.
struct ServerSession: Sendable {
  let endpoint: Endpoint
  let channel: Channel
  let source: any SchemaSource
  let clock: ConnectionClock

  /// Nothing is connected yet.
  init(_ server: ServerOptions, _ schema: SchemaOptions) async throws {
    endpoint = try server.endpoint()
    channel = server.channel(endpoint)
    clock = ConnectionClock(channel)
    source =
      schema.usesReflection
      ? ReflectedSchemas(channel, try server.callOptions(endpoint)) : try await schema.files()
  }

  /// Finds names in the server's schemas.
  var lookup: Lookup { Lookup(source: source) }

  /// Connects, does `work` and closes the connection, however it ends.
  func run<Result: Sendable>(connecting: Bool = true, _ work: () async throws -> Result) async throws -> Result {
    do {
      if connecting { await clock.connect() }
      let result = try await work()
      await channel.close(within: .seconds(1))
      return result
    } catch {
      await channel.close(within: .milliseconds(200))
      throw (error as? Status).map(explained) ?? error
    }
  }

  /// The status, with what a person may try.
  func explained(_ status: Status) -> Status {
    guard status.code == .unavailable, endpoint.tls == nil, status.message.contains("before it spoke HTTP/2") else {
      return status
    }
    var status = status
    status.message += Say.of("；如果它使用 TLS，请加 --tls", "; if it speaks TLS, add --tls")
    return status
  }
}
