import Foundation
import Kernel
package import Logging

/// One JSON object a line on standard output: what county IT's log collector reads and what a person can still read.
package struct JSONLogHandler: LogHandler {
  package var logLevel: Logger.Level
  package var metadata: Logger.Metadata = [:]
  private let service: String

  package init(service: String, level: Logger.Level) {
    self.service = service
    logLevel = level
  }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  package func log(event: LogEvent) {
    write(event.level, event.message.description, event.metadata)
  }

  // Kept for a swift-log that still calls the longer form.
  package func log(
    level: Logger.Level, message: Logger.Message, metadata: Logger.Metadata?, source: String, file: String,
    function: String, line: UInt
  ) { write(level, message.description, metadata) }

  private func write(_ level: Logger.Level, _ message: String, _ more: Logger.Metadata?) {
    var line = "{\"time\":\"\(TimeSource.real.now().rfc3339)\",\"level\":\"\(level)\",\"service\":\"\(service)\""
    line += ",\"message\":\(quoted(message))"
    for (key, value) in metadata.merging(more ?? [:], uniquingKeysWith: { $1 }).sorted(by: { $0.key < $1.key }) {
      line += ",\(quoted(key)):\(json(value))"
    }
    line += "}\n"
    line.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        let written = Foundation.write(STDOUT_FILENO, rest.baseAddress, rest.count)
        guard written > 0 else { return }
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
      }
    }
  }
}

/// A number stays a number, so that a log collector can add durations up; everything else is text.
private func json(_ value: Logger.Metadata.Value) -> String {
  if case .stringConvertible(let number) = value, number is any BinaryInteger { return "\(number)" }
  return quoted("\(value)")
}

/// `text` as a JSON string.
func quoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    case _ where scalar.value < 0x20:
      result += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
