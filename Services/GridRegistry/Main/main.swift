import GridRegistryService
import Runtime

await ServiceProcess.run(.gridRegistry) { process in
  try GridRegistryService(in: process).parts
}
