import TestSupport
import Testing

@testable import RPC

/// Attacks on memory and patience: large things, nested things, and things that never come.
extension Attacks {
  @Suite(.timeLimit(.minutes(2))) struct Memory {
    /// The bytes of a gRPC message that is one `StringValue` of `count` characters.
    static func text(_ count: Int) -> [UInt8] {
      var length: [UInt8] = []
      var rest = count
      while rest >= 128 {
        length.append(UInt8(rest & 127 | 128))
        rest >>= 7
      }
      let message = [10] + length + [UInt8(rest)] + [UInt8](repeating: 65, count: count)
      return [0] + Frame.word(UInt32(message.count)) + message
    }

    /// The message that asks `Endless` for texts of `count` characters.
    static func number(_ count: Int) -> [UInt8] {
      var message: [UInt8] = [8]
      var rest = count
      while rest >= 128 {
        message.append(UInt8(rest & 127 | 128))
        rest >>= 7
      }
      message.append(UInt8(rest))
      return [0, 0, 0, 0, UInt8(message.count)] + message
    }

    @Test func `an HPACK bomb`() async throws {
      try await Siege.run { siege in
        let attacker = try await siege.attacker()
        // A field of 4,000 bytes goes into the table, and is named again by one byte each, sixteen thousand times a frame.
        let entry = [0x40] + HPACK.text("x") + HPACK.text(String(repeating: "y", count: 3_900))
        let bomb = [UInt8](repeating: 0xbe, count: 16_000)
        _ = await attacker.flood(200) { round in
          let id = UInt32(round * 2 + 1)
          return [
            .headers(id, (round == 0 ? entry : []) + HPACK.request("/test.Echo/Nothing"), isWhole: false),
            .continuation(id, bomb),
          ]
        }
        await attacker.expectCalm()
      }
    }

    @Test func `header lists that are too large`() async throws {
      try await Siege.run { siege in
        let attacker = try await siege.attacker()
        let value = String(repeating: "z", count: 15_000)
        _ = await attacker.flood(2_000) { round in
          let id = UInt32(round * 2 + 1)
          return [
            .headers(id, HPACK.request() + HPACK.literal("a", String(value.prefix(8_000))), isWhole: false),
            .continuation(id, HPACK.literal("b", value)),
          ]
        }
        await attacker.expectCalm()
      }
    }

    @Test func `a hundred large answers that nobody reads`() async throws {
      try await Siege.run { siege in
        let attacker = try await siege.attacker([4: 0])
        for id in stride(from: UInt32(1), to: 200, by: 2) {
          attacker.say([
            .headers(id, HPACK.request("/test.Echo/Endless"), end: false), .data(id, Self.number(4_000_000), end: true),
          ])
        }
        attacker.say([.ping()])
        #expect(await attacker.wait { $0.frames.contains { $0.type == 6 } })
        #expect(siege.server.runningCount == 100)
        await attacker.hangUp()
        #expect(await attacker.wait { _ in siege.server.runningCount == 0 })
      }
    }

    /// Twelve answers of 2 MB: the first nine are more than may wait, so the last three are not begun before some were read.
    @Test func `answers that are read late all come`() async throws {
      try await Siege.run { siege in
        let attacker = try await siege.attacker([4: 0])
        for id in stride(from: UInt32(1), to: 24, by: 2) {
          attacker.say([.headers(id, HPACK.request(), end: false)])
          let body = Self.text(2_000_000)
          for start in stride(from: 0, to: body.count, by: 16_384) {
            let end = min(body.count, start + 16_384)
            attacker.say([.data(id, Array(body[start..<end]), end: end == body.count)])
          }
        }
        attacker.say([.windowUpdate(0, 0x7fff_0000 - 65_535), .settings([4: 0x7fff_ffff])])
        #expect(
          await attacker.wait { attacker in
            attacker.frames.count { $0.type == 1 && $0.flags & Frame.endStream != 0 } == 12
          })
        await attacker.hangUp()
      }
    }

    /// Sixty megabytes of requests at once, where sixteen may wait: the windows let one after the other in, and none is refused.
    @Test func `many large requests at once all come`() async throws {
      try await Loopback.run { loop in
        let text = String(repeating: "x", count: 3_000_000)
        try await withThrowingTaskGroup(of: Int.self) { group in
          for _ in 0..<20 { group.addTask { try await loop.echo(text).utf8.count } }
          for try await count in group { #expect(count == 3_000_000) }
        }
      }
    }

    @Test func `a hundred bodies that never end`() async throws {
      try await Siege.run({ $0.stallTime = .milliseconds(400) }) { siege in
        let attacker = try await siege.attacker()
        let part = Array(Self.text(4_000_000).prefix(3_900_000))
        // As one would who does not look at windows: those that are shut reset their streams.
        _ = await attacker.flood(part.count / 16_000) { round in
          let piece = Array(part[(round * 16_000)..<((round + 1) * 16_000)])
          return stride(from: UInt32(1), to: 200, by: 2).map { id in
            round == 0 ? .headers(id, HPACK.request(), end: false) : .data(id, piece)
          }
        }
        #expect(await attacker.wait { $0.frames.count { $0.type == 3 } == 100 || $0.isOver })
        await attacker.hangUp()
      }
    }

    @Test func `a call that waits for its peer too long is ended`() async throws {
      try await Siege.run({ $0.stallTime = .milliseconds(100) }) { siege in
        let attacker = try await siege.attacker([4: 10])
        attacker.say([.headers(1, HPACK.request(), end: false), .data(1, [0, 0, 0, 0, 9])])
        attacker.say([
          .headers(3, HPACK.request("/test.Echo/Endless"), end: false), .data(3, Self.number(9), end: true),
        ])
        // This one waits for nobody but itself.
        attacker.say([.headers(5, HPACK.request("/test.Echo/Hang"), end: false)])
        #expect(
          await attacker.wait {
            $0.frames.contains { $0.type == 1 && $0.stream == 1 && $0.flags & Frame.endStream != 0 }
          })
        #expect(await attacker.wait { $0.frames.contains { $0.type == 3 && $0.stream == 3 && $0.code == 8 } })
        #expect(!attacker.frames.contains { $0.type == 3 && $0.stream == 5 })
        await attacker.hangUp()
      }
    }

    /// Four megabytes of zeros in four kilobytes, ten times a stream, to handlers that never read.
    @Test func `packed messages that are large unpacked`() async throws {
      let zeros = [UInt8](repeating: 0, count: 4_000_000)
      let small = try #require(zeros.withUnsafeBytes { MessageCodec.pack($0, .gzip) })
      let zeros9 = [UInt8](repeating: 0, count: 9_000_000)
      let large = try #require(zeros9.withUnsafeBytes { MessageCodec.pack($0, .gzip) })
      try await Siege.run { siege in
        let attacker = try await siege.attacker()
        attacker.say([.headers(1, HPACK.request("/test.Echo/Echo", [("grpc-encoding", "gzip")]), end: false)])
        Self.say(large, 1, attacker)
        #expect(
          await attacker.wait {
            $0.frames.contains { $0.type == 1 && $0.stream == 1 && $0.flags & Frame.endStream != 0 }
          })
        for id in stride(from: UInt32(3), to: 83, by: 2) {
          attacker.say([.headers(id, HPACK.request("/test.Echo/Hang", [("grpc-encoding", "gzip")]), end: false)])
          for _ in 0..<10 { Self.say(small, id, attacker) }
        }
        // Some sixteen messages may wait; every other stream is ended.
        #expect(
          await attacker.wait {
            $0.frames.count { $0.type == 1 && $0.flags & Frame.endStream != 0 } > 30 || $0.isOver
          })
        await attacker.hangUp()
      }
    }

    /// In frames of the size that anybody takes.
    static func say(_ bytes: [UInt8], _ id: UInt32, _ attacker: Attacker) {
      for start in stride(from: 0, to: bytes.count, by: 16_000) {
        attacker.say([.data(id, Array(bytes[start..<min(bytes.count, start + 16_000)]))])
      }
    }

    @Test func `a unary call that never stops sending messages`() async throws {
      try await Siege.run { siege in
        let attacker = try await siege.attacker()
        attacker.say([.headers(1, HPACK.request(), end: false)])
        attacker.say([.data(1, [0, 0, 0, 0, 0]), .data(1, [0, 0, 0, 0, 0])])
        #expect(
          await attacker.wait {
            $0.frames.contains { $0.type == 1 && $0.stream == 1 && $0.flags & Frame.endStream != 0 }
          })
        await attacker.hangUp()
      }
    }

    @Test func `a length of four gibibytes, a nesting bomb and nonsense are answered`() async throws {
      try await Siege.run { siege in
        let attacker = try await siege.attacker()
        attacker.say([.headers(1, HPACK.request(), end: false), .data(1, [0, 255, 255, 255, 255])])
        // Groups in groups in a message that knows none of them.
        let nested = [UInt8](repeating: 0x1b, count: 10_000) + [UInt8](repeating: 0x1c, count: 10_000)
        let deep = (0..<2_000).reduce([UInt8]()) { inner, _ in
          inner.count > 8_000 ? inner : [26] + varint(inner.count) + inner
        }
        for (id, message) in [(UInt32(3), nested), (5, deep), (7, [255, 255, 255])] {
          attacker.say([.headers(id, HPACK.request(), end: false)])
          let body = [0] + Frame.word(UInt32(message.count)) + message
          for start in stride(from: 0, to: body.count, by: 16_384) {
            let end = min(body.count, start + 16_384)
            attacker.say([.data(id, Array(body[start..<end]), end: end == body.count)])
          }
        }
        for id in [UInt32(1), 3, 5, 7] {
          #expect(
            await attacker.wait {
              $0.frames.contains { $0.type == 1 && $0.stream == id && $0.flags & Frame.endStream != 0 }
            })
        }
        await attacker.hangUp()
      }
    }

    private func varint(_ number: Int) -> [UInt8] {
      number < 128 ? [UInt8(number)] : [UInt8(number & 127 | 128)] + varint(number >> 7)
    }
  }
}
