import Foundation
import RPC
import Runtime

extension Measure {
  /// From the start of the process until it answers, with a new file and with one that is there; then its memory at rest.
  func measureStart(_ bench: Workbench) async throws -> Report.Group {
    var fresh = Line(name: "start to serving, new database", goal: "≤ 150 ms", unit: "ms")
    var again = Line(name: "start to serving, database there", goal: "≤ 150 ms", unit: "ms")
    var memory = Line(name: "resident memory at rest", goal: "≤ 25 MiB", unit: "MiB")
    var own = Line(name: "of it written by the process itself", unit: "MiB")
    for _ in 0..<bench.rounds {
      for isFresh in [true, false] {
        if isFresh { try? FileManager.default.removeItem(atPath: bench.path("dispute")) }
        let port = try Machine.freePort()
        let begin = ContinuousClock.now
        let child = try bench.start("dispute", Stack.arguments(.dispute, port, bench), named: "start")
        try await child.waitUntilListening(port, poll: .milliseconds(1))
        let milliseconds = begin.duration(to: .now) / .milliseconds(1)
        if isFresh {
          fresh.value.append(milliseconds)
        } else {
          again.value.append(milliseconds)
          try await Task.sleep(for: .milliseconds(300))
          let (resident, written) = child.mebibytes
          memory.value.append(resident)
          own.value.append(written)
        }
        await child.stop()
      }
    }
    try? FileManager.default.removeItem(atPath: bench.path("dispute"))
    return Report.Group(title: "a service alone, dispute", lines: [fresh, again, memory, own])
  }
}
