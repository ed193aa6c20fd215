import Foundation
import TestSupport
import Testing

/// Our interoperability programs and foreign ones, both ways: a part of what `make interop` runs.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ForeignPeerTests {
  @Test func `stock peers, hand-made frames and Debian's tools find nothing amiss`() async throws {
    let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: try await PythonEnvironment.interpreter())
    process.arguments = [
      PythonEnvironment.tests + "/InteropTests/python/interop.py", (bundle as NSString).deletingLastPathComponent,
      "--short",
    ]
    process.environment = ProcessInfo.processInfo.environment.merging(["PYTHONDONTWRITEBYTECODE": "1"]) { $1 }
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = try await onOwnThread { [output, process] in
      let text = output.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      return String(decoding: text, as: UTF8.self)
    }
    #expect(process.terminationStatus == 0, "\(text)")
    #expect(text.contains("passed, 0 failed"), "\(text)")
  }
}
