import RPC
import TestSupport
import Testing

/// Those who do not speak HTTP/2, or not in time.
extension Attacks {
  @Suite(.timeLimit(.minutes(2))) struct Patience {
    @Test func `garbage`() async throws {
      try await Siege.run { siege in
        for bytes in [
          Array("GET / HTTP/1.1\r\nHost: here\r\n\r\n".utf8), [22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3],
          [UInt8](repeating: 0, count: 10_000), [UInt8](repeating: 255, count: 10_000),
          Frame.preface + [UInt8](repeating: 255, count: 10_000),
        ] {
          let attacker = try await Attacker.connect(siege.server, isSilent: true)
          attacker.say(bytes)
          #expect(await attacker.wait(\.isClosed))
          // One that speaks HTTP/1 is answered in HTTP/1.
          #expect(attacker.farewell != nil || bytes[0] == UInt8(ascii: "G"))
        }
      }
    }

    @Test(arguments: [[], Array(Frame.preface.prefix(10)), Frame.preface, Frame.preface + [0, 0, 0]])
    func `a preface that does not come`(bytes: [UInt8]) async throws {
      try await Siege.run({ $0.handshakeTime = .milliseconds(200) }) { siege in
        let attacker = try await Attacker.connect(siege.server, isSilent: true)
        attacker.say(bytes)
        #expect(await attacker.wait(\.isClosed))
        #expect(await attacker.wait { _ in siege.server.statistics[.closedHandshake] == 1 })
      }
    }

    @Test func `a header block that comes byte by byte`() async throws {
      try await Siege.run({ $0.stallTime = .milliseconds(200) }) { siege in
        let attacker = try await siege.attacker()
        let block = HPACK.request("/test.Echo/Echo", (0..<100).map { ("name-\($0)", "value") })
        attacker.say(Array(Frame.headers(1, block).bytes.prefix(40)))
        for byte in Frame.headers(1, block).bytes.dropFirst(40) where !attacker.isOver {
          attacker.say([byte])
          try await Task.sleep(for: .milliseconds(10))
        }
        #expect(await attacker.wait(\.isClosed))
        #expect(attacker.farewell?.text == "headers_timeout")
      }
    }

    @Test func `connections that are one too many`() async throws {
      try await Siege.run({ $0.maximumConnectionsPerAddress = 4 }) { siege in
        var all: [Attacker] = []
        for _ in 0..<8 { all.append(try await siege.attacker()) }
        // The good client has one of the four, or will have.
        #expect(await all[7].wait { _ in all.count(where: \.isClosed) >= 4 })
        let closed = all.filter(\.isClosed)
        #expect(closed.allSatisfy { $0.farewell?.code == 11 })
        #expect(closed.count <= 5)
        for attacker in all { await attacker.hangUp() }
      }
    }

    @Test func `nobody is idle for ever`() async throws {
      try await Siege.run({ $0.idleTimeout = .milliseconds(100) }) { siege in
        let idle = try await siege.attacker()
        let busy = try await siege.attacker()
        busy.say([.headers(1, HPACK.request("/test.Echo/Hang"), end: false)])
        #expect(await idle.wait(\.isOver))
        #expect(idle.farewell?.code == 0)
        #expect(!busy.isOver)
        await busy.hangUp()
        await idle.hangUp()
      }
    }

    @Test func `the silent are asked, and let go`() async throws {
      try await Siege.run({
        $0.keepalive?.time = .milliseconds(50)
        $0.keepalive?.timeout = .milliseconds(100)
      }) { siege in
        let silent = try await siege.attacker()
        silent.say([.headers(1, HPACK.request("/test.Echo/Hang"), end: false)])
        #expect(await silent.wait(\.isClosed))
        #expect(silent.frames.contains { $0.type == 6 })
        #expect(silent.farewell?.text == "keepalive_timeout")
        #expect(await silent.wait { _ in siege.server.runningCount == 0 })
      }
    }

    @Test func `old connections are ended in two steps`() async throws {
      try await Siege.run({
        $0.maximumAge = .milliseconds(100)
        $0.maximumAgeGrace = .milliseconds(200)
      }) { siege in
        let old = try await siege.attacker()
        old.say([.headers(1, HPACK.request("/test.Echo/Hang"), end: false)])
        #expect(await old.wait { $0.frames.contains { $0.type == 7 } })
        #expect(Array(old.frames.first { $0.type == 7 }?.payload.prefix(4) ?? []) == Frame.word(0x7fff_ffff))
        #expect(await old.wait(\.isClosed))
        #expect(old.farewell?.payload.prefix(4).elementsEqual(Frame.word(1)) == true)
        #expect(old.frames.contains { $0.type == 1 && $0.stream == 1 && $0.flags & Frame.endStream != 0 })
      }
    }
  }
}
