import HTTP2

/// HTTP/2 frames, for a server's session and for a client's: whatever comes, every stream is closed once, and after the end nothing is
/// left.
///
/// First byte: bit 0 the role, bit 1 whether frames come one by one, bits 2 and up what the owners do. Then frames: type, flags, stream,
/// length, payload. A type of 0x80 and more is that many bytes as they are.
struct SessionSurface: Surface {
  let name = "session"
  private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

  // POST / http, :path /a, application/grpc, te trailers, as HPACK has them.
  private static let request: [UInt8] =
    [0x83, 0x86, 0x04, 0x02, 0x2f, 0x61, 0x41, 0x01, 0x61, 0x5f, 0x10] + Array("application/grpc".utf8)
    + [0x40, 0x02, 0x74, 0x65, 0x08] + Array("trailers".utf8)
  private static let response: [UInt8] = [0x88, 0x5f, 0x10] + Array("application/grpc".utf8)
  private static let trailers: [UInt8] = [0x40, 0x0b] + Array("grpc-status".utf8) + [0x01, 0x30]

  private static func frame(_ type: UInt8, _ flags: UInt8, _ stream: UInt8, _ payload: [UInt8] = []) -> [UInt8] {
    [type, flags, stream, UInt8(payload.count)] + payload
  }

  var seeds: [[UInt8]] {
    let settings = Self.frame(4, 0, 0)
    let call = Self.frame(1, 4, 1, Self.request) + Self.frame(0, 1, 1, [0, 0, 0, 0, 1, 7])
    let second = Self.frame(1, 5, 3, Self.request)
    let answer =
      Self.frame(1, 4, 1, Self.response) + Self.frame(0, 0, 1, [0, 0, 0, 0, 0]) + Self.frame(1, 5, 1, Self.trailers)
    return [
      [0] + settings + call, [4] + settings + call + second, [8] + call + Self.frame(3, 0, 1, [0, 0, 0, 8]),
      [12] + call + Self.frame(8, 0, 0, [0, 0, 1, 0]) + Self.frame(6, 0, 0, [1, 2, 3, 4, 5, 6, 7, 8]),
      [2] + Self.frame(1, 0, 1, Array(Self.request.prefix(5))) + Self.frame(9, 4, 1, Array(Self.request.dropFirst(5))),
      [0] + Self.frame(4, 0, 0, [0, 4, 0, 0, 0, 0]) + call + Self.frame(7, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]),
      [1] + settings + answer, [5] + settings + answer + Self.frame(1, 5, 3, Self.response),
      [9] + settings + Self.frame(7, 0, 0, [0, 0, 0, 1, 0, 0, 0, 0]) + answer,
      [1] + Self.frame(4, 0, 0, [0, 3, 0, 0, 0, 1]) + Self.frame(3, 0, 1, [0, 0, 0, 7]) + Self.frame(4, 1, 0),
    ]
  }

  var words: [[UInt8]] {
    (UInt8(0)...9).map { Self.frame($0, 0, 1) } + (UInt8(0)...9).map { Self.frame($0, 5, 3, [0, 0, 0, 1]) } + [
      Self.frame(1, 5, 5, Self.request), Self.frame(1, 4, 7, Self.request),
      Self.frame(4, 0, 0, [0, 4, 0x7f, 0xff, 0xff, 0xff]),
      Self.frame(4, 0, 0, [0, 1, 0, 0, 0, 0]), Self.frame(8, 0, 1, [0x7f, 0xff, 0xff, 0xff]),
      Self.frame(8, 0, 0, [0, 0, 0, 0]),
      Self.frame(1, 5, 1, Self.trailers), Self.frame(1, 5, 1, Self.response), [0x3f, 0xe1, 0x1f], [0x20],
      [0x7f, 0xff, 0xff, 0x0f],
      [0x40, 0x01, 0x61, 0x01, 0x62], [0x85, 0xf2, 0xb2, 0x4a, 0x84, 0xff], [0xbe], [0x0f, 0x2f], [0x84],
    ]
  }

  func run(_ input: [UInt8]) throws(Finding) -> Int {
    guard let first = input.first else { return 0 }
    let counts = Counts()
    let way: Int
    do {
      let side = FuzzedSide(habit: Int(first >> 2), counts)
      way = try side.play(
        first & 1 == 0 ? .server : .client, frames(input), isWhole: first & 2 == 0, preface: Self.preface)
    }
    guard counts.opened == counts.closed else {
      throw Finding("\(counts.opened) streams opened, \(counts.closed) closed")
    }
    guard counts.living == 0 else { throw Finding("\(counts.living) owners left") }
    return way
  }

  private func frames(_ input: [UInt8]) -> [[UInt8]] {
    var rest = input.dropFirst()
    var frames: [[UInt8]] = []
    while let type = rest.popFirst() {
      guard type < 0x80, rest.count >= 3 else {
        frames.append(Array(rest.prefix(Int(type & 0x7f))))
        rest = rest.dropFirst(Int(type & 0x7f))
        continue
      }
      let (flags, stream, length) = (rest.removeFirst(), rest.removeFirst(), rest.removeFirst())
      let payload = rest.prefix(Int(length))
      rest = rest.dropFirst(payload.count)
      frames.append([0, 0, UInt8(payload.count), type & 0x0f, flags, 0, 0, 0, stream] + payload)
    }
    return frames
  }
}

/// What has happened to streams and their owners.
private final class Counts {
  var opened = 0
  var closed = 0
  var living = 0
}

/// A side of a connection whose owners answer, refuse, stop or do nothing, as `habit` says.
private final class FuzzedSide: SessionOwner {
  private let habit: Int
  private let counts: Counts
  private var way = Hasher()

  init(habit: Int, _ counts: Counts) {
    self.habit = habit
    self.counts = counts
  }

  func accepted(_ stream: Stream) { own(stream) }
  func receivedSettings() { way.combine(1) }
  func receivedGoAway(lastStream: Int32, code: ErrorCode, debug: String) { way.combine(2) }
  func receivedPong() { way.combine(3) }

  private func own(_ stream: Stream) {
    counts.opened += 1
    stream.owner = FuzzedOwner(stream, habit: (habit + counts.opened) % 6, counts)
  }

  func play(
    _ role: Session.Role, _ frames: [[UInt8]], isWhole: Bool, preface: [UInt8]
  ) throws(Finding) -> Int {
    let session: Session
    do { session = try Session(role) } catch { throw Finding("no session: \(error)") }
    session.owner = self
    if role == .client {
      for _ in 0..<3 {
        let headers = HeaderBlock([
          ":method": "POST", ":scheme": "http", ":path": "/a", ":authority": "a", "te": "trailers",
        ])
        let owner = FuzzedOwner(nil, habit: (habit + counts.opened) % 6, counts)
        guard let stream = try? session.open(headers, owner: owner) else { throw Finding("no stream") }
        counts.opened += 1
        owner.stream = stream
      }
    }
    var parts = role == .server ? [preface] + frames : frames
    if isWhole { parts = [Array(parts.joined())] }
    do throws(SessionError) {
      for part in parts {
        var failure: SessionError?
        part.withUnsafeBytes { bytes in
          do throws(SessionError) { try session.receive(bytes) } catch { failure = error }
        }
        if let failure { throw failure }
        try drain(session)
        if session.isFinished { break }
      }
    } catch {
      way.combine(error.number)
      try? drain(session)
    }
    way.combine(min(counts.closed, 4))
    way.combine(min(session.streamCount, 4))
    if habit & 8 != 0 { session.goAway() }
    try? drain(session)
    session.end(.internalError)
    guard session.streamCount == 0 else { throw Finding("\(session.streamCount) streams after the end") }
    return way.finalize()
  }

  private func drain(_ session: Session) throws(SessionError) {
    var frames = 0
    while try session.drain(
      limit: 64 << 10,
      { bytes in
        frames += 1
        if bytes.count > 3, frames < 8 { way.combine(bytes[3]) }
      })
    {}
  }
}

private final class FuzzedOwner: StreamOwner {
  var stream: Stream?
  private let habit: Int
  private let counts: Counts

  init(_ stream: Stream?, habit: Int, _ counts: Counts) {
    self.stream = stream
    self.habit = habit
    self.counts = counts
    counts.living += 1
  }

  deinit { counts.living -= 1 }

  func received(headers: HeaderBlock, isTruncated: Bool, endStream: Bool) {
    _ = (0..<headers.count).map { headers.name($0).utf8.count + headers.value($0).utf8.count }
    switch habit {
    case 1: stream?.reset(.cancel)
    case 2: stream?.respond(HeaderBlock([":status": "200", "grpc-status": "0"]), endStream: true)
    case 3:
      stream?.respond(HeaderBlock([":status": "200"]))
      stream?.send([UInt8](repeating: 7, count: 300))
      stream?.finish(trailers: HeaderBlock(["grpc-status": "0"]))
    case 4: stream?.send([0, 0, 0, 0, 0])
    default: break
    }
  }

  func received(data: UnsafeRawBufferPointer) { if habit != 5 { stream?.consume(data.count) } }
  func receivedEnd() { if habit == 4 || habit == 0 { stream?.finish(trailers: HeaderBlock(["grpc-status": "0"])) } }
  func becameWritable() { if habit == 0 { stream?.send([1]) } }

  func closed(_ code: ErrorCode) {
    counts.closed += 1
    stream = nil
  }
}
