import Testing
import Wire
import WireTypes

/// Thousands of seeded messages, JSON texts and byte strings, against what PyPI's protobuf makes of them (python/differential.py).
/// Where the two differ on purpose, the reason stands in `Difference`. One after the other: they need a processor for seconds.
@Suite(.serialized) struct DifferentialTests {
  /// The cases, and the types that they are of.
  struct Cases: Sendable {
    let pool: DescriptorPool
    let lines: [[Substring]]

    func of(_ kind: String) -> [[Substring]] { lines.filter { $0[0] == kind } }
  }

  static let cases = Task {
    let text = try await Python.run("differential.py", "20260102", "11000", "6000", "6000")
    let lines = text.split(separator: "\n").map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
    return Cases(pool: try AllContracts.pool.get(), lines: lines)
  }

  @Test func `messages have the JSON that another implementation gives them, both ways`() async throws {
    let cases = try await Self.cases.value
    var count = 0
    for line in cases.of("M") {
      guard let (type, bytes) = try message(line, cases), line[3] != "!" else { continue }
      let json = ProtoJSON(pool: cases.pool)
      let decoded = try DynamicMessage(decoding: bytes, as: type)
      let theirs = try JSONValue(parsing: line[3].utf8)
      do {
        let text = try json.text(decoded)
        let ours = try JSONValue(parsing: text.utf8)
        #expect(ours.isSame(as: theirs), "\(type.fullName)\nours   \(text)\ntheirs \(line[3])")
        #expect(try json.message(line[3].utf8, as: type).encoded() == bytes, "\(type.fullName) \(line[3])")
        #expect(try json.message(text.utf8, as: type).encoded() == bytes, "\(type.fullName) \(text)")
        count += 1
      } catch {
        Issue.record("\(type.fullName): \(error): \(line[3])")
      }
    }
    #expect(count > 10_000)
  }

  @Test func `so they have with their defaults printed`() async throws {
    let cases = try await Self.cases.value
    for line in cases.of("E") {
      guard let (type, bytes) = try message(line, cases), line[3] != "!" else { continue }
      var json = ProtoJSON(pool: cases.pool)
      json.printsDefaults = true
      let text = try json.text(try DynamicMessage(decoding: bytes, as: type))
      let (ours, theirs) = (try JSONValue(parsing: text.utf8), try JSONValue(parsing: line[3].utf8))
      #expect(ours.isSame(as: theirs), "\(type.fullName)\nours   \(text)\ntheirs \(line[3])")
    }
  }

  @Test func `changed texts are taken or refused alike`() async throws {
    let cases = try await Self.cases.value
    var taken = 0
    for line in cases.of("T") {
      let type = try #require(cases.pool.message(named: String(line[1])))
      var json = ProtoJSON(pool: cases.pool)
      json.ignoresUnknownNames = line[2] == "1"
      let text = try #require(Base64.decode(line[3]))
      let theirs = line[4] == "!" ? nil : Base64.decode(line[4])
      let shown = String(decoding: text, as: UTF8.self)
      do throws(ProtoJSONError) {
        let ours = try json.message(text, as: type).encoded()
        if let theirs {
          // Python's -0 is a whole number, and has no sign.
          #expect(ours == theirs || shown.contains("-0"), "\(type.fullName) \(shown)")
          taken += 1
        } else {
          #expect(Difference.weTake(shown), "taken by us alone: \(type.fullName) \(shown)")
        }
      } catch {
        #expect(
          theirs == nil || Difference.weRefuse(error, shown), "refused by us: \(error): \(type.fullName) \(shown)")
      }
    }
    #expect(taken > 1000)
  }

  @Test func `any bytes are read as another implementation reads them`() async throws {
    let cases = try await Self.cases.value
    var taken = 0
    for line in cases.of("W") {
      guard let (type, bytes) = try message(line, cases) else { continue }
      let generated = try #require(AllContracts.messages[type.fullName])
      let theirs = line[3] == "!" ? nil : Base64.decode(line[3])
      var results: [Result<[UInt8], WireError>] = []
      results.append(Result { () throws(WireError) in try generated.passing(bytes) })
      results.append(Result { () throws(WireError) in try DynamicMessage(decoding: bytes, as: type).encoded() })
      for (result, kind) in zip(results, ["generated", "dynamic"]) {
        switch result {
        case .success(let ours):
          // A tag that is longer than it must be is kept by Python as it is, of a field that nobody knows.
          let isSame =
            theirs == ours || theirs.flatMap { try? generated.passing($0) } == ours
            || theirs == nil && Difference.hasOverwrittenText(bytes)
          #expect(isSame, "\(kind) \(type.fullName) \(line[2]): \(hex(ours)), theirs \(hex(theirs ?? []))")
          taken += 1
        case .failure(let error):
          #expect(theirs == nil || Difference.weRefuse(error), "\(kind) \(type.fullName) \(line[2]): \(error)")
        }
      }
    }
    #expect(taken > 3000)
  }

  private func message(_ line: [Substring], _ cases: Cases) throws -> (MessageType, [UInt8])? {
    let type = try #require(cases.pool.message(named: String(line[1])))
    return (type, try #require(Base64.decode(line[2])))
  }

  private func hex(_ bytes: [UInt8]) -> String {
    bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }
}

/// Where we differ from PyPI's protobuf, and why.
enum Difference {
  /// What only we refuse, by what we say about it: Python takes for such values whatever can be made one somehow.
  private static let strictness = [
    // Lists and texts without anything in them, for messages.
    "an object is expected",
    // Characters between base64's, which Python passes over.
    "not base64",
    // Truth values for numbers; numbers in quotes and truth values for enums; their numbers beyond 32 bits.
    "a number is expected", "is expected", "the name of a value is expected", "a whole number from",
    // Months, days, hours, minutes and seconds of one digit; signs and blanks in front of seconds.
    "an instant like", "a length of time like",
    // What no text can be, in names, too, that are passed over.
    "half a surrogate pair",
    // No database column of ours stores it.
    "the text contains U+0000",
  ]

  static func weRefuse(_ error: ProtoJSONError, _ text: String) -> Bool {
    strictness.contains { error.text.contains($0) }
  }

  /// What only we take: the largest `float`, in the very digits that Python prints.
  static func weTake(_ text: String) -> Bool { text.contains("3.4028235e+38") }

  /// Bytes that only we take: a text that is not UTF-8, of a field that comes again. The last one counts, and is looked at.
  static func hasOverwrittenText(_ bytes: some Collection<UInt8>) -> Bool {
    var rest = Array(bytes)[...]
    var last: [UInt64: ArraySlice<UInt8>] = [:]
    func number() -> UInt64? {
      var value: UInt64 = 0
      for shift in stride(from: 0, to: 70, by: 7) {
        guard let byte = rest.popFirst() else { return nil }
        if shift < 64 { value |= UInt64(byte & 127) << UInt64(shift) }
        if byte < 128 { return value }
      }
      return nil
    }
    while !rest.isEmpty {
      guard let tag = number() else { return false }
      switch tag & 7 {
      case 0: guard number() != nil else { return false }
      case 1: rest = rest.dropFirst(8)
      case 5: rest = rest.dropFirst(4)
      case 2:
        guard let length = number(), length <= rest.count else { return false }
        let text = rest.prefix(Int(length))
        rest = rest.dropFirst(Int(length))
        if let earlier = last.updateValue(text, forKey: tag >> 3), String(validating: earlier, as: UTF8.self) == nil {
          return true
        }
        if hasOverwrittenText(text) { return true }
      default: return false
      }
    }
    return false
  }

  /// Bytes that only we refuse: no database column of ours stores U+0000.
  static func weRefuse(_ error: WireError) -> Bool {
    if case .textContainsNUL = error { true } else { false }
  }
}

extension JSONValue {
  /// Whether two texts say the same: numbers by value, objects in any order.
  func isSame(as other: JSONValue) -> Bool {
    switch (self, other) {
    case (.number(let left), .number(let right)):
      return left == right || Double(left) == Double(right) || Float(left) == Float(right)
    case (.array(let left), .array(let right)):
      return left.count == right.count && zip(left, right).allSatisfy { $0.isSame(as: $1) }
    case (.object(let left), .object(let right)):
      let names = Dictionary(right.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
      return left.count == right.count && left.allSatisfy { names[$0.name].map($0.value.isSame) ?? false }
    default: return self == other
    }
  }
}
