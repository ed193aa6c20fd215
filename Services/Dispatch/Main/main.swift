import DispatchService
import Runtime

await ServiceProcess.run(.dispatch) { process in
  DispatchService(process.shell(try process.openDatabase(migrations: DispatchService.migrations))).parts
}
