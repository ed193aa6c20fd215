import CommonContract
package import GatewayContract
import Kernel
package import RPC
import Runtime
import WireTypes

/// `SessionService`: who the gateway takes the caller for.
package struct SessionHandlers: GatewayV1.SessionService {
  package init() {}

  package func getSession(
    _ request: GatewayV1.GetSessionRequest, context: ServerContext
  ) async throws -> GatewayV1.GetSessionResponse {
    .init(
      actor: CommonV1.Actor(try context.actor),
      expireTime: GoogleProtobuf.Timestamp(Timestamp(seconds: context.tokenExpiry)))
  }
}
