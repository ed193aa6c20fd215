import ArgumentParser
import Foundation
import Wire

/// How messages are printed.
enum MessageFormat: String, ExpressibleByArgument, CaseIterable {
  case auto
  case json
  case ndjson
}

/// Where answers go and what they look like.
struct OutputOptions: ParsableArguments {
  @Option(
    name: [.customShort("o"), .customLong("format")],
    help: .of(
      "json 供人看；ndjson 每条消息一行；auto 在终端为 json，在管道中为 ndjson。",
      "json: for people; ndjson: one line a message; auto: json on a terminal, ndjson in a pipe."))
  var format: MessageFormat = .auto

  @Flag(name: [.customShort("c"), .long], help: .of("同 -o ndjson。", "The same as -o ndjson."))
  var compact = false

  @Option(help: .of("把消息写入此文件。", "Write the messages to this file.", as: "file"), completion: .file())
  var output: String?

  /// The open output.
  func open() throws(Complaint) -> MessageOutput {
    let handle: FileHandle
    if let output {
      guard FileManager.default.createFile(atPath: output, contents: nil),
        let file = FileHandle(forWritingAtPath: output)
      else { throw Complaint.unwritable(output) }
      handle = file
    } else {
      handle = .standardOutput
    }
    let isPretty: Bool =
      switch format {
      case .json: !compact
      case .ndjson: false
      case .auto: !compact && (output != nil || isatty(STDOUT_FILENO) == 1)
      }
    return MessageOutput(handle: handle, isPretty: isPretty)
  }
}

/// Writes each message as it comes: nothing waits in a buffer.
struct MessageOutput {
  let handle: FileHandle
  let isPretty: Bool

  func write(_ value: JSONValue) throws(Complaint) {
    do { try handle.write(contentsOf: Data(((isPretty ? value.pretty : value.compact) + "\n").utf8)) } catch {
      let why = error.localizedDescription
      throw Complaint("不能写出应答：\(why)", "the answer cannot be written: \(why)")
    }
  }
}
