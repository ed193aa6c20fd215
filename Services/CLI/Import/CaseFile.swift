import Foundation
import Kernel

/// One citizen's message, as a line of a case file states it.
struct CaseLine: Sendable {
  /// The line's number, from 1.
  let line: Int
  let id: String
  let subject: String
  let text: String
  let time: Timestamp
  /// With a reply the matter was closed at its time.
  let reply: String
  let replyTime: Timestamp?
}

/// A line that cannot be taken in, and why.
struct BadLine: Error, Sendable, Equatable {
  let line: Int
  let reason: String
}

/// Reads a JSONL file of citizens' messages line by line, never more than one line at a time.
///
/// Format: one JSON object a line, UTF-8: `id`, `subject`, `text`, `time` (RFC 3339), and for answered ones `reply` and
/// `reply_time`. Other fields are ignored.
struct CaseFile {
  /// A longer line is reported and skipped without being held.
  static let maximumLineBytes = 1 << 20

  private let handle: FileHandle
  private var buffer: [UInt8] = []
  private var position = 0
  private var line = 0
  private var isAtEnd = false
  /// How many bytes of the file have been read: what a progress bar shows.
  private(set) var bytesRead: Int64 = 0
  /// The file's size in bytes.
  let size: Int64

  init(path: String) throws {
    guard let handle = FileHandle(forReadingAtPath: path) else { throw Complaint.unreadable(path) }
    self.handle = handle
    size = Int64((try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0)
  }

  /// The next message or bad line; `nil` at the end. Empty lines are passed over.
  mutating func next() throws -> Result<CaseLine, BadLine>? {
    while let bytes = try nextLine() {
      switch bytes {
      case .failure(let bad): return .failure(bad)
      case .success(let bytes):
        if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }) { continue }
        do throws(BadLine) { return .success(try Self.parse(bytes, line: line)) } catch { return .failure(error) }
      }
    }
    return nil
  }

  private mutating func nextLine() throws -> Result<[UInt8], BadLine>? {
    var content: [UInt8] = []
    var isTooLong = false
    while true {
      if let end = buffer[position...].firstIndex(of: 0x0a) {
        line += 1
        isTooLong = isTooLong || content.count + end - position > Self.maximumLineBytes
        if !isTooLong { content += buffer[position..<end] }
        position = end + 1
        return isTooLong ? .failure(tooLong) : .success(content)
      }
      isTooLong = isTooLong || content.count + buffer.count - position > Self.maximumLineBytes
      if isTooLong { content = [] } else { content += buffer[position...] }
      buffer = []
      position = 0
      guard !isAtEnd, let chunk = try handle.read(upToCount: 64 << 10), !chunk.isEmpty else {
        isAtEnd = true
        guard isTooLong || !content.isEmpty else { return nil }
        line += 1
        return isTooLong ? .failure(tooLong) : .success(content)
      }
      bytesRead += Int64(chunk.count)
      buffer = Array(chunk)
    }
  }

  private var tooLong: BadLine { BadLine(line: line, reason: Say.of("超过 1 MiB", "longer than 1 MiB")) }

  /// Reads one line. Throws `BadLine` with what is wrong first.
  static func parse(_ bytes: [UInt8], line: Int) throws(BadLine) -> CaseLine {
    func bad(_ chinese: String, _ english: String) -> BadLine {
      BadLine(line: line, reason: Say.of(chinese, english))
    }
    guard String(validating: bytes, as: UTF8.self) != nil else { throw bad("不是 UTF-8 编码", "not valid UTF-8") }
    guard let object = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] else {
      throw bad("不是 JSON 对象", "not a JSON object")
    }
    func text(_ key: String) -> String {
      switch object[key] {
      case let text as String: text
      case let number as NSNumber: number.stringValue
      default: ""
      }
    }
    let id = text("id")
    guard !id.isEmpty else { throw bad("缺少 id", "no id") }
    guard id.utf8.count <= 200 else { throw bad("id 超过 200 字节", "id longer than 200 bytes") }
    let subject = text("subject")
    let narrative = text("text")
    guard !(subject.isEmpty && narrative.isEmpty) else { throw bad("既没有 subject 也没有 text", "neither subject nor text") }
    for content in [subject, narrative, text("reply")] where content.contains("\0") {
      throw bad("含有 U+0000 字符", "has a U+0000")
    }
    guard !text("time").isEmpty else { throw bad("缺少 time", "no time") }
    guard let time = Timestamp(rfc3339: text("time")) else {
      let found = text("time").prefix(40)
      throw bad("time 不是 RFC 3339 格式：\(found)", "time is not RFC 3339: \(found)")
    }
    let reply = text("reply")
    let replyText = text("reply_time")
    guard !replyText.isEmpty else {
      guard reply.isEmpty else { throw bad("有 reply 而没有 reply_time", "a reply without reply_time") }
      return CaseLine(line: line, id: id, subject: subject, text: narrative, time: time, reply: "", replyTime: nil)
    }
    guard let replyTime = Timestamp(rfc3339: replyText) else {
      let found = replyText.prefix(40)
      throw bad("reply_time 不是 RFC 3339 格式：\(found)", "reply_time is not RFC 3339: \(found)")
    }
    guard replyTime >= time else { throw bad("reply_time 早于 time", "reply_time before time") }
    return CaseLine(
      line: line, id: id, subject: subject, text: narrative, time: time, reply: reply, replyTime: replyTime)
  }
}
