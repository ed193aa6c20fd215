import Foundation
import Glibc
import Runtime
import Synchronization

/// What a program that ran to its end has said.
package struct CommandResult: Sendable {
  package let exitCode: Int32
  package let output: String
  package let errors: String
}

/// A program under way, its output in files so that it never waits for a reader.
package final class RunningCommand: Sendable {
  private let process: Process
  private let output: String
  private let errors: String

  init(_ program: String, _ arguments: [String], _ environment: [String: String], folder: String) throws {
    let name = "\(folder)/log/\(UUID().uuidString.prefix(8))"
    (output, errors) = (name + ".out", name + ".err")
    process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try RunningStack.appending(to: output)
    process.standardError = try RunningStack.appending(to: errors)
    try process.run()
    ChildRegister.shared.add(process.processIdentifier)
  }

  /// Whether it is still at it.
  package var isRunning: Bool { process.isRunning }

  /// What it has said on standard error so far.
  package var errorsSoFar: String { Self.text(errors) }

  /// Waits for its end; kills it after `limit`.
  package func end(within limit: Duration = .seconds(180)) async throws -> CommandResult {
    let deadline = ContinuousClock.now + limit
    while process.isRunning {
      guard ContinuousClock.now < deadline else {
        kill(process.processIdentifier, SIGKILL)
        throw StackError("a command did not end within \(limit): \(Self.text(errors).suffix(500))")
      }
      try await Task.sleep(for: .milliseconds(10))
    }
    ChildRegister.shared.remove(process.processIdentifier)
    return CommandResult(exitCode: process.terminationStatus, output: Self.text(output), errors: Self.text(errors))
  }

  private static func text(_ path: String) -> String {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}

/// Data and keys of a stack that has stopped, for stacks to start from.
package struct StackData: Sendable {
  private let path: String
  /// Whether its business time was driven.
  let isTimeDriven: Bool

  /// Copies every data folder and the keys out of a stack's folder.
  init(from folder: String, to path: String, timeDriven: Bool) throws {
    self.path = path
    isTimeDriven = timeDriven
    ChildRegister.shared.removeAtEnd(path)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try Self.copyParts(from: folder, to: path)
  }

  func copy(to folder: String) throws { try Self.copyParts(from: path, to: folder) }

  private static func copyParts(from: String, to: String) throws {
    for part in ServiceIdentity.all.map(\.name) + ["keys"] {
      try FileManager.default.copyItem(atPath: "\(from)/\(part)", toPath: "\(to)/\(part)")
    }
  }
}

/// What has to end with the test run, however it ends: processes, and data that stacks start from.
final class ChildRegister: Sendable {
  static let shared = ChildRegister()

  private let running = Mutex<Set<pid_t>>([])
  private let folders = Mutex<[String]>([])

  private init() {
    atexit {
      for child in ChildRegister.shared.running.withLock({ $0 }) { kill(child, SIGKILL) }
      for folder in ChildRegister.shared.folders.withLock({ $0 }) {
        try? FileManager.default.removeItem(atPath: folder)
      }
    }
  }

  func add(_ child: pid_t) { running.withLock { _ = $0.insert(child) } }

  func remove(_ child: pid_t) { running.withLock { _ = $0.remove(child) } }

  func removeAtEnd(_ folder: String) { folders.withLock { $0.append(folder) } }
}

/// Ports that nobody listens on, outside the range that the system gives to outgoing connections.
enum FreePorts {
  private static let range = 20_000..<30_000

  static func take(_ count: Int) throws -> [Int] {
    var ports: Set<Int> = []
    var tries = 0
    while ports.count < count {
      tries += 1
      guard tries < 10_000 else { throw StackError("no free ports") }
      let port = Int.random(in: range)
      if isFree(port) { ports.insert(port) }
    }
    return Array(ports)
  }

  private static func isFree(_ port: Int) -> Bool {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }
}
