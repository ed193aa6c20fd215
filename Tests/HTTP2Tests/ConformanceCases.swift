import TestSupport

/// The cases of `ConformanceTests`: what they are called, what is said after both sides' settings, what has to come of it.
enum ConformanceCases {
  typealias Case = (name: String, frames: [Frame], reaction: ConformanceTests.Reaction)
  typealias Tests = ConformanceTests

  static let all: [Case] =
    framing + idleStreams + endedStreams + streamNumbers + data + headers + small + settings + windows + continuation
    + requests + hpack

  static let get = HPACK.request("/echo")
  static let hold = HPACK.request("/hold")
  static let open: Frame = .headers(1, hold, end: false)
  static let ended: Frame = .headers(1, hold)
  static let answered: Frame = .headers(1, get)
  static func request(_ fields: [(String, String)]) -> [Frame] { [.headers(1, HPACK.block(fields))] }
  static let pseudo = [(":method", "POST"), (":scheme", "http"), (":path", "/echo"), (":authority", "here")]
  static func with(_ more: (String, String)...) -> [Frame] { request(pseudo + more) }
  static func without(_ name: String) -> [Frame] { request(pseudo.filter { $0.0 != name }) }

  static let framing: [Case] = [
    ("4.1 a frame of an unknown type is ignored", [Frame(0x20, flags: 255, stream: 0, [1, 2, 3])], .goesOn),
    ("4.1 unknown flags are ignored", [Frame(6, flags: 0xfe, [1, 2, 3, 4, 5, 6, 7, 8])], .goesOn),
    ("4.1 the reserved bit is ignored", [Frame(6, stream: 0x8000_0000, [1, 2, 3, 4, 5, 6, 7, 8])], .goesOn),
    ("4.2 DATA of 16,384 bytes is taken", [open, .data(1, [UInt8](repeating: 0, count: 16_384))], .goesOn),
    ("4.2 DATA of more is not", [open, .data(1, [UInt8](repeating: 0, count: 16_385))], .reset([Tests.size])),
    (
      "4.2 HEADERS of more is not", [.headers(1, get + HPACK.literal("a", String(repeating: "b", count: 16_384)))],
      .end([Tests.size])
    ),
    ("4.2 SETTINGS of more is not", [Frame(4, [UInt8](repeating: 0, count: 16_386))], .end([Tests.size])),
    (
      "5.5 an unknown frame in a header block", [.headers(1, get, isWhole: false), Frame(0x20, [1])],
      .end([Tests.proto])
    ),
    ("8.4 PUSH_PROMISE", [open, Frame(5, flags: 4, stream: 1, Frame.word(2) + get)], .end([Tests.proto])),
  ]

  static let idleStreams: [Case] = [
    ("5.1 idle: DATA", [.data(1, [1], end: true)], .end([Tests.proto])),
    ("5.1 idle: RST_STREAM", [.reset(1)], .end([Tests.proto])),
    ("5.1 idle: WINDOW_UPDATE", [.windowUpdate(1, 100)], .end([Tests.proto])),
    ("5.1 idle: CONTINUATION", [.continuation(1, get)], .end([Tests.proto])),
    ("5.1 idle: PRIORITY", [.priority(1)], .goesOn),
  ]

  static let endedStreams: [Case] = [
    ("5.1 half-closed: DATA", [ended, .data(1, [1], end: true)], .reset([Tests.closed])),
    ("5.1 half-closed: HEADERS", [ended, .headers(1, get)], .reset([Tests.closed])),
    ("5.1 half-closed: CONTINUATION", [ended, .continuation(1, get)], .end([Tests.closed, Tests.proto])),
    ("5.1 half-closed: WINDOW_UPDATE, PRIORITY", [ended, .windowUpdate(1, 9), .priority(1)], .goesOn),
    ("5.1 reset: DATA", [open, .reset(1), .data(1, [1], end: true)], .reset([Tests.closed])),
    ("5.1 reset: HEADERS", [open, .reset(1), .headers(1, get)], .reset([Tests.closed, Tests.proto])),
    ("5.1 reset: CONTINUATION", [open, .reset(1), .continuation(1, get)], .end([Tests.closed, Tests.proto])),
    ("5.1 closed: DATA", [answered, .data(1, [1], end: true)], .reset([Tests.closed])),
    ("5.1 closed: HEADERS", [answered, .headers(1, get)], .end([Tests.closed])),
    ("5.1 closed: CONTINUATION", [answered, .continuation(1, get)], .end([Tests.closed, Tests.proto])),
    (
      "5.1 closed: WINDOW_UPDATE, PRIORITY and RST_STREAM", [answered, .windowUpdate(1, 9), .priority(1), .reset(1)],
      .goesOn
    ),
  ]

  static let streamNumbers: [Case] = [
    ("5.1.1 an even stream", [.headers(2, get)], .end([Tests.proto])),
    ("5.1.1 a lower stream", [.headers(5, hold), .headers(3, get)], .end([Tests.proto])),
    (
      "5.1.1 what crosses our reset is ignored",
      [.headers(1, HPACK.request("/early"), end: false), .data(1, [1]), .headers(1, HPACK.block([("a", "b")]))],
      .crosses
    ),
    ("5.1.1 streams may be left out", [.headers(5, hold), .headers(9, hold)], .goesOn),
    ("5.3 HEADERS that depend on themselves", [selfDependent], .reset([Tests.proto])),
    ("5.3 PRIORITY on itself", [open, .priority(1, on: 1)], .reset([Tests.proto])),
    (
      "5.1.2 a stream too many", (0...100).map { .headers(UInt32($0 * 2 + 1), hold, end: false) },
      .end([Tests.proto, Tests.refused])
    ),
  ]
  static let selfDependent = Frame(1, flags: 5 | Frame.hasPriority, stream: 1, Frame.word(1) + [255] + get)

  static let data: [Case] = [
    ("6.1 DATA on stream 0", [open, .data(0, [1])], .end([Tests.proto])),
    (
      "6.1 padding longer than the frame", [open, Frame(0, flags: Frame.padded, stream: 1, [6, 1, 2])],
      .end([Tests.proto])
    ),
    ("6.1 padding is dropped", [open, Frame(0, flags: Frame.padded | 1, stream: 1, [2, 65, 0, 0])], .goesOn),
    ("6.1 padding and nothing else", [open, Frame(0, flags: Frame.padded, stream: 1, [0])], .goesOn),
  ]

  static let headers: [Case] = [
    ("6.2 HEADERS on stream 0", [.headers(0, get)], .end([Tests.proto])),
    (
      "6.2 PRIORITY in a header block", [.headers(1, get, isWhole: false), .priority(1), .continuation(1, [])],
      .end([Tests.proto])
    ),
    (
      "6.2 HEADERS of another stream in a header block", [.headers(1, get, isWhole: false), .headers(3, get)],
      .end([Tests.proto])
    ),
    ("6.2 DATA in a header block", [.headers(1, get, isWhole: false), .data(1, [1])], .end([Tests.proto])),
    ("6.2 padding longer than the frame", [Frame(1, flags: 13, stream: 1, [200] + get)], .end([Tests.proto])),
    ("6.2 padding is dropped", [Frame(1, flags: 13, stream: 1, [3] + get + [0, 0, 0])], .answers),
    (
      "6.2 a priority is read over", [Frame(1, flags: 5 | Frame.hasPriority, stream: 1, Frame.word(0) + [15] + get)],
      .answers
    ),
  ]

  /// PRIORITY, RST_STREAM, PING, GOAWAY.
  static let small: [Case] = [
    ("6.3 PRIORITY on stream 0", [.priority(0)], .end([Tests.proto])),
    ("6.3 PRIORITY of four bytes", [open, Frame(2, stream: 1, [0, 0, 0, 0])], .reset([Tests.size])),
    ("6.4 RST_STREAM on stream 0", [.reset(0)], .end([Tests.proto])),
    ("6.4 RST_STREAM of three bytes", [open, Frame(3, stream: 1, [0, 0, 0])], .end([Tests.size])),
    ("7 RST_STREAM with an unknown code", [open, .reset(1, 0xff)], .goesOn),
    ("6.7 an answer to a PING that was not", [Frame(6, flags: 1, [1, 2, 3, 4, 5, 6, 7, 8])], .goesOn),
    ("6.7 PING on a stream", [Frame(6, stream: 1, [1, 2, 3, 4, 5, 6, 7, 8])], .end([Tests.proto])),
    ("6.7 PING of six bytes", [Frame(6, [1, 2, 3, 4, 5, 6])], .end([Tests.size])),
    ("6.8 GOAWAY on a stream", [Frame(7, stream: 1, Frame.word(0) + Frame.word(0))], .end([Tests.proto])),
    ("6.8 GOAWAY of seven bytes", [Frame(7, [0, 0, 0, 0, 0, 0, 0])], .end([Tests.size])),
    ("7 GOAWAY with an unknown code, calls go on", [open, .goAway(0, 0xff)], .goesOn),
  ]

  static let settings: [Case] = [
    ("6.5 an acknowledgement with a payload", [Frame(4, flags: 1, [0, 1, 0, 0, 0, 0])], .end([Tests.size])),
    ("6.5 SETTINGS on a stream", [Frame(4, stream: 1, [0, 3, 0, 0, 0, 9])], .end([Tests.proto])),
    ("6.5 SETTINGS of five bytes", [Frame(4, [0, 3, 0, 0, 0])], .end([Tests.size])),
    ("6.5.2 ENABLE_PUSH 2", [.settings([2: 2])], .end([Tests.proto])),
    ("6.5.2 ENABLE_PUSH 0", [.settings([2: 0])], .goesOn),
    ("6.5.2 INITIAL_WINDOW_SIZE 2³¹", [.settings([4: 0x8000_0000])], .end([Tests.flow])),
    ("6.5.2 INITIAL_WINDOW_SIZE 2³¹ − 1", [.settings([4: 0x7fff_ffff])], .goesOn),
    ("6.5.2 MAX_FRAME_SIZE 16,383", [.settings([5: 16_383])], .end([Tests.proto])),
    ("6.5.2 MAX_FRAME_SIZE 2²⁴", [.settings([5: 1 << 24])], .end([Tests.proto])),
    ("6.5.2 MAX_FRAME_SIZE 2²⁴ − 1", [.settings([5: (1 << 24) - 1])], .goesOn),
    ("6.5.2 HEADER_TABLE_SIZE 0, then larger", [.settings([1: 0]), .settings([1: 1 << 20]), answered], .answers),
    ("6.5.2 an unknown setting", [.settings([0x99: 5])], .goesOn),
    ("6.5.3 the same setting twice", [.settings([4: 100, 4: 1])], .goesOn),
    ("no settings at all in SETTINGS", [.settings()], .goesOn),
  ]

  static let windows: [Case] = [
    ("6.9 an increment of 0 of the connection", [.windowUpdate(0, 0)], .end([Tests.proto])),
    ("6.9 an increment of 0 of a stream", [open, .windowUpdate(1, 0)], .reset([Tests.proto])),
    ("6.9 WINDOW_UPDATE of three bytes", [Frame(8, [0, 0, 1])], .end([Tests.size])),
    (
      "6.9.1 a connection window above 2³¹ − 1", [.windowUpdate(0, 0x7fff_ffff), .windowUpdate(0, 0x7fff_ffff)],
      .end([Tests.flow])
    ),
    (
      "6.9.1 a stream's window above 2³¹ − 1", [open, .windowUpdate(1, 0x7fff_ffff), .windowUpdate(1, 0x7fff_ffff)],
      .reset([Tests.flow])
    ),
    (
      "6.9.2 INITIAL_WINDOW_SIZE that overflows a stream's window",
      [open, .windowUpdate(1, 100_000), .settings([4: 0x7fff_ffff])], .reset([Tests.flow])
    ),
    (
      "6.9.1 more DATA than the window", [open] + (0..<17).map { _ in .data(1, [UInt8](repeating: 0, count: 16_384)) },
      .reset([Tests.flow])
    ),
  ]

  static let continuation: [Case] = [
    (
      "6.10 a header block in three pieces",
      [
        .headers(1, Array(get.prefix(20)), isWhole: false),
        .continuation(1, Array(get.dropFirst(20).prefix(1)), isWhole: false),
        .continuation(1, Array(get.dropFirst(21))),
      ], .answers
    ),
    ("6.10 on stream 0", [.headers(1, get, isWhole: false), .continuation(0, [])], .end([Tests.proto])),
    ("6.10 of another stream", [.headers(1, get, isWhole: false), .continuation(3, [])], .end([Tests.proto])),
    ("6.10 after a whole block", [open, .continuation(1, [])], .end([Tests.proto])),
    (
      "6.10 after its last piece",
      [.headers(1, hold, isWhole: false), .continuation(1, []), .continuation(1, [])], .end([Tests.proto])
    ),
    ("6.10 after DATA", [open, .data(1, [1]), .continuation(1, [])], .end([Tests.proto])),
  ]

  static let bad: Tests.Reaction = .reset([Tests.proto])
  static let requests: [Case] = [
    ("8.1 trailers end the stream", [open, .headers(1, HPACK.block([("a", "b")]))], .goesOn),
    (
      "8.1 a second block that does not end the stream", [open, .headers(1, HPACK.block([("a", "b")]), end: false)], bad
    ),
    ("8.3 pseudo-fields in trailers", [open, .headers(1, HPACK.block([(":method", "POST")]))], bad),
    ("8.2.1 a name in upper case", with(("X-Upper", "a")), bad),
    ("8.2.1 a space in a name", with(("a b", "a")), bad),
    ("8.2.1 an empty name", with(("", "a")), bad),
    ("8.2.1 a line break in a value", with(("a", "b\r\nc: d")), bad),
    ("8.2.1 a zero in a value", with(("a", "b\0c")), bad),
    ("8.2.1 a space before a value", with(("a", " b")), bad),
    ("8.2.1 a space after a value", with(("a", "b ")), bad),
    ("8.2.1 an empty value", with(("a", "")), .answers),
    ("8.2.2 connection", with(("connection", "keep-alive")), bad),
    ("8.2.2 keep-alive", with(("keep-alive", "timeout=5")), bad),
    ("8.2.2 proxy-connection", with(("proxy-connection", "keep-alive")), bad),
    ("8.2.2 transfer-encoding", with(("transfer-encoding", "chunked")), bad),
    ("8.2.2 upgrade", with(("upgrade", "h2c")), bad),
    ("8.2.2 te other than trailers", with(("te", "trailers, deflate")), bad),
    ("8.2.2 te: trailers", with(("te", "trailers")), .answers),
    ("8.3 an unknown pseudo-field", with((":unknown", "a")), bad),
    ("8.3 a response's pseudo-field", with((":status", "200")), bad),
    ("8.3 a pseudo-field after others", request([("a", "b")] + pseudo), bad),
    ("8.3 a pseudo-field among others", request(pseudo.dropLast() + [("a", "b"), (":authority", "here")]), bad),
    ("8.3.1 no :method", without(":method"), bad),
    ("8.3.1 no :scheme", without(":scheme"), bad),
    ("8.3.1 no :path", without(":path"), bad),
    ("8.3.1 an empty :path", request(pseudo.map { ($0.0, $0.0 == ":path" ? "" : $0.1) }), bad),
    ("8.3.1 a :path that is none", request(pseudo.map { ($0.0, $0.0 == ":path" ? "echo" : $0.1) }), bad),
    ("8.3.1 :method twice", request([(":method", "POST")] + pseudo), bad),
    ("8.3.1 :scheme twice", request([(":scheme", "http")] + pseudo), bad),
    ("8.3.1 :path twice", request([(":path", "/echo")] + pseudo), bad),
    ("8.3.1 :authority twice", request([(":authority", "here")] + pseudo), bad),
    ("8.3.1 host in place of :authority", request(pseudo.dropLast() + [("host", "here")]), .answers),
    (
      "8.1.1 content-length of more than comes",
      [.headers(1, HPACK.request("/echo", [("content-length", "5")]), end: false), .data(1, [1], end: true)], bad
    ),
    (
      "8.1.1 content-length of less than comes",
      [
        .headers(1, HPACK.request("/echo", [("content-length", "1")]), end: false), .data(1, [1]),
        .data(1, [1], end: true),
      ], bad
    ),
    ("8.1.1 content-length and no body", [.headers(1, HPACK.request("/echo", [("content-length", "1")]))], bad),
    ("8.1.1 content-length that is none", with(("content-length", "-1")), bad),
    (
      "8.1.1 content-length that is right",
      [
        .headers(1, HPACK.request("/echo", [("content-length", "2")]), end: false), .data(1, [1]),
        .data(1, [1], end: true),
      ], .answers
    ),
  ]

  static let broken: Tests.Reaction = .end([Tests.compression])
  static let hpack: [Case] = [
    ("RFC 7541 2.3.3 an index beyond the tables", [.headers(1, get + [0xc6])], broken),
    ("RFC 7541 2.3.3 a name beyond the tables", [.headers(1, get + [0x7f, 0x20] + HPACK.text("a"))], broken),
    ("RFC 7541 6.1 index 0", [.headers(1, get + [0x80])], broken),
    ("RFC 7541 4.2 a table size at the end", [.headers(1, get + [0x20])], broken),
    ("RFC 7541 4.2 a table size at the beginning", [.headers(1, [0x20] + get)], .answers),
    ("RFC 7541 6.3 a table larger than granted", [.headers(1, [0x3f, 0xe2, 0x1f] + get)], broken),
    ("RFC 7541 5.2 Huffman padding of a byte", [.headers(1, get + [0, 1, 97, 0x82, 0x1f, 0xff])], broken),
    ("RFC 7541 5.2 Huffman padding of zeros", [.headers(1, get + [0, 1, 97, 0x81, 0x18])], broken),
    ("RFC 7541 5.2 Huffman EOS", [.headers(1, get + [0, 1, 97, 0x84, 0xff, 0xff, 0xff, 0xfc])], broken),
    ("RFC 7541 5.2 Huffman as it should be", [.headers(1, get + [0, 1, 97, 0x81, 0x1f])], .answers),
    (
      "RFC 7541 5.1 a length without end", [.headers(1, get + [0, 0x7f] + [UInt8](repeating: 0xff, count: 20))], broken
    ),
    ("RFC 7541 a block that is cut off", [.headers(1, get + [0, 5, 97])], broken),
  ]
}
