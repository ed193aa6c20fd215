import Testing

@testable import HuyingCLI

@Suite struct JSONSequenceTests {
  private func split(_ text: String, piece: Int = .max) -> [String] {
    var sequence = JSONSequence()
    var values: [JSONSequence.Value] = []
    let bytes = Array(text.utf8)
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, start + min(piece, bytes.count))
      values += sequence.append(bytes[start..<end])
      start = end
    }
    if let last = sequence.finish() { values.append(last) }
    return values.map { String(decoding: $0.bytes, as: UTF8.self) }
  }

  @Test(arguments: [
    ("{}", ["{}"]), (" {\"a\": \"}\"} {\"b\": [1, {}]}\n{}", ["{\"a\": \"}\"}", "{\"b\": [1, {}]}", "{}"]), ("", []),
    ("{\"a\": \"\\\"}\"}", ["{\"a\": \"\\\"}\"}"]), ("{", ["{"]),
    ("1 2\n\"a b\"\"c\"", ["1", "2", "\"a b\"", "\"c\""]),
    ("\n\n{\"k\":\n\"v\"}{}[]", ["{\"k\":\n\"v\"}", "{}", "[]"]), ("\u{1e}{}\n\u{1e}{}\n", ["{}", "{}"]), ("}", ["}"]),
    ("{\"名\":\"呼应\"}\n{\"名\":\"}\"}", ["{\"名\":\"呼应\"}", "{\"名\":\"}\"}"]),
  ])
  func `JSON values stand one after another, wherever the bytes are cut`(_ text: String, _ values: [String]) {
    for piece in [Int.max, 1, 2, 3, 7] { #expect(split(text, piece: piece) == values) }
  }

  @Test func `a value is handed out with its last byte, not with the next one`() {
    var sequence = JSONSequence()
    #expect(sequence.append(Array(#"{"a":1"#.utf8)).isEmpty)
    #expect(sequence.append(Array("}".utf8)).count == 1)
  }

  @Test func `a value knows its line`() {
    var sequence = JSONSequence()
    let values = sequence.append(Array("{}\n\n{\n\"a\":1}\n{}\n".utf8))
    #expect(values.map(\.line) == [1, 3, 5])
  }
}
