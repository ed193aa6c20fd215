/// Folds one scalar to the form in which it is searched: width, letter case, compatibility ideographs, traditional to simplified.
enum Folding {
  /// Where the flat part of the table begins and ends: the CJK blocks of the basic plane and the compatibility forms behind them.
  private static let flatRange: ClosedRange<UInt32> = 0x2e80...0xffff

  /// One entry per scalar of `flatRange`; 0 where a scalar stays as it is.
  private static let flat: [UInt16] = {
    var table = [UInt16](repeating: 0, count: flatRange.count)
    for (written, folded) in pairs where flatRange.contains(written) {
      table[Int(written - flatRange.lowerBound)] = UInt16(folded)
    }
    return table
  }()

  /// The few scalars outside of `flatRange`: superscripts, enclosed letters, ideographs of the second plane.
  private static let sparse: [UInt32: UInt32] = {
    var table = [UInt32: UInt32]()
    for (written, folded) in pairs where !flatRange.contains(written) { table[written] = folded }
    return table
  }()

  private static var pairs: Zip2Sequence<[UInt32], [UInt32]> {
    zip(FoldingTable.written.unicodeScalars.map(\.value), FoldingTable.folded.unicodeScalars.map(\.value))
  }

  static func fold(_ scalar: UInt32) -> UInt32 {
    if scalar < 0x80 { return (65...90).contains(scalar) ? scalar + 32 : scalar }
    if (0xff01...0xff5e).contains(scalar) { return fold(scalar - 0xfee0) }
    if flatRange.contains(scalar) {
      let folded = flat[Int(scalar - flatRange.lowerBound)]
      return folded == 0 ? scalar : UInt32(folded)
    }
    return sparse[scalar] ?? scalar
  }
}

/// What a folded scalar is for the cutting of tokens.
enum ScalarKind: Equatable {
  /// Han: searched in overlapping pairs.
  case ideograph
  /// A letter or digit of another script: searched by whole words.
  case letter
  case sentenceEnd
  case separator

  init(_ scalar: UInt32) {
    switch scalar {
    case 0x3400...0x9fff, 0x20000...0x3ffff, 0x3007: self = .ideograph
    case 97...122, 48...57: self = .letter
    case 0x0a, 0x0d, 0x21, 0x3b, 0x3f, 0x2028, 0x2029, 0x3002, 0xff61: self = .sentenceEnd
    case 0..<0x80: self = .separator
    default:
      let isWord =
        Unicode.Scalar(scalar).map { $0.properties.isAlphabetic || $0.properties.numericType != nil } ?? false
      self = isWord ? .letter : .separator
    }
  }
}
