import Foundation
import NIOCore
import Testing
import WireTypes

@testable import RPC

/// Much, and what it costs. `HUYING_FLOW_MIB` says how much; the usual amount is small enough for every run.
@Suite(.timeLimit(.minutes(5))) struct ClientFlowTests {
  static let mebibytes = ProcessInfo.processInfo.environment["HUYING_FLOW_MIB"].flatMap { Int($0) } ?? 128
  /// What the other suites, which run beside this one, may take meanwhile. What is streamed does not fit in.
  static let bound = 96 << 20

  static var residentBytes: Int {
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 4_096
  }

  @Test func `memory stays flat under a stream both ways`() async throws {
    try await Loopback.run { loop in
      let chat: StreamingCall<Text, Text> = loop.channel.streaming(EchoService.chat)
      let text = Text(value: String(repeating: "x", count: 64 << 10))
      let rounds = Self.mebibytes << 4
      var before = 0
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          for _ in 0..<rounds { try await chat.send(text) }
          try await chat.finishSending()
        }
        var count = 0
        while let answer = try await chat.responses.next() {
          count += 1
          if count == 200 { before = Self.residentBytes }
          #expect(answer.value.utf8.count == (64 << 10) + 4)
        }
        #expect(count == rounds)
        try await group.waitForAll()
      }
      let growth = Self.residentBytes - before
      if Self.mebibytes != 128 { print("\(Self.mebibytes) MiB both ways: RSS grew by \(growth >> 10) KiB") }
      #expect(growth < Self.bound)
    }
  }
}
