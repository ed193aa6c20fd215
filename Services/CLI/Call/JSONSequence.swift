/// Takes JSON values that stand one after another (NDJSON, or with any white space between them) out of bytes that come in
/// pieces. What is no JSON is left to the parser to complain about.
struct JSONSequence {
  /// One value, and the line that it begins on.
  struct Value: Equatable {
    let bytes: [UInt8]
    let line: Int
  }

  private var pending: [UInt8] = []
  private var scanned = 0
  private var depth = 0
  private var isInString = false
  private var isEscaped = false
  private var line = 1
  private var startLine = 1

  /// The values that are complete now.
  mutating func append(_ bytes: some Sequence<UInt8>) -> [Value] {
    pending += bytes
    var values: [Value] = []
    var start = 0
    while scanned < pending.count {
      let isEmpty = scanned == start
      switch step(pending[scanned], isEmpty: isEmpty) {
      case .skip:
        scanned += 1
        start = scanned
      case .go: scanned += 1
      case .endsHere:
        scanned += 1
        values.append(Value(bytes: Array(pending[start..<scanned]), line: startLine))
        start = scanned
      case .endsBefore:
        values.append(Value(bytes: Array(pending[start..<scanned]), line: startLine))
        start = scanned
      }
    }
    pending.removeFirst(start)
    scanned -= start
    return values
  }

  /// The last value, which nothing has ended: a bare number, or one that is cut off.
  mutating func finish() -> Value? {
    defer { pending = [] }
    return pending.isEmpty ? nil : Value(bytes: pending, line: startLine)
  }

  private enum Step {
    case skip, go, endsHere, endsBefore
  }

  private mutating func step(_ byte: UInt8, isEmpty: Bool) -> Step {
    if isInString { return inString(byte) }
    let isSpace = byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d
    if isSpace, depth == 0, !isEmpty { return .endsBefore }
    if byte == 0x0a { line += 1 }
    if isSpace { return isEmpty ? .skip : .go }
    // A record separator of RFC 7464 is white space between values.
    if byte == 0x1e, depth == 0 { return isEmpty ? .skip : .endsBefore }
    if isEmpty { startLine = line }
    switch byte {
    case UInt8(ascii: "\""): isInString = true
    case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
    case UInt8(ascii: "}"), UInt8(ascii: "]"):
      depth = max(0, depth - 1)
      return depth == 0 ? .endsHere : .go
    default: break
    }
    return .go
  }

  private mutating func inString(_ byte: UInt8) -> Step {
    if byte == 0x0a { line += 1 }
    if isEscaped {
      isEscaped = false
    } else if byte == UInt8(ascii: "\\") {
      isEscaped = true
    } else if byte == UInt8(ascii: "\"") {
      isInString = false
      return depth == 0 ? .endsHere : .go
    }
    return .go
  }
}
