import ResponsibilityListService
import Runtime

await ServiceProcess.run(.responsibilityList) { process in
  try ResponsibilityListService(in: process).parts
}
