/// What a peer does that is lawful once and an attack a thousand times: it costs us work and moves no call forward.
package enum Glitch: CaseIterable, Sendable {
  /// A PING: answered.
  case ping
  /// A SETTINGS frame: applied and answered.
  case settings
  /// A DATA frame without data that does not end its stream.
  case emptyData
  /// A PRIORITY frame: read and ignored.
  case priority
  /// A frame of a type that we do not know: read and ignored.
  case unknownFrame
  /// A WINDOW_UPDATE.
  case windowUpdate
  /// A CONTINUATION frame: header lists of the size that we take rarely need one.
  case continuation
  /// RST_STREAM: a handler may have been started in vain (rapid reset, CVE-2023-44487).
  case reset
  /// A stream beyond the limit, refused.
  case refusedStream
  /// Something for which we had to reset a stream ourselves (CVE-2025-8671).
  case provokedReset
  /// A header list of twice, three times … the size that we take (HPACK bomb), each time.
  case oversizedHeaders

  /// What it takes from the bucket: about microseconds of work for the cheap ones, and the handler that ran in vain for resets.
  package var cost: Int {
    switch self {
    case .ping, .settings, .emptyData, .priority, .unknownFrame, .windowUpdate: 1
    case .refusedStream: 2
    case .continuation, .reset: 4
    case .provokedReset: 10
    case .oversizedHeaders: 20
    }
  }

  /// Whether no good client does it: the others come with good calls too.
  var isUseless: Bool {
    switch self {
    case .ping, .settings, .windowUpdate, .reset: false
    default: true
    }
  }
}

/// How many glitches a connection may have: a bucket of points that fills with time, and with every answer that we send.
///
/// A good client's glitches come with its calls, so answers pay for them. gRPC C++ and Go send a PING per round trip while answers
/// arrive, and simple clients one WINDOW_UPDATE for the stream and one for the connection with each DATA frame they read: three
/// per frame, of which `earned` pays four. A call answered in full earns twelve and pays for a RST_STREAM at its end. What is not
/// paid so has `capacity` and `perSecond`: a thousand calls given up at once and a hundred a second for ever (a gateway passes on
/// its callers' impatience), 200 streams that we had to reset and 20 a second. An attack does thousands a second and is over
/// within a fraction of one.
package struct GlitchBucket: Sendable {
  /// Points in a full bucket.
  package var capacity = 4_000
  /// Points that a second brings.
  package var perSecond = 400
  /// Points that a frame of an answer brings.
  package var earned = 4

  private var spent = 0
  private var last: ContinuousClock.Instant?

  /// A full bucket of the usual size.
  package init() {}

  /// Takes what `glitch` costs, and one point more per KiB that came for nothing. `false`: there is not so much left, the peer has to go.
  package mutating func take(
    _ glitch: Glitch, uselessBytes: Int = 0, answerFrames: Int = 0, at now: ContinuousClock.Instant
  ) -> Bool {
    if spent > 0, let last {
      let milliseconds = min((now - last) / .milliseconds(1), 1e9)
      let refilled = Int(milliseconds) * perSecond / 1_000 + answerFrames * earned
      spent = max(0, spent - refilled)
      // What is less than a point is kept for the next time.
      if refilled > 0 || spent == 0 { self.last = now }
    } else {
      last = now
    }
    spent += glitch.cost + uselessBytes >> 10
    return spent <= capacity
  }
}
