import Foundation
import NIOCore

/// The processors that this process may use.
enum Processors {
  /// Those that it is bound to (`taskset`, `cpuset`), as `/proc/self/status` says; `nil` where it does not.
  static func bound(in status: String) -> Int? {
    let head = "Cpus_allowed:"
    guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix(head) }) else { return nil }
    let count = line.dropFirst(head.count).reduce(0) { $0 + ($1.hexDigitValue?.nonzeroBitCount ?? 0) }
    return count > 0 ? count : nil
  }

  /// No more event loops than processors. NIO knows a container's quota and set; what a process is bound to besides it does not ask,
  /// and two loops on one processor wait for each other with their callers' refusals in hand. Once, before the first loop.
  static func limitLoops() {
    guard getenv("NIO_SINGLETON_GROUP_LOOP_COUNT") == nil,
      let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8), let bound = bound(in: status)
    else { return }
    NIOSingletons.groupLoopCountSuggestion = max(1, min(System.coreCount, bound))
  }
}
