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
    let fields = metadata.merging(more ?? [:], uniquingKeysWith: { $1 }).sorted(by: { $0.key < $1.key })
    LogOutput.standard.write(level, service) { line in
      line.field("message", message)
      for (key, value) in fields {
        // A number stays a number, so that a log collector can add durations up; everything else is text.
        if case .stringConvertible(let number) = value, let number = number as? any BinaryInteger {
          line.field(key, Int64(clamping: number))
        } else {
          line.field(key, "\(value)")
        }
      }
    }
  }
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
