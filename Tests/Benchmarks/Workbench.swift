import Foundation
import Glibc
import Synchronization

/// Where a run happens: the binaries beside this one, a folder on the same disk, the processes that were started.
final class Workbench: Sendable {
  let rounds: Int
  let milliseconds: Int
  let binaries: URL
  let folder: URL
  private let children = Mutex<[ChildProcess]>([])

  init(rounds: Int, milliseconds: Int) throws {
    self.rounds = rounds
    self.milliseconds = milliseconds
    binaries = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    // Not in /tmp, which may be memory: a durable write goes to the disk that the build is on.
    folder = binaries.appendingPathComponent("benchmarks.\(getpid())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  /// Starts a binary of the build; its output goes to a file in the folder.
  func start(
    _ binary: String, _ arguments: [String], named name: String? = nil, environment: [String: String] = [:]
  ) throws -> ChildProcess {
    try start(binaries.appendingPathComponent(binary), arguments, named: name ?? binary, environment: environment)
  }

  /// Starts a program from elsewhere, likewise.
  func start(
    _ binary: URL, _ arguments: [String], named name: String, environment: [String: String] = [:]
  ) throws -> ChildProcess {
    let child = try ChildProcess(
      binary, arguments, output: folder.appendingPathComponent("\(name).log"), environment: environment)
    children.withLock { $0.append(child) }
    return child
  }

  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  /// Ends what was started and takes the folder away.
  func clear() async {
    for child in children.withLock({ $0 }) { await child.stop() }
    try? FileManager.default.removeItem(at: folder)
  }
}

/// What a run cannot go on without.
struct BenchmarkFailure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// The machine that is measured on.
enum Machine {
  /// How many processes wanted to run in the last minute, on average.
  static var loadAverage: Double {
    var load = 0.0
    return getloadavg(&load, 1) == 1 ? load : 0
  }

  static var processorCount: Int { ProcessInfo.processInfo.processorCount }

  /// A port that nobody listens on just now.
  static func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = loopback(port: 0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let port: Int? = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, length) == 0 && getsockname(descriptor, address, &length) == 0
      } ? Int(UInt16(bigEndian: pointer.pointee.sin_port)) : nil
    }
    guard let port else { throw BenchmarkFailure("no free port") }
    return port
  }

  /// Whether somebody listens on the port.
  static func isListening(_ port: Int) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = loopback(port: port)
    return withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }

  private static func loopback(port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return address
  }
}
