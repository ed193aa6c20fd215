import DisputeService
import Runtime

await ServiceProcess.run(.dispute) { process in
  try await DisputeService(in: process).parts
}
