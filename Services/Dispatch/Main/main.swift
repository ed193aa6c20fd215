import DispatchService
import Runtime

await ServiceProcess.run(.dispatch) { process in
  try DispatchService(in: process).parts
}
