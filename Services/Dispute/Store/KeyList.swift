/// Sorted 32-bit keys as they lie in a column: four bytes each, the highest first.
struct KeyList {
  private let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  static func bytes(_ keys: [UInt32]) -> [UInt8] {
    var bytes = [UInt8]()
    bytes.reserveCapacity(keys.count * 4)
    for key in keys {
      bytes.append(UInt8(truncatingIfNeeded: key >> 24))
      bytes.append(UInt8(truncatingIfNeeded: key >> 16))
      bytes.append(UInt8(truncatingIfNeeded: key >> 8))
      bytes.append(UInt8(truncatingIfNeeded: key))
    }
    return bytes
  }

  var count: Int { bytes.count / 4 }

  subscript(_ index: Int) -> UInt32 {
    let at = index * 4
    return UInt32(bytes[at]) << 24 | UInt32(bytes[at + 1]) << 16 | UInt32(bytes[at + 2]) << 8 | UInt32(bytes[at + 3])
  }

  var keys: [UInt32] { (0..<count).map { self[$0] } }

  func contains(_ key: UInt32) -> Bool {
    let index = firstIndex(notBelow: UInt64(key))
    return index < count && self[index] == key
  }

  /// Those with `lower` ≤ key < `upper`.
  func keys(from lower: UInt64, below upper: UInt64) -> [UInt32] {
    (firstIndex(notBelow: lower)..<max(firstIndex(notBelow: lower), firstIndex(notBelow: upper))).map { self[$0] }
  }

  private func firstIndex(notBelow key: UInt64) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if UInt64(self[middle]) < key { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// Ascending numbers as differences of seven bits a byte.
enum NumberList {
  static func bytes(_ numbers: [Int]) -> [UInt8] {
    var bytes = [UInt8]()
    var last = 0
    for number in numbers {
      var difference = number - last
      while difference > 0x7f {
        bytes.append(UInt8(difference & 0x7f) | 0x80)
        difference >>= 7
      }
      bytes.append(UInt8(difference))
      last = number
    }
    return bytes
  }

  /// The numbers, each plus `base`.
  static func numbers(_ bytes: [UInt8], base: Int) -> [Int] {
    var numbers = [Int]()
    numbers.reserveCapacity(bytes.count)
    var (last, difference, shift) = (base, 0, 0)
    for byte in bytes {
      difference |= Int(byte & 0x7f) << shift
      if byte & 0x80 != 0 {
        shift += 7
      } else {
        last += difference
        numbers.append(last)
        (difference, shift) = (0, 0)
      }
    }
    return numbers
  }
}
