import NIOCore
import Testing

@testable import RPC

@Suite struct ConnectionLifeTests {
  static func life(_ change: (inout ServerConfiguration) -> Void = { _ in }) -> ConnectionLife {
    var configuration = ServerConfiguration()
    change(&configuration)
    return ConnectionLife(configuration, at: .uptimeNanoseconds(0), jitter: 1)
  }

  /// Looks at these seconds; what was due at each.
  static func looks(
    _ life: ConnectionLife, _ seconds: [Int], heard: Set<Int> = [], busy: Set<Int> = []
  ) -> [ConnectionLife.Verdict] {
    var life = life
    return seconds.map {
      life.look(
        at: .uptimeNanoseconds(UInt64($0) * 1_000_000_000), hasHeard: heard.contains($0), isBusy: busy.contains($0))
    }
  }

  @Test func `no call for five minutes ends it`() {
    #expect(Self.looks(Self.life(), [299, 300], heard: [299, 300]) == [.nothing, .leave(.closedIdle)])
    #expect(
      Self.looks(Self.life(), [299, 300, 598, 599], heard: [299, 300, 598, 599], busy: [299])
        == [.nothing, .nothing, .nothing, .leave(.closedIdle)])
  }

  @Test func `a peer with calls that is silent is asked, and given up when it does not answer`() {
    let busy = Set(0...2_000)
    #expect(Self.looks(Self.life(), [299, 300, 319, 320], busy: busy) == [.nothing, .ask, .nothing, .giveUp])
    #expect(
      Self.looks(Self.life(), [300, 310, 330, 609, 610], heard: [310], busy: busy)
        == [.ask, .nothing, .nothing, .nothing, .ask])
  }

  @Test func `age ends it, and the calls with it after the grace`() {
    let all = Set(0...2_000)
    #expect(
      Self.looks(Self.life(), [1_799, 1_800, 1_829, 1_830], heard: all, busy: all)
        == [.nothing, .leave(.closedAge), .nothing, .cutOff])
  }

  @Test func `what is switched off never comes`() {
    let life = Self.life {
      $0.maximumAge = nil
      $0.idleTimeout = nil
      $0.keepalive = nil
    }
    #expect(Self.looks(life, [1_000_000]) == [.nothing])
  }

  @Test func `ages differ`() {
    let ages = (0..<20).map { _ in
      var life = ConnectionLife(ServerConfiguration(), at: .uptimeNanoseconds(0))
      return (1_600...2_000).first {
        life.look(at: .uptimeNanoseconds(UInt64($0) * 1_000_000_000), hasHeard: true, isBusy: true) != .nothing
      } ?? 0
    }
    #expect(Set(ages).count > 1)
    #expect(ages.allSatisfy { (1_620...1_980).contains($0) })
  }
}

@Suite struct PingPolicyTests {
  /// PINGs at these seconds; which is the one too many.
  static func refused(_ seconds: [Int], hasCalls: Bool, answersBefore: Set<Int> = []) -> Int? {
    var policy = PingPolicy(ServerConfiguration.PingEnforcement())
    return seconds.first { second in
      !policy.take(
        at: .uptimeNanoseconds(UInt64(second) * 1_000_000_000), hasCalls: hasCalls,
        hasAnswered: answersBefore.contains(second))
    }
  }

  @Test func `with calls a PING every ten seconds is fine, and more often is not`() {
    #expect(Self.refused(Array(stride(from: 0, to: 1_000, by: 10)), hasCalls: true) == nil)
    #expect(Self.refused([0, 9, 18, 27, 36], hasCalls: true) == 27)
    #expect(Self.refused([0, 0, 0, 0], hasCalls: true) == 0)
  }

  @Test func `without calls it is every five minutes`() {
    #expect(Self.refused(Array(stride(from: 0, to: 3_000, by: 300)), hasCalls: false) == nil)
    #expect(Self.refused([0, 100, 200, 300], hasCalls: false) == 300)
  }

  @Test func `answers forgive`() {
    #expect(Self.refused([1, 2, 3, 4, 5, 6, 7], hasCalls: true, answersBefore: [3, 5, 7]) == nil)
    #expect(Self.refused([1, 2, 3, 4, 5, 6, 7, 8], hasCalls: true, answersBefore: [3]) == 6)
  }
}
