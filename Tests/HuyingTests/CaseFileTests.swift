import Foundation
import Kernel
import TestSupport
import Testing

@testable import HuyingCLI

@Suite struct CaseFileTests {
  let folder = TemporaryFolder()

  private func read(_ content: [UInt8]) throws -> (good: [CaseLine], bad: [BadLine]) {
    let path = folder.file("cases.jsonl")
    #expect(FileManager.default.createFile(atPath: path, contents: Data(content)))
    var file = try CaseFile(path: path)
    var result: (good: [CaseLine], bad: [BadLine]) = ([], [])
    while let next = try file.next() {
      switch next {
      case .success(let line): result.good.append(line)
      case .failure(let bad): result.bad.append(bad)
      }
    }
    #expect(file.bytesRead == Int64(content.count))
    return result
  }

  private func read(_ text: String) throws -> (good: [CaseLine], bad: [BadLine]) { try read(Array(text.utf8)) }

  static let good = #"{"id": "7", "subject": "噪声", "text": "太吵", "time": "2019-04-25T09:32:09+08:00"}"#

  @Test func `a message with its reply is a closed one`() throws {
    let text =
      #"{"id":12,"subject":"s","text":"t","time":"2019-04-25T09:32:09+08:00","reply":"办结","reply_time":"2019-05-10T14:56:53+08:00","likes":3}"#
    let line = try #require(try read(text).good.first)
    #expect(line.id == "12")
    #expect(line.reply == "办结")
    #expect(line.replyTime.map { $0 - line.time } == .seconds(1_315_484))
  }

  @Test func `the last line needs no newline, empty lines are passed over, carriage returns too`() throws {
    let result = try read("\n\(Self.good)\r\n   \n\(Self.good)")
    #expect(result.good.map(\.line) == [2, 4])
    #expect(result.bad.isEmpty)
  }

  struct Bad: Sendable {
    let line: String
    let reason: String

    init(_ line: String, _ reason: String) {
      self.line = line
      self.reason = reason
    }
  }

  static let time = #""time":"2019-04-25T09:32:09+08:00""#
  static let bad: [Bad] = [
    Bad("[1]", "not a JSON object"), Bad("{\"id\": 1", "not a JSON object"),
    Bad("{\"subject\":\"s\",\(time)}", "no id"), Bad(#"{"id":"1","subject":"s"}"#, "no time"),
    Bad(#"{"id":"1","subject":"s","time":"yesterday"}"#, "time is not RFC 3339: yesterday"),
    Bad("{\"id\":\"1\",\(time)}", "neither subject nor text"),
    Bad(
      "{\"id\":\"1\",\"subject\":\"s\",\(time),\"reply_time\":\"2019-04-25T09:32:08+08:00\"}",
      "reply_time before time"),
    Bad("{\"id\":\"1\",\"subject\":\"s\",\(time),\"reply\":\"r\"}", "a reply without reply_time"),
    Bad("{\"id\":\"1\",\"subject\":\"a\\u0000b\",\(time)}", "has a U+0000"),
  ]

  @Test(arguments: bad)
  func `a bad line is named with its number and reason, and the others go in`(_ bad: Bad) throws {
    let result = try read("\(Self.good)\n\(bad.line)\n\(Self.good)\n")
    #expect(result.bad == [BadLine(line: 2, reason: bad.reason)])
    #expect(result.good.map(\.line) == [1, 3])
  }

  @Test func `invalid UTF-8 is a bad line`() throws {
    let result = try read(Array(Self.good.utf8) + [10, 0x7b, 0xff, 0x7d, 10])
    #expect(result.bad == [BadLine(line: 2, reason: "not valid UTF-8")])
  }

  @Test func `a line of more than a mebibyte is skipped wherever it ends`() throws {
    for extra in [1, 64 << 10, 3 << 20] {
      let long = [UInt8](repeating: UInt8(ascii: "x"), count: CaseFile.maximumLineBytes + extra)
      let result = try read(long + [10] + Array(Self.good.utf8) + [10] + long)
      #expect(result.bad.map(\.line) == [1, 3])
      #expect(result.good.map(\.line) == [2])
    }
  }

  @Test func `a line of exactly a mebibyte goes in`() throws {
    let head = #"{"id":"1","subject":"s","time":"2019-04-25T09:32:09+08:00","text":""#
    let fill = String(repeating: "x", count: CaseFile.maximumLineBytes - head.utf8.count - 2)
    let result = try read(head + fill + "\"}\n" + Self.good)
    #expect(result.bad.isEmpty)
    #expect(result.good.count == 2)
  }
}
