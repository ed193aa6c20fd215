import Access
import Foundation
import Runtime
import TestSupport
import Testing

/// Foreign clients against the running system, as they are.
@Suite(.serialized, .timeLimit(.minutes(5))) struct StockClientTests {
  @Test func `a stock grpcio client works with gateway and services unchanged`() async throws {
    let python = try await PythonEnvironment.interpreter()
    try await RunningStack.withStack { stack in
      let county = try await stack.huying(["import", "county"])
      #expect(county.exitCode == 0, "\(county.errors)")
      var arguments = [
        PythonEnvironment.tests + "/InteropTests/python/stack_client.py", stack.target(.gateway), stack.keyFolder,
        PythonEnvironment.root + "/proto",
      ]
      for identity in ServiceIdentity.all.dropLast() { arguments.append("\(identity.name)=\(stack.target(identity))") }
      let result = try await stack.run(
        python, arguments, ["HUYING_TOKEN": try await stack.token(.countyAdmin), "PYTHONDONTWRITEBYTECODE": "1"])
      #expect(result.exitCode == 0, "\(result.errors)")
      #expect(
        result.output.split(separator: "\n") == [
          "unary", "server stream", "deadline", "error details", "metadata and concurrency", "refusals", "reflection",
          "each service directly", "a write by a signed actor",
        ], "\(result.errors)")
    }
  }
}

/// The Python of the interoperability tests: `HUYING_PYTHON`, or what `.ci/python-environment` makes.
enum PythonEnvironment {
  static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().path
  static let root = (tests as NSString).deletingLastPathComponent

  static func interpreter() async throws -> String {
    if let python = ProcessInfo.processInfo.environment["HUYING_PYTHON"], !python.isEmpty { return python }
    let made = Process()
    let output = Pipe()
    made.executableURL = URL(fileURLWithPath: root + "/.ci/python-environment")
    made.currentDirectoryURL = URL(fileURLWithPath: root)
    made.standardOutput = output
    try made.run()
    let text = try await onOwnThread { [output, made] in
      let text = output.fileHandleForReading.readDataToEndOfFile()
      made.waitUntilExit()
      return text
    }
    let path = String(decoding: text, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    guard made.terminationStatus == 0, !path.isEmpty else { throw StackError("no Python environment can be made") }
    return path.hasPrefix("/") ? path : "\(root)/\(path)"
  }
}
