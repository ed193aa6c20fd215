import ResponsibilityListService
import Runtime

await ServiceProcess.run(.responsibilityList) { process in
  try await ResponsibilityListService(in: process).parts
}
