import ArgumentParser

/// A number of bytes as people write it: `4096`, `64k`, `16MiB`.
struct ByteCount: ExpressibleByArgument, Sendable, Equatable {
  let bytes: Int

  private static let units = ["": 1, "b": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30]

  init(_ bytes: Int) { self.bytes = bytes }

  init?(argument: String) {
    let digits = argument.prefix { $0.isASCII && $0.isNumber }
    var unit = argument.dropFirst(digits.count).lowercased()
    if unit.count > 1 {
      for ending in ["ib", "b"] where unit.hasSuffix(ending) { unit.removeLast(ending.count); break }
    }
    guard let number = Int(digits), let factor = Self.units[unit],
      case (let bytes, false) = number.multipliedReportingOverflow(by: factor)
    else { return nil }
    self.bytes = bytes
  }

  var defaultValueDescription: String { Self.text(bytes) }

  /// A number of bytes for people: `4 MiB`.
  static func text(_ bytes: Int) -> String {
    for (size, name) in [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")] where bytes >= size {
      let tenths = (bytes * 10 + size / 2) / size
      return tenths % 10 == 0 || tenths >= 1000 ? "\(tenths / 10) \(name)" : "\(tenths / 10).\(tenths % 10) \(name)"
    }
    return "\(bytes) B"
  }
}
