import DisputeService
import Runtime

await ServiceProcess.run(.dispute) { process in
  try DisputeService(in: process).parts
}
