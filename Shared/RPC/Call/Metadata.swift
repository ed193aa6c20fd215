package import HTTP2
import Wire

/// What travels beside the messages: names with values, in order, a name any number of times. Names are lower case; a name that ends
/// in `-bin` carries bytes, every other one printable ASCII.
///
/// It is the header block as it came: names that gRPC itself uses (`grpc-…`, `:…`, `content-type`, `te`) are in it and not shown.
package struct Metadata: Sendable, Equatable {
  var block: HeaderBlock

  /// Nothing.
  package init() { block = HeaderBlock() }

  /// What a header block carries beside gRPC's own fields.
  package init(_ block: HeaderBlock) { self.block = block }

  /// These names and values.
  package init(_ fields: KeyValuePairs<String, String>) {
    self.init()
    for (name, value) in fields { append(name, value) }
  }

  /// Adds a text value at the end. Characters that a header cannot carry are left out, and so is a name that gRPC keeps for itself.
  package mutating func append(_ name: String, _ value: String) {
    guard Metadata.isCarried(name) else { return }
    if value.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) {
      block.append(name, value)
    } else {
      block.append(
        name, String(String.UnicodeScalarView(value.unicodeScalars.filter { (0x20...0x7e).contains($0.value) })))
    }
  }

  /// Adds bytes at the end. `name` ends in `-bin`.
  package mutating func append(_ name: String, bytes: [UInt8]) {
    guard Metadata.isCarried(name), name.hasSuffix("-bin") else { return }
    block.append(name, Base64.encode(bytes, padded: false))
  }

  /// Adds everything of another one.
  package mutating func append(_ other: Metadata) { block.append(other.shown) }

  /// The first value under `name`.
  package subscript(_ name: String) -> String? {
    (0..<block.count).first { block.isNamed($0, name) && !block.isReserved($0) }.map { block.value($0) }
  }

  /// All values under `name`, in order.
  package func values(_ name: String) -> [String] {
    (0..<block.count).filter { block.isNamed($0, name) && !block.isReserved($0) }.map { block.value($0) }
  }

  /// The bytes of all values under a `-bin` name, in order; values that a proxy joined with commas are taken apart.
  package func bytes(_ name: String) -> [[UInt8]] {
    values(name).flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }
      .compactMap { Base64.decode($0) }
  }

  /// Takes all values under these names out.
  package mutating func remove(_ names: String...) {
    func isOut(_ block: HeaderBlock, _ index: Int) -> Bool { names.contains { block.isNamed(index, $0) } }
    guard (0..<block.count).contains(where: { isOut(block, $0) }) else { return }
    block = block.dropping(isOut)
  }

  /// Names and values, in order.
  package var entries: [(name: String, value: String)] {
    (0..<block.count).filter { !block.isReserved($0) }.map { (block.name($0), block.value($0)) }
  }

  /// Whether nothing is shown.
  package var isEmpty: Bool { (0..<block.count).allSatisfy { block.isReserved($0) } }

  /// The block without gRPC's own fields.
  var shown: HeaderBlock {
    (0..<block.count).contains { block.isReserved($0) } ? block.dropping { $0.isReserved($1) } : block
  }

  /// Whether a header may be called that and gRPC leaves the name to us.
  static func isCarried(_ name: String) -> Bool {
    !name.isEmpty && !isReserved(name.utf8)
      && name.utf8.allSatisfy {
        (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || [0x2d, 0x2e, 0x5f].contains($0)
      }
  }

  static func isReserved(_ name: some Collection<UInt8>) -> Bool {
    guard let first = name.first else { return true }
    switch first {
    case UInt8(ascii: ":"): return true
    case UInt8(ascii: "g"): return name.starts(with: "grpc-".utf8)
    case UInt8(ascii: "c"): return name.elementsEqual("content-type".utf8) || name.elementsEqual("connection".utf8)
    case UInt8(ascii: "t"): return name.elementsEqual("te".utf8)
    default: return false
    }
  }

  package static func == (left: Self, right: Self) -> Bool { left.shown == right.shown }
}

extension HeaderBlock {
  /// Whether the field at `index` is one of gRPC's own, not metadata.
  func isReserved(_ index: Int) -> Bool { withName(index) { Metadata.isReserved($0) } }
}
