/// The `grpc-timeout` header: up to eight digits and a unit.
enum Timeout {
  /// `nil` where the header is not one.
  static func parse(_ text: UnsafeRawBufferPointer) -> Duration? {
    guard let unit = text.last, (2...9).contains(text.count) else { return nil }
    var value: Int64 = 0
    for digit in text.dropLast() {
      guard (48...57).contains(digit) else { return nil }
      value = value * 10 + Int64(digit) - 48
    }
    return switch unit {
    case UInt8(ascii: "n"): .nanoseconds(value)
    case UInt8(ascii: "u"): .microseconds(value)
    case UInt8(ascii: "m"): .milliseconds(value)
    case UInt8(ascii: "S"): .seconds(value)
    case UInt8(ascii: "M"): .seconds(value * 60)
    case UInt8(ascii: "H"): .seconds(value * 3600)
    default: nil
    }
  }

  /// The shortest exact form that eight digits allow, rounded up; a duration that is over is one nanosecond.
  static func text(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    guard seconds >= 0, attoseconds >= 0, duration > .zero else { return "1n" }
    if seconds >= 99_999_999 { return "\(min(99_999_999, seconds / 3600 + 1))H" }
    let nanoseconds = (attoseconds + 999_999_999) / 1_000_000_000
    if seconds == 0, nanoseconds <= 99_999_999 { return "\(nanoseconds)n" }
    let microseconds = seconds * 1_000_000 + (nanoseconds + 999) / 1000
    if microseconds <= 99_999_999 { return "\(microseconds)u" }
    let milliseconds = (microseconds + 999) / 1000
    if milliseconds <= 99_999_999 { return "\(milliseconds)m" }
    return "\(seconds + (nanoseconds > 0 ? 1 : 0))S"
  }
}
