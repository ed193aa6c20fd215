import HTTP2
import TestSupport
import Testing

@Suite struct GlitchBucketTests {
  /// Does `each` (frames of answers, then glitches) `perSecond` times a second for `seconds`, and says how many went well.
  static func run(
    _ glitches: [Glitch], answers: Int = 0, perSecond: Int, seconds: Int = 30, uselessBytes: Int = 0
  ) -> Int {
    var bucket = GlitchBucket()
    let start = ContinuousClock.now
    for step in 0..<perSecond * seconds {
      let now = start + .seconds(Double(step) / Double(perSecond))
      var answers = answers
      for glitch in glitches {
        guard bucket.take(glitch, uselessBytes: uselessBytes, answerFrames: answers, at: now) else { return step }
        answers = 0
      }
    }
    return perSecond * seconds
  }

  /// What good clients do, for half a minute.
  @Test(arguments: [
    // A PING per answer, as gRPC C++ and Go measure the line.
    ([Glitch.ping], 3, 20_000),
    // A WINDOW_UPDATE for the stream and one for the connection with each frame of an answer, and a PING.
    ([.windowUpdate, .windowUpdate, .ping], 1, 20_000),
    // An early end: a reset after each answered call.
    ([.reset], 3, 20_000),
    // One call in three given up, at three thousand calls a second.
    ([.reset], 6, 1_000),
    // A gateway's callers that give up a hundred calls a second, none of them answered.
    ([.reset], 0, 100),
    // A peer that opens streams beyond its limit now and then.
    ([.refusedStream, .refusedStream], 3, 2_000),
  ]) func `good clients pass`(glitches: [Glitch], answers: Int, perSecond: Int) {
    #expect(Self.run(glitches, answers: answers, perSecond: perSecond) == perSecond * 30)
  }

  /// What attackers do, and how much of it is taken.
  @Test(arguments: [
    ([Glitch.ping], 0, 4_600, 4_400), ([.settings], 0, 4_600, 4_400), ([.emptyData], 0, 20_000, 4_100),
    ([.priority], 0, 20_000, 4_100), ([.unknownFrame], 0, 20_000, 4_100), ([.windowUpdate], 0, 20_000, 4_100),
    ([.reset], 0, 4_600, 1_100), ([.provokedReset], 0, 4_600, 420), ([.continuation], 0, 4_600, 1_100),
    ([.oversizedHeaders], 0, 1_000, 210), ([.refusedStream], 0, 10_000, 2_100),
    // Beside each answered call: more than it pays for.
    ([.provokedReset, .provokedReset], 3, 2_000, 560), ([.reset, .reset, .reset, .reset], 3, 2_000, 1_120),
  ]) func `attackers do not`(glitches: [Glitch], answers: Int, perSecond: Int, atMost: Int) {
    let taken = Self.run(glitches, answers: answers, perSecond: perSecond)
    #expect(taken < atMost)
    #expect(taken > atMost / 2)
  }

  @Test func `useless bytes cost more`() {
    #expect(Self.run([.unknownFrame], perSecond: 10_000, uselessBytes: 16 << 10) < 260)
  }

  @Test func `it fills again, and no further than full`() {
    var bucket = GlitchBucket()
    let start = ContinuousClock.now
    let taken = (0..<400).count { _ in bucket.take(.provokedReset, at: start) }
    let isFull = bucket.take(.provokedReset, at: start)
    let later = bucket.take(.provokedReset, at: start + .seconds(1))
    #expect(taken == 400)
    #expect(!isFull)
    #expect(later)
    var count = 0
    while bucket.take(.provokedReset, at: start + .seconds(1_000)) { count += 1 }
    #expect(count == 400)
  }
}
