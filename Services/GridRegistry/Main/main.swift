import GridRegistryProgram
import Runtime

await ServiceProcess.run(.gridRegistry) { try gridRegistryParts(in: $0) }
