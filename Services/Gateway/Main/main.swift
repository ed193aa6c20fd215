import GatewayService
import Runtime

await ServiceProcess.run(.gateway) { surroundings in try await Gateway.parts(surroundings) }
