import ArgumentParser

/// A length of time as people write it: `10` (seconds), `0.5`, `500ms`, `2s`, `1m30s`, `1h`.
struct TimeSpan: ExpressibleByArgument, Sendable, Equatable {
  let duration: Duration

  private static let units: [(suffix: String, seconds: Double)] = [
    ("ms", 1e-3), ("us", 1e-6), ("µs", 1e-6), ("ns", 1e-9), ("s", 1), ("m", 60), ("h", 3600),
  ]

  init(_ duration: Duration) { self.duration = duration }

  init?(argument: String) {
    var rest = argument[...]
    var total = 0.0
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      guard let number = Double(digits), number.isFinite else { return nil }
      rest = rest.dropFirst(digits.count)
      if rest.isEmpty {
        total += number
      } else if let unit = Self.units.first(where: { rest.hasPrefix($0.suffix) }) {
        total += number * unit.seconds
        rest = rest.dropFirst(unit.suffix.count)
      } else {
        return nil
      }
    }
    guard total < 1e9 else { return nil }
    duration = .nanoseconds(Int64((total * 1e9).rounded()))
  }

  /// Seconds, with their fraction.
  var seconds: Double { duration.inSeconds }

  var defaultValueDescription: String { Self.text(seconds) }

  /// A time for people, with three digits and the unit that fits: `1.23ms`.
  static func text(_ seconds: Double) -> String {
    let size = abs(seconds)
    if size == 0 { return "0s" }
    if size < 1e-6 { return "\(Int((seconds * 1e9).rounded()))ns" }
    if size < 1e-3 { return digits(seconds * 1e6) + "µs" }
    if size < 1 { return digits(seconds * 1e3) + "ms" }
    if size < 120 { return digits(seconds) + "s" }
    let whole = Int(seconds.rounded())
    return whole < 3600 ? "\(whole / 60)m\(whole % 60)s" : "\(whole / 3600)h\(whole / 60 % 60)m"
  }

  private static func digits(_ value: Double) -> String {
    let places = abs(value) >= 99.95 ? 0 : abs(value) >= 9.995 ? 1 : 2
    let scale = [1.0, 10, 100][places]
    let text = "\((value * scale).rounded() / scale)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}

extension Duration {
  /// Seconds, with their fraction.
  var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
