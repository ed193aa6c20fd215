import Kernel

/// Instants and lengths of time as JSON writes them, to the nanosecond.
enum TimeText {
  /// 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z.
  private static let instants: ClosedRange<Int64> = -62_135_596_800...253_402_300_799
  /// About ten thousand years.
  private static let durations: ClosedRange<Int64> = -315_576_000_000...315_576_000_000

  static func timestamp(_ seconds: Int64, _ nanos: Int32) throws(ProtoJSONError) -> String {
    guard instants.contains(seconds), (0...999_999_999).contains(nanos) else {
      throw ProtoJSONError("the instant lies outside the years 1 to 9999")
    }
    return Kernel.Timestamp(seconds: seconds).rfc3339.dropLast() + fraction(nanos) + "Z"
  }

  static func duration(_ seconds: Int64, _ nanos: Int32) throws(ProtoJSONError) -> String {
    guard durations.contains(seconds), abs(nanos) <= 999_999_999,
      seconds == 0 || nanos == 0 || (seconds < 0) == (nanos < 0)
    else { throw ProtoJSONError("the seconds and nanoseconds are not a length of time") }
    return "\(seconds < 0 || nanos < 0 ? "-" : "")\(seconds.magnitude)\(fraction(Int32(nanos.magnitude)))s"
  }

  /// Nothing, or a point and 3, 6 or 9 digits.
  private static func fraction(_ nanos: Int32) -> String {
    if nanos == 0 { return "" }
    let digits = padded(Int(nanos), 9)
    if nanos % 1_000_000 == 0 { return "." + digits.prefix(3) }
    return "." + (nanos % 1_000 == 0 ? digits.prefix(6) : digits[...])
  }

  static func parseTimestamp(_ text: String) throws(ProtoJSONError) -> (seconds: Int64, nanos: Int32) {
    let mistake = ProtoJSONError("an instant like 2026-01-02T03:04:05Z is expected")
    guard text.contains("T") else { throw mistake }
    var nanos: Int32 = 0
    var rest = text
    if let point = text.firstIndex(of: ".") {
      let digits = text[text.index(after: point)...].prefix { $0.isASCII && $0.isNumber }
      guard let value = Self.nanos(digits) else { throw mistake }
      nanos = value
      rest = String(text[..<point] + text[digits.endIndex...])
    }
    guard !rest.contains("."), let instant = Kernel.Timestamp(rfc3339: rest) else { throw mistake }
    let seconds = instant.microseconds / 1_000_000
    guard instants.contains(seconds) else { throw mistake }
    return (seconds, nanos)
  }

  static func parseDuration(_ text: String) throws(ProtoJSONError) -> (seconds: Int64, nanos: Int32) {
    let mistake = ProtoJSONError("a length of time like 1.5s is expected")
    guard text.hasSuffix("s") else { throw mistake }
    let isNegative = text.hasPrefix("-")
    let parts = text.dropFirst(isNegative ? 1 : 0).dropLast().split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), parts[0].allSatisfy({ $0.isASCII && $0.isNumber }),
      let seconds = Int64(parts[0]), durations.contains(seconds),
      let nanos = parts.count == 1 ? 0 : nanos(parts[1])
    else { throw mistake }
    return isNegative ? (-seconds, -nanos) : (seconds, nanos)
  }

  /// 1 to 9 digits behind a point.
  private static func nanos(_ digits: Substring) -> Int32? {
    guard (1...9).contains(digits.count), digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
    return Int32(digits + String(repeating: "0", count: 9 - digits.count))
  }
}
