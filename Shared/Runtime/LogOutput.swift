import Glibc
import Kernel
package import Logging
import Synchronization

/// Where the log goes: standard output, one JSON object a line.
///
/// What a process says of itself is written at once. The lines of calls are gathered for a moment and written together:
/// a write to a pipe costs as much as a small call. A line of level warning or above takes what was gathered with it.
package final class LogOutput: Sendable {
  /// How long a line of a call may wait: short for who watches, long for a server under load.
  private static let gatherTime: Duration = .milliseconds(100)
  /// How much may wait: what a pipe takes in one piece.
  private static let gatherBytes = 32 << 10

  /// The process's own.
  package static let standard = LogOutput(descriptor: STDOUT_FILENO)

  private struct State {
    var line = JSONLine()
    var drivenTime: DrivenTime?
    var isFlushComing = false
  }

  private let descriptor: Int32
  private let state = Mutex(State())

  package init(descriptor: Int32) { self.descriptor = descriptor }

  /// Writes one line, after those that wait.
  func write(_ level: Logger.Level, _ service: String, _ fields: (inout JSONLine) -> Void) {
    state.withLock { state in
      state.line.add(level, service, state.drivenTime?.now, fields)
      empty(&state.line)
    }
  }

  /// From now on every line says what time it is in the county's life.
  package func showDrivenTime(_ time: DrivenTime) { state.withLock { $0.drivenTime = time } }

  /// Adds one line to those that wait.
  func gather(_ level: Logger.Level, _ service: String, _ fields: (inout JSONLine) -> Void) {
    let mustSchedule = state.withLock { state in
      state.line.add(level, service, state.drivenTime?.now, fields)
      if state.line.bytes.count >= Self.gatherBytes || level >= .warning {
        empty(&state.line)
        return false
      }
      defer { state.isFlushComing = true }
      return !state.isFlushComing
    }
    guard mustSchedule else { return }
    Task.detached {
      try? await Task.sleep(for: Self.gatherTime)
      self.flush()
    }
  }

  /// Writes what waits.
  package func flush() {
    state.withLock { state in
      state.isFlushComing = false
      empty(&state.line)
    }
  }

  private func empty(_ line: inout JSONLine) {
    line.bytes.withUnsafeBytes { bytes in
      var rest = bytes
      while !rest.isEmpty {
        let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
        guard written > 0 else { return }
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
      }
    }
    line.bytes.removeAll(keepingCapacity: line.bytes.capacity <= 2 * Self.gatherBytes)
  }
}

/// Lines of JSON as bytes, one behind the other; made without a dictionary or a string in between.
struct JSONLine {
  var bytes: [UInt8] = []
  private var second: Int64 = .min
  private var secondText = ""

  /// Adds a line that begins with time, level and service; with driven time, that too.
  mutating func add(
    _ level: Logger.Level, _ service: String, _ drivenTime: Timestamp?, _ fields: (inout JSONLine) -> Void
  ) {
    append("{\"time\":\"")
    append(TimeSource.real.now())
    append("\",\"level\":\"")
    append(level.rawValue)
    append("\",\"service\":")
    append(quoted: service)
    if let drivenTime { field("driven_time", drivenTime.rfc3339) }
    fields(&self)
    append("}\n")
  }

  /// Adds a text field.
  mutating func field(_ name: String, _ text: String) {
    append(",")
    append(quoted: name)
    append(":")
    append(quoted: text)
  }

  /// Adds a number.
  mutating func field(_ name: String, _ number: Int64) {
    append(",")
    append(quoted: name)
    append(":")
    append(number.description)
  }

  private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  private mutating func append(quoted text: String) {
    bytes.append(UInt8(ascii: "\""))
    if text.utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) {
      append(String(quoted(text).dropFirst().dropLast()))
    } else {
      append(text)
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// RFC 3339 with six digits of fraction; the text up to the second is made once a second.
  private mutating func append(_ time: Timestamp) {
    let (seconds, fraction) = time.microseconds.quotientAndRemainder(dividingBy: 1_000_000)
    if seconds != second {
      second = seconds
      secondText = String(Timestamp(seconds: seconds).rfc3339.dropLast())
    }
    append(secondText)
    bytes.append(UInt8(ascii: "."))
    var unit: Int64 = 100_000
    while unit > 0 {
      bytes.append(UInt8(ascii: "0") + UInt8(fraction / unit % 10))
      unit /= 10
    }
    bytes.append(UInt8(ascii: "Z"))
  }
}
