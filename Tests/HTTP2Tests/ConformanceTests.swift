import TestSupport
import Testing

@testable import HTTP2

/// What RFC 9113 and RFC 7541 say about what a server does with each thing a client may say, byte for byte. One case per line.
@Suite struct ConformanceTests {
  /// What is expected of the server.
  enum Reaction: Sendable {
    /// GOAWAY with one of these codes, then nothing more.
    case end(Set<UInt32>)
    /// RST_STREAM of stream 1 with one of these codes, or more than the RFC asks for: the end of the connection with one of them.
    case reset(Set<UInt32>)
    /// Nothing: a PING is still answered.
    case goesOn
    /// Stream 1 is answered.
    case answers
    /// We have reset stream 1 without an error, and nothing else follows.
    case crosses
  }

  /// The error codes by their names in RFC 9113 §7.
  static let proto: UInt32 = 1, flow: UInt32 = 3, closed: UInt32 = 5, size: UInt32 = 6, refused: UInt32 = 7
  static let compression: UInt32 = 9, calm: UInt32 = 11

  /// What comes back when `frames` are said after the preface; `end`: GOAWAY came or reading failed.
  static func say(_ frames: [Frame], limits: SessionLimits = SessionLimits()) throws -> [Frame] {
    var limits = limits
    limits.glitches = GlitchBucket()
    let server = try Side(.server, limits: limits)
    server.prepare = { recorder in
      recorder.consumesAtOnce = false
      recorder.whenHeaders = { recorder in
        guard recorder.headers[0][":path"] == "/early" else { return }
        recorder.stream?.respond(HeaderBlock([":status": "200"]), endStream: true)
      }
      recorder.whenEnded = { recorder in
        guard recorder.headers[0][":path"] == "/echo" else { return }
        recorder.stream?.respond(HeaderBlock([":status": "200"]))
        recorder.stream?.send(recorder.data)
        recorder.stream?.finish(trailers: HeaderBlock(["grpc-status": "0"]))
      }
    }
    var output: [UInt8] = []
    for bytes in [Frame.preface] + frames.map(\.bytes) {
      try? bytes.withUnsafeBytes { try server.session.receive($0) }
      output += (try? server.output()) ?? []
    }
    let answers = Frame.take(from: &output)
    #expect(output.isEmpty, "half a frame was sent")
    return answers
  }

  static func expect(_ reaction: Reaction, _ answers: [Frame], _ name: String) {
    let end = answers.first { $0.type == 7 }
    let reset = answers.first { $0.type == 3 && $0.stream == 1 }
    let pong = answers.contains { $0.type == 6 && $0.flags == 1 && $0.payload == [9, 9, 9, 9, 9, 9, 9, 9] }
    let answer = answers.last { $0.type == 1 && $0.stream == 1 }
    switch reaction {
    case .end(let codes): #expect(codes.contains(end?.code ?? 999), "\(name): \(answers)")
    case .reset(let codes): #expect(codes.contains(end?.code ?? reset?.code ?? 999), "\(name): \(answers)")
    case .goesOn: #expect(end == nil && reset == nil && pong, "\(name): \(answers)")
    case .crosses: #expect(reset?.code == 0 && end == nil && pong, "\(name): \(answers)")
    case .answers: #expect((answer?.flags ?? 0) & 1 == 1 && end == nil && pong, "\(name): \(answers)")
    }
  }

  @Test(arguments: ConformanceCases.all.map(\.0)) func `RFC 9113`(name: String) throws {
    let found = try #require(ConformanceCases.all.first { $0.0 == name })
    let answers = try Self.say([.settings(), .settingsAcknowledged] + found.1 + [.ping([9, 9, 9, 9, 9, 9, 9, 9])])
    Self.expect(found.2, answers, name)
  }

  @Test(arguments: ["GET / HTTP/1.1\r\nHost: here\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nMS\r\n\r\n"])
  func `3.4 another preface ends the connection`(text: String) throws {
    let server = try Side(.server)
    #expect(throws: SessionError.self) { try Array(text.utf8).withUnsafeBytes { try server.session.receive($0) } }
    var output = try server.output()
    #expect(Frame.take(from: &output).last?.code == Self.proto)
  }

  @Test func `3.4 what comes first is SETTINGS`() throws {
    #expect(try Self.say([.ping()]).last?.code == Self.proto)
    #expect(try Self.say([]).first?.type == 4)
  }

  @Test func `6_5 and 6_7 settings are acknowledged, and a PING comes back as it was`() throws {
    let answers = try Self.say([.settings([4: 70_000]), .settings(), .ping([8, 7, 6, 5, 4, 3, 2, 1])])
    #expect(answers.count { $0 == .settingsAcknowledged } == 2)
    #expect(answers.last == Frame(6, flags: 1, [8, 7, 6, 5, 4, 3, 2, 1]))
  }

  static func bodies(_ frames: [Frame]) -> [Int] {
    frames.filter { $0.type == 0 && !$0.payload.isEmpty }.map(\.payload.count)
  }

  @Test func `6_9 a window of one byte is a frame of one byte`() throws {
    let ask: [Frame] = [.headers(1, ConformanceCases.get, end: false), .data(1, [1, 2, 3, 4, 5], end: true)]
    #expect(try Self.bodies(Self.say([.settings([4: 1])] + ask)) == [1])
    #expect(
      try Self.bodies(Self.say([.settings([4: 1])] + ask + [.windowUpdate(1, 1), .windowUpdate(1, 2)])) == [1, 1, 2])
    // Windows may become negative, and come back.
    #expect(
      try Self.bodies(Self.say([.settings([4: 3])] + ask + [.settings([4: 0]), .windowUpdate(1, 3)])) == [3])
    #expect(
      try Self.bodies(Self.say([.settings([4: 3])] + ask + [.settings([4: 0]), .windowUpdate(1, 4)])) == [3, 1])
    #expect(try Self.bodies(Self.say([.settings([4: 0])] + ask + [.settings([4: 2])])) == [2])
    #expect(try Self.bodies(Self.say([.settings([4: 100, 4: 1])] + ask)) == [1])
  }

  @Test func `4_2 no frame is larger than the peer takes`() throws {
    let body = [UInt8](repeating: 1, count: 16_384)
    let ask: [Frame] = [.headers(1, ConformanceCases.get, end: false), .data(1, body), .data(1, body, end: true)]
    #expect(try Self.bodies(Self.say([.settings()] + ask)).max() == 16_384)
    #expect(try Self.bodies(Self.say([.settings([5: 20_000])] + ask)).max() ?? 0 <= 20_000)
  }

  @Test func `5_1_2 a stream that is over no longer counts`() throws {
    var limits = SessionLimits()
    limits.maximumConcurrentStreams = 2
    let answers = try Self.say(
      [.settings(), .settingsAcknowledged] + (0..<50).map { .headers($0 * 2 + 1, ConformanceCases.get) }, limits: limits
    )
    #expect(answers.count { $0.type == 1 && $0.flags & 1 == 1 } == 50)
    #expect(!answers.contains { $0.type == 7 || $0.type == 3 })
  }
}
