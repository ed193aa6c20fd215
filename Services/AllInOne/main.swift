import DispatchService
import DisputeService
import GatewayService
import GridRegistryProgram
import HuyingCLI
import PerformanceEvaluationService
import ResponsibilityListService
import Runtime

// Seven programs share one file, and with it the Swift runtime: the name that it is called by says which one it is.
switch CommandLine.arguments.first?.split(separator: "/").last.map(String.init) {
case "grid-registry": await ServiceProcess.run(.gridRegistry) { try await gridRegistryParts(in: $0) }
case "dispute": await ServiceProcess.run(.dispute) { try await DisputeService(in: $0).parts }
case "responsibility-list":
  await ServiceProcess.run(.responsibilityList) { try await ResponsibilityListService(in: $0).parts }
case "dispatch": await ServiceProcess.run(.dispatch) { try await DispatchService(in: $0).parts }
case "performance-evaluation":
  await ServiceProcess.run(.performanceEvaluation) { try await PerformanceEvaluationService($0).parts }
case "gateway": await ServiceProcess.run(.gateway) { try await Gateway.parts($0) }
default: await Huying.main()
}
