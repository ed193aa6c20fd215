import DispatchService
import Runtime

await ServiceProcess.run(.dispatch) { process in
  let database = try process.openDatabase(migrations: DispatchService.migrations)
  return DispatchService(process.shell(database), county: process.settings.county).parts
}
