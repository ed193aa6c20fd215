extension Timestamp {
  /// Reads RFC 3339 (`2019-04-25T09:32:09+08:00`, `…Z`, fractions to a microsecond, `T` or a space). `nil` if it is not one.
  package init?(rfc3339 text: some StringProtocol) {
    var scanner = Scanner(bytes: Array(text.utf8))
    guard let year = scanner.number(4), scanner.skip("-"), let month = scanner.number(2), scanner.skip("-"),
      let day = scanner.number(2), let date = CivilDate(year: year, month: month, day: day),
      scanner.skip("T") || scanner.skip("t") || scanner.skip(" "),
      let hour = scanner.number(2), scanner.skip(":"), let minute = scanner.number(2), scanner.skip(":"),
      let second = scanner.number(2), hour < 24, minute < 60, second < 60
    else { return nil }
    guard let fraction = scanner.fraction(), let offset = scanner.offset(), scanner.isAtEnd else { return nil }
    let seconds = Int64(date.dayNumber) * 86_400 + Int64(hour * 3600 + minute * 60 + second) - Int64(offset) * 60
    self.init(microseconds: seconds * 1_000_000 + Int64(fraction))
  }

  /// `2019-04-25T01:32:09Z`, with a fraction only where there is one.
  package var rfc3339: String { text(offsetMinutes: 0, suffix: "Z") }

  /// `2019-04-25T09:32:09+08:00`: the county's wall clock.
  package var shanghai: String { text(offsetMinutes: 480, suffix: "+08:00") }

  private func text(offsetMinutes: Int64, suffix: String) -> String {
    let local = microseconds + offsetMinutes * 60_000_000
    let dayNumber = local.flooredDivision(by: CivilDate.dayLength)
    let rest = Int(local - dayNumber * CivilDate.dayLength)
    let (seconds, fraction) = rest.quotientAndRemainder(dividingBy: 1_000_000)
    let clock = "\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
    let tail = fraction == 0 ? "" : "." + padded(fraction, 6)
    return "\(CivilDate(dayNumber: Int(dayNumber)))T\(clock)\(tail)\(suffix)"
  }
}

/// Walks over the ASCII of a time text.
private struct Scanner {
  let bytes: [UInt8]
  var position = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(character.value) else { return false }
    position += 1
    return true
  }

  mutating func number(_ digits: Int) -> Int? {
    guard position + digits <= bytes.count else { return nil }
    var value = 0
    for byte in bytes[position..<position + digits] {
      guard (48...57).contains(byte) else { return nil }
      value = value * 10 + Int(byte) - 48
    }
    position += digits
    return value
  }

  /// Microseconds behind a `.`, 0 without one; digits past the sixth are dropped. `nil`: a point without a digit.
  mutating func fraction() -> Int? {
    guard skip(".") else { return 0 }
    var value = 0
    var count = 0
    while let digit = number(1) {
      if count < 6 { value = value * 10 + digit }
      count += 1
    }
    guard count > 0 else { return nil }
    for _ in 0..<max(0, 6 - count) { value *= 10 }
    return value
  }

  /// Minutes east of UTC.
  mutating func offset() -> Int? {
    if skip("Z") || skip("z") { return 0 }
    let sign = skip("+") ? 1 : (skip("-") ? -1 : 0)
    guard sign != 0, let hours = number(2), skip(":"), let minutes = number(2), hours < 24, minutes < 60 else {
      return nil
    }
    return sign * (hours * 60 + minutes)
  }
}
