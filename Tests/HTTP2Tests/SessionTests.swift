import Testing

@testable import HTTP2

/// Remembers what a stream told.
final class Recorder: StreamOwner {
  var headers: [HeaderBlock] = []
  var data: [UInt8] = []
  var isEnded = false
  var writableCount = 0
  var code: ErrorCode?
  var whenHeaders: (Recorder) -> Void = { _ in }
  var whenEnded: (Recorder) -> Void = { _ in }
  var consumesAtOnce = true
  var stream: HTTP2.Stream?

  func received(headers: HeaderBlock, isTruncated: Bool, endStream: Bool) {
    self.headers.append(isTruncated ? HeaderBlock(["truncated": "1"]) : headers)
    whenHeaders(self)
    if endStream { receivedEnd() }
  }
  func received(data: UnsafeRawBufferPointer) {
    self.data += data
    if consumesAtOnce { stream?.consume(data.count) }
  }
  func receivedEnd() {
    isEnded = true
    whenEnded(self)
  }
  func becameWritable() { writableCount += 1 }
  func closed(_ code: ErrorCode) { self.code = code }
}

/// One side of a connection without a connection.
final class Side: SessionOwner {
  let session: Session
  var accepted: [Recorder] = []
  var settings = 0
  var goAway: Int32?
  var pongs = 0
  var prepare: (Recorder) -> Void = { _ in }

  init(_ role: Session.Role, limits: SessionLimits = SessionLimits()) throws {
    session = try Session(role, limits: limits)
    session.owner = self
  }

  func accepted(_ stream: HTTP2.Stream) {
    let recorder = Recorder()
    recorder.stream = stream
    prepare(recorder)
    stream.owner = recorder
    accepted.append(recorder)
  }
  func receivedSettings() { settings += 1 }
  func receivedGoAway(lastStream: Int32, code: ErrorCode, debug: String) { goAway = lastStream }
  func receivedPong() { pongs += 1 }

  func open(_ headers: HeaderBlock) throws -> Recorder {
    let recorder = Recorder()
    recorder.stream = try session.open(headers, owner: recorder)
    return recorder
  }

  func output() throws -> [UInt8] {
    var bytes: [UInt8] = []
    while try session.drain(limit: 1 << 16, { bytes += $0 }) {}
    return bytes
  }
}

/// Carries bytes between two sides until neither has anything to say, in pieces of `size`.
func exchange(_ client: Side, _ server: Side, size: Int = .max) throws {
  while true {
    let there = try client.output()
    let back = try server.output()
    if there.isEmpty && back.isEmpty { return }
    for (bytes, side) in [(there, server), (back, client)] {
      var start = 0
      while start < bytes.count {
        let end = min(bytes.count, start + min(size, bytes.count))
        try bytes[start..<end].withUnsafeBytes { try side.session.receive($0) }
        start = end
      }
    }
  }
}

let request = HeaderBlock([":method": "POST", ":scheme": "http", ":path": "/a.B/C", ":authority": "here"])

/// A server that answers `echo` with the body it got.
func echoServer(limits: SessionLimits = SessionLimits()) throws -> Side {
  let server = try Side(.server, limits: limits)
  server.prepare = { recorder in
    recorder.whenEnded = { recorder in
      recorder.stream?.respond(HeaderBlock([":status": "200"]))
      recorder.stream?.send(recorder.data)
      recorder.stream?.finish(trailers: HeaderBlock(["grpc-status": "0"]))
    }
  }
  return server
}

@Suite struct SessionTests {
  @Test(arguments: 1...64) func `an exchange is the same wherever the bytes are cut`(size: Int) throws {
    let server = try echoServer()
    let client = try Side(.client)
    let call = try client.open(request)
    call.stream?.send(Array("hello".utf8))
    call.stream?.finish()
    try exchange(client, server, size: size)
    #expect(server.accepted.count == 1)
    #expect(server.accepted[0].headers[0][":path"] == "/a.B/C")
    #expect(server.accepted[0].code == .noError)
    #expect(call.headers.map { $0[":status"] } == ["200", nil])
    #expect(call.headers.last?["grpc-status"] == "0")
    #expect(call.data == Array("hello".utf8))
    #expect(call.isEnded)
    #expect(call.code == .noError)
    #expect(client.session.streamCount == 0)
    #expect(server.session.streamCount == 0)
  }

  @Test func `a body larger than every window comes through when it is consumed`() throws {
    let server = try echoServer()
    let client = try Side(.client)
    let body = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0) }
    let call = try client.open(request)
    call.stream?.send(body)
    call.stream?.finish()
    try exchange(client, server)
    #expect(call.data == body)
    #expect(call.code == .noError)
  }

  @Test func `a body that nobody consumes stops at the stream's window, and other streams go on`() throws {
    let server = try Side(.server)
    server.prepare = { $0.consumesAtOnce = false }
    let client = try Side(.client)
    let stalled = try client.open(request)
    stalled.stream?.send([UInt8](repeating: 1, count: 1_000_000))
    try exchange(client, server)
    #expect(server.accepted[0].data.count == 256 << 10)
    #expect(stalled.stream?.isWritable == false)
    let other = try client.open(request)
    other.stream?.send([1, 2, 3])
    try exchange(client, server)
    #expect(server.accepted[1].data == [1, 2, 3])
    server.accepted[0].stream?.consume(256 << 10)
    try exchange(client, server)
    #expect(server.accepted[0].data.count == 512 << 10)
  }

  @Test func `a writer is told when it may go on`() throws {
    let server = try Side(.server)
    let client = try Side(.client)
    let call = try client.open(request)
    try exchange(client, server)
    call.stream?.send([UInt8](repeating: 1, count: 100_000))
    #expect(call.stream?.isWritable == false)
    #expect(call.writableCount == 0)
    try exchange(client, server)
    #expect(call.writableCount == 1)
    #expect(call.stream?.isWritable == true)
  }

  @Test func `a server that answers early tells the client to stop`() throws {
    let server = try Side(.server)
    server.prepare = { $0.whenHeaders = { $0.stream?.respond(HeaderBlock([":status": "200"]), endStream: true) } }
    let client = try Side(.client)
    let call = try client.open(request)
    call.stream?.send([1, 2, 3])
    try exchange(client, server)
    #expect(call.isEnded)
    #expect(call.code == .noError)
    #expect(client.session.streamCount == 0)
  }

  @Test func `a reset reaches the other side with its code`() throws {
    let server = try Side(.server)
    let client = try Side(.client)
    let call = try client.open(request)
    try exchange(client, server)
    call.stream?.reset(.cancel)
    try exchange(client, server)
    #expect(server.accepted[0].code == .cancel)
    #expect(call.code == .cancel)
  }

  @Test func `headers above the limit are cut, not kept`() throws {
    let server = try Side(.server)
    let client = try Side(.client)
    var large = request
    for index in 0..<30 { large.append("name-\(index)", String(repeating: "x", count: 1000)) }
    _ = try client.open(large)
    try exchange(client, server)
    #expect(server.accepted[0].headers == [HeaderBlock(["truncated": "1"])])
  }

  @Test func `a client opens no more streams than the server grants`() throws {
    var limits = SessionLimits()
    limits.maximumConcurrentStreams = 2
    let server = try Side(.server, limits: limits)
    let client = try Side(.client)
    try exchange(client, server)
    #expect(client.settings == 1)
    _ = try client.open(request)
    #expect(client.session.canOpenStream)
    _ = try client.open(request)
    #expect(!client.session.canOpenStream)
  }

  @Test func `streams on their way are taken between the two steps of going away`() throws {
    let server = try echoServer()
    let client = try Side(.client)
    try exchange(client, server)
    let early = try client.open(request)
    let earlyBytes = try client.output()
    server.session.announceShutdown()
    server.session.ping()
    let announcement = try server.output()
    try earlyBytes.withUnsafeBytes { try server.session.receive($0) }
    try announcement.withUnsafeBytes { try client.session.receive($0) }
    #expect(client.goAway == Int32.max)
    #expect(!client.session.canOpenStream)
    try exchange(client, server)
    #expect(server.pongs == 1)
    server.session.goAway()
    early.stream?.finish()
    try exchange(client, server)
    #expect(early.code == .noError)
    #expect(server.session.isFinished)
    #expect(client.session.isFinished)
  }

  @Test func `garbage is refused and a lost connection ends every stream once`() throws {
    let server = try Side(.server)
    #expect(throws: SessionError.self) {
      try Array("GET / HTTP/1.1\r\n\r\n.......".utf8).withUnsafeBytes { try server.session.receive($0) }
    }
    let client = try Side(.client)
    let call = try client.open(request)
    let stream = call.stream
    client.session.end(.internalError)
    #expect(call.code == .internalError)
    #expect(stream?.isSent == false)
    stream?.send([1])
    stream?.finish()
    stream?.reset(.cancel)
    stream?.consume(5)
  }

  @Test func `a call given up before it left never leaves`() throws {
    let server = try echoServer()
    let client = try Side(.client)
    let call = try client.open(request)
    call.stream?.reset(.cancel)
    try exchange(client, server)
    #expect(call.code != nil)
    #expect(call.stream?.isSent == false)
    #expect(server.accepted.isEmpty)
    #expect(client.session.streamCount == 0)
  }

  @Test func `a call that the server's farewell crosses is known as not taken`() throws {
    let server = try echoServer()
    let client = try Side(.client)
    try exchange(client, server)
    server.session.goAway()
    let farewell = try server.output()
    let sent = try client.open(request)
    sent.stream?.finish()
    _ = try client.output()
    try farewell.withUnsafeBytes { try client.session.receive($0) }
    #expect(sent.code == .refusedStream)
  }

  @Test func `streams are let go of when they are over`() throws {
    weak var early: HTTP2.Stream?
    weak var late: HTTP2.Stream?
    do {
      let server = try echoServer()
      let client = try Side(.client)
      var call: Recorder? = try client.open(request)
      early = call?.stream
      call?.stream?.finish()
      try exchange(client, server)
      call = nil
      #expect(early == nil)
      late = try client.open(request).stream
      #expect(late != nil)
    }
    #expect(late == nil)
  }

  @Test func `random bytes never trap`() throws {
    var generator = SeededGenerator(state: 20_210_301)
    let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + [0, 0, 0, 4, 0, 0, 0, 0, 0]
    for _ in 0..<2_000 {
      let server = try echoServer()
      var bytes = preface
      for _ in 0..<Int.random(in: 1...8, using: &generator) {
        let length = Int.random(in: 0...40, using: &generator)
        bytes += [0, 0, UInt8(length), UInt8.random(in: 0...10, using: &generator)]
        bytes += [UInt8.random(in: 0...255, using: &generator), 0, 0, 0, UInt8.random(in: 0...5, using: &generator)]
        bytes += (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
      }
      do {
        try bytes.withUnsafeBytes { try server.session.receive($0) }
        _ = try server.output()
      } catch {}
    }
  }
}

/// SplitMix64: the same numbers in every run.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word >> 31)
  }
}
