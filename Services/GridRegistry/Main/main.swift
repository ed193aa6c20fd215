import GridRegistryProgram
import Runtime

await ServiceProcess.run(.gridRegistry) { try await gridRegistryParts(in: $0) }
