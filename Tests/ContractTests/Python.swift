import Foundation
import TestSupport

/// Where the files of these tests are.
enum ContractTestFiles {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
  static let root = URL(fileURLWithPath: folder).deletingLastPathComponent().deletingLastPathComponent().path
}

/// Runs the scripts in `python/` with the interpreter of `HUYING_PYTHON`, or with the one that `.ci/python-environment` makes.
enum Python {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// What the script prints.
  static func run(_ script: String, _ arguments: String...) async throws -> String {
    try await onOwnThread {
      try output(of: try interpreter.get(), [ContractTestFiles.folder + "/python/" + script] + arguments)
    }
  }

  private static let interpreter: Result<String, any Error> = Result {
    if let python = ProcessInfo.processInfo.environment["HUYING_PYTHON"], !python.isEmpty { return python }
    let path = try output(of: ContractTestFiles.root + "/.ci/python-environment", [])
      .trimmingCharacters(in: .whitespacesAndNewlines)
    return path.hasPrefix("/") ? path : ContractTestFiles.root + "/" + path
  }

  private static func output(of program: String, _ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: ContractTestFiles.root)
    process.environment = ProcessInfo.processInfo.environment.merging(["PYTHONDONTWRITEBYTECODE": "1"]) { $1 }
    let (output, errors) = (Pipe(), FileHandle.standardError)
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(description: "\(program) ended with \(process.terminationStatus)")
    }
    return String(decoding: data, as: UTF8.self)
  }
}
