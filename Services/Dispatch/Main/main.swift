import DispatchService
import Runtime

await ServiceProcess.run(.dispatch) { process in
  try await DispatchService(in: process).parts
}
