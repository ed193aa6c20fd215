import Foundation
import TestSupport
import Wire

/// The built program, run as a person runs it: with an input, an environment of its own, its answer and its talk apart.
final class HuyingProgram: Sendable {
  /// How it ended.
  struct Result {
    let exitCode: Int32
    let output: String
    let errors: String

    /// The lines of the answer.
    var lines: [String] { output.split(separator: "\n").map(String.init) }
    /// The answer as one JSON value.
    var json: JSONValue {
      get throws {
        do { return try JSONValue(parsing: output) } catch {
          throw NoJSON(exitCode: exitCode, output: output, errors: errors)
        }
      }
    }
  }

  /// It answered something else.
  struct NoJSON: Error {
    let exitCode: Int32
    let output: String
    let errors: String
  }

  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private let folder: TemporaryFolder
  private var errorFile: String { folder.file("errors-\(number)") }
  private let number = UUID().uuidString

  /// Starts it. `folder` keeps its settings.
  init(_ arguments: [String], in folder: TemporaryFolder, environment: [String: String] = [:]) throws {
    self.folder = folder
    let programs = (try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") as NSString)
      .deletingLastPathComponent
    process.executableURL = URL(fileURLWithPath: programs + "/huying")
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("HUYING_") }
      .merging([
        "HUYING_CONFIG": folder.file("config.json"), "HUYING_SESSION": folder.file("session.json"), "HUYING_LANG": "en",
      ]) { $1 }.merging(environment) { $1 }
    FileManager.default.createFile(atPath: folder.file("errors-\(number)"), contents: nil)
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle(forWritingAtPath: folder.file("errors-\(number)"))
    try process.run()
  }

  /// Writes to its input.
  func write(_ text: String) throws { try input.fileHandleForWriting.write(contentsOf: Data(text.utf8)) }

  /// Ends its input.
  func endInput() throws { try input.fileHandleForWriting.close() }

  /// The next line that it prints; waits for it.
  func line() async throws -> String {
    let output = output.fileHandleForReading
    return try await onOwnThread {
      var bytes: [UInt8] = []
      while let byte = try? output.read(upToCount: 1)?.first, byte != 10 { bytes.append(byte) }
      return String(decoding: bytes, as: UTF8.self)
    }
  }

  func interrupt() { process.interrupt() }

  /// What it has said on standard error so far.
  var errorsSoFar: String {
    String(decoding: FileManager.default.contents(atPath: errorFile) ?? Data(), as: UTF8.self)
  }

  /// Waits for its end, with the rest of what it prints.
  func end() async throws -> Result {
    let rest = try await onOwnThread { [output, process] in
      let rest = output.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      return rest
    }
    return Result(
      exitCode: process.terminationStatus, output: String(decoding: rest, as: UTF8.self), errors: errorsSoFar)
  }

  /// Runs it to its end, with `input` as all there is to read.
  static func run(
    _ arguments: [String], input: String = "", in folder: TemporaryFolder = TemporaryFolder(),
    environment: [String: String] = [:]
  ) async throws -> Result {
    let program = try HuyingProgram(arguments, in: folder, environment: environment)
    try program.write(input)
    try program.endInput()
    return try await program.end()
  }
}

extension TemporaryFolder {
  /// Lays down a file; its path.
  func write(_ name: String, _ bytes: some Collection<UInt8>) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }
}
