extension JSONValue {
  /// Deepest nesting of a text: the parser recurses once per level.
  private static let maximumNesting = 100

  /// Reads one JSON text, strictly as RFC 8259 has it; names within an object are unique, strings are valid UTF-8.
  package init(parsing text: some Sequence<UInt8>) throws(JSONError) {
    var parser = JSONParser(bytes: Array(text))
    self = try parser.value(levels: Self.maximumNesting)
    parser.skipSpace()
    guard parser.position == parser.bytes.count else { throw parser.error("something follows the value") }
  }

  /// Reads one JSON text.
  package init(parsing text: String) throws(JSONError) { try self.init(parsing: text.utf8) }
}

/// Reads values one after another from bytes.
private struct JSONParser {
  let bytes: [UInt8]
  var position = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  func error(_ text: String) -> JSONError { JSONError(offset: position, text) }

  mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0a, 0x0d: position += 1
      default: return
      }
    }
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  /// Steps over `character` if it is next.
  private mutating func take(_ character: Character) -> Bool {
    guard next == character.asciiValue else { return false }
    position += 1
    return true
  }

  mutating func value(levels: Int) throws(JSONError) -> JSONValue {
    guard levels > 0 else { throw error("nested too deep") }
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): return .object(try members(levels: levels))
    case UInt8(ascii: "["): return .array(try elements(levels: levels))
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case .some: return .number(try number())
    case nil: throw error("the text ends too early")
    }
  }

  private mutating func word(_ word: String, _ value: JSONValue) throws(JSONError) -> JSONValue {
    guard bytes[position...].starts(with: word.utf8) else { throw error("not a value") }
    position += word.utf8.count
    return value
  }

  private mutating func members(levels: Int) throws(JSONError) -> [JSONValue.Member] {
    position += 1
    var members: [JSONValue.Member] = []
    // By their bytes: to Swift, é and e with an accent are one string.
    var names: Set<[UInt8]> = []
    skipSpace()
    if take("}") { return [] }
    while true {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw error("a name in quotes is missing") }
      let name = try string()
      guard names.insert(Array(name.utf8)).inserted else { throw error("\"\(name)\" is there twice") }
      skipSpace()
      guard take(":") else { throw error("a colon is missing") }
      members.append(JSONValue.Member(name, try value(levels: levels - 1)))
      skipSpace()
      if take("}") { return members }
      guard take(",") else { throw error("a comma or } is missing") }
    }
  }

  private mutating func elements(levels: Int) throws(JSONError) -> [JSONValue] {
    position += 1
    var elements: [JSONValue] = []
    skipSpace()
    if take("]") { return [] }
    while true {
      elements.append(try value(levels: levels - 1))
      skipSpace()
      if take("]") { return elements }
      guard take(",") else { throw error("a comma or ] is missing") }
    }
  }

  private mutating func number() throws(JSONError) -> String {
    let start = position
    _ = take("-")
    if !take("0") {
      guard takeDigits() else { throw error("not a value") }
    }
    if take("."), !takeDigits() { throw error("digits are missing") }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      guard takeDigits() else { throw error("digits are missing") }
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func takeDigits() -> Bool {
    let start = position
    while let digit = next, (0x30...0x39).contains(digit) { position += 1 }
    return position > start
  }

  private mutating func string() throws(JSONError) -> String {
    position += 1
    var content: [UInt8] = []
    while let byte = next {
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: content, as: UTF8.self) else { throw error("text that is not UTF-8") }
        return text
      case UInt8(ascii: "\\"): content += try escape()
      case 0..<0x20: throw error("a control character in a string")
      default: content.append(byte)
      }
    }
    throw error("the string does not end")
  }

  private mutating func escape() throws(JSONError) -> [UInt8] {
    guard let letter = next else { throw error("the string does not end") }
    position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [letter]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0c]
    case UInt8(ascii: "n"): return [0x0a]
    case UInt8(ascii: "r"): return [0x0d]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"): return Array(Character(try scalar()).utf8)
    default: throw error("no such escape")
    }
  }

  private mutating func scalar() throws(JSONError) -> Unicode.Scalar {
    var value = try hexadecimal()
    if (0xd800..<0xdc00).contains(value) {
      guard take("\\"), take("u") else { throw error("half a surrogate pair") }
      let low = try hexadecimal()
      guard (0xdc00..<0xe000).contains(low) else { throw error("half a surrogate pair") }
      value = 0x10000 + (value - 0xd800) << 10 + (low - 0xdc00)
    }
    guard let scalar = Unicode.Scalar(value) else { throw error("half a surrogate pair") }
    return scalar
  }

  private mutating func hexadecimal() throws(JSONError) -> UInt32 {
    guard position + 4 <= bytes.count else { throw error("four hexadecimal digits are missing") }
    let digits = bytes[position..<(position + 4)]
    guard digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw error("four hexadecimal digits are missing") }
    position += 4
    return value
  }
}
