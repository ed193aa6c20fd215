import RPC
import TestSupport
import Testing

/// Floods of frames that are lawful one by one.
extension Attacks {
  @Suite(.timeLimit(.minutes(2))) struct Floods {
    @Test func `rapid reset`() async throws {
      try await Siege.run { siege in
        let attacker = try await siege.attacker()
        let rounds = await attacker.flood(20_000) { round in
          let id = UInt32(round * 2 + 1)
          return [.headers(id, HPACK.request(), end: false), .reset(id)]
        }
        await attacker.expectCalm()
        #expect(rounds < 20_000)
      }
    }

    @Test func `resets provoked by a window that overflows`() async throws {
      try await Siege.run { siege in
        let attacker = try await siege.attacker()
        _ = await attacker.flood(20_000) { round in
          let id = UInt32(round * 2 + 1)
          return [.headers(id, HPACK.request("/test.Echo/Chat"), end: false), .windowUpdate(id, 0x7fff_ffff)]
        }
        await attacker.expectEnd()
      }
    }

    @Test func `resets provoked by data on a stream that has ended`() async throws {
      try await Siege.run { siege in
        let attacker = try await siege.attacker()
        _ = await attacker.flood(20_000) { round in
          let id = UInt32(round * 2 + 1)
          return [.headers(id, HPACK.request("/test.Echo/Sleep"), end: true), .data(id, [1])]
        }
        #expect(await attacker.wait(\.isClosed))
      }
    }

    @Test func `resets provoked by an increment of zero`() async throws {
      try await Siege.run { siege in
        let attacker = try await siege.attacker()
        _ = await attacker.flood(20_000) { round in
          let id = UInt32(round * 2 + 1)
          return [.headers(id, HPACK.request("/test.Echo/Chat"), end: false), .windowUpdate(id, 0)]
        }
        await attacker.expectEnd()
      }
    }

    @Test func `resets provoked by headers that are none`() async throws {
      try await Siege.run { siege in
        let attacker = try await siege.attacker()
        _ = await attacker.flood(20_000) { round in
          [.headers(UInt32(round * 2 + 1), HPACK.request("/test.Echo/Chat", [("Upper", "case")]), end: false)]
        }
        await attacker.expectEnd()
      }
    }

    @Test func `resets provoked by a body longer than its content-length`() async throws {
      try await Siege.run { siege in
        let attacker = try await siege.attacker()
        _ = await attacker.flood(20_000) { round in
          let id = UInt32(round * 2 + 1)
          return [
            .headers(id, HPACK.request("/test.Echo/Chat", [("content-length", "1")]), end: false), .data(id, [0, 0]),
          ]
        }
        await attacker.expectEnd()
      }
    }

    @Test func `endless continuation of one header block`() async throws {
      try await Siege.run { siege in
        let attacker = try await siege.attacker()
        attacker.say([.headers(1, HPACK.request(), isWhole: false)])
        _ = await attacker.flood(20_000) { round in
          [.continuation(1, HPACK.literal("x-\(round)", "y"), isWhole: false)]
        }
        #expect(await attacker.wait(\.isClosed))
        #expect(attacker.farewell?.code == 11)
      }
    }

    @Test func `header blocks in empty pieces`() async throws {
      try await Siege.run { siege in
        let attacker = try await siege.attacker()
        _ = await attacker.flood(20_000) { round in
          let id = UInt32(round * 2 + 1)
          return [
            .headers(id, HPACK.request("/test.Echo/Nothing"), isWhole: false), .continuation(id, [], isWhole: false),
            .continuation(id, [], isWhole: false), .continuation(id, [], isWhole: false), .continuation(id, []),
          ]
        }
        await attacker.expectEnd()
      }
    }

    @Test(arguments: [true, false]) func `floods of PING`(isReading: Bool) async throws {
      try await Siege.run { siege in
        let attacker = try await siege.attacker()
        if !isReading { await attacker.stopReading() }
        _ = await attacker.flood(20_000) { _ in [.ping()] }
        await attacker.resumeReading()
        await attacker.expectCalm("too_many_pings")
      }
    }

    /// Answers forgive strikes, but not any number of PINGs.
    @Test func `floods of PING beside a stream of answers`() async throws {
      try await Siege.run { siege in
        let attacker = try await siege.attacker()
        attacker.say([
          .headers(1, HPACK.request("/test.Echo/Endless"), end: false), .data(1, [0, 0, 0, 0, 0], end: true),
        ])
        _ = await attacker.flood(20_000) { _ in Array(repeating: .ping(), count: 10) + [.windowUpdate(1, 1)] }
        #expect(await attacker.wait(\.isClosed))
        #expect(attacker.farewell?.code == 11)
      }
    }

    @Test(arguments: [true, false]) func `floods of SETTINGS`(isReading: Bool) async throws {
      try await Siege.run { siege in
        let attacker = try await siege.attacker()
        if !isReading { await attacker.stopReading() }
        _ = await attacker.flood(20_000) { round in [.settings([3: UInt32(round)])] }
        await attacker.resumeReading()
        #expect(await attacker.wait(\.isClosed))
        #expect(attacker.farewell?.code == 11)
      }
    }

    static let useless: [(String, @Sendable (Int) -> [Frame])] = [
      ("empty DATA", { _ in Array(repeating: .data(1), count: 10) }),
      ("padding alone", { _ in [Frame(0, flags: Frame.padded, stream: 1, [200] + [UInt8](repeating: 0, count: 200))] }),
      ("PRIORITY", { round in [.priority(UInt32(round * 2 + 3))] }),
      ("unknown frames", { round in [Frame(UInt8(20 + round % 200), stream: 1, [1, 2, 3])] }),
      ("large unknown frames", { _ in [Frame(77, [UInt8](repeating: 7, count: 16_384))] }),
      ("WINDOW_UPDATE +1 of the connection", { _ in [.windowUpdate(0, 1)] }),
      ("WINDOW_UPDATE +1 of a stream", { _ in [.windowUpdate(1, 1)] }),
      ("PRIORITY_UPDATE", { _ in [Frame(0x10, Frame.word(1) + Array("u=1".utf8))] }),
      ("RST_STREAM of streams that are over", { _ in [.reset(1)] }),
      ("ALTSVC", { _ in [Frame(10, [0, 0])] }),
    ]

    @Test(arguments: useless.indices) func `floods of frames that say nothing`(index: Int) async throws {
      let (name, frames) = Self.useless[index]
      try await Siege.run { siege in
        let attacker = try await siege.attacker()
        attacker.say([.headers(1, HPACK.request("/test.Echo/Chat"), end: false)])
        _ = await attacker.flood(40_000, frames)
        await attacker.expectCalm()
        #expect(attacker.isClosed, "\(name)")
      }
    }

    @Test func `streams beyond the limit`() async throws {
      try await Siege.run { siege in
        let attacker = try await siege.attacker()
        _ = await attacker.flood(20_000) { round in
          [.headers(UInt32(round * 2 + 1), HPACK.request("/test.Echo/Chat"), end: false)]
        }
        #expect(await attacker.wait(\.isOver))
        #expect(siege.server.runningCount <= 101)
        await attacker.hangUp()
      }
    }
  }
}
