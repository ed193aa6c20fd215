package import HTTP2
import Wire

/// What travels beside the messages: names with values, in order, a name any number of times. Names are lower case; a name that ends
/// in `-bin` carries bytes, every other one printable ASCII.
///
/// It is the header block as it came: names that gRPC and HTTP use themselves (`grpc-…`, `:…`, `content-type`, `te`, `connection` and
/// their like) are in it and not shown, and cannot be set. So whatever is put in here, the connection carries it.
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

  /// Adds a text value at the end, without the space around it; under a `-bin` name it is base64, as it travels. Characters that a
  /// header cannot carry are left out, and so is what cannot travel at all: a name that gRPC keeps for itself, or `-bin` without base64.
  package mutating func append(_ name: String, _ value: String) {
    guard let name = Metadata.carried(name) else { return }
    let text = Metadata.trimmed(String(value.unicodeScalars.filter { (" "..."~").contains($0) })[...])
    guard !name.hasSuffix("-bin") || Metadata.pieces(text).allSatisfy({ Base64.decode($0) != nil }) else { return }
    block.append(name, String(text))
  }

  /// Adds bytes at the end. `name` ends in `-bin`.
  package mutating func append(_ name: String, bytes: [UInt8]) {
    guard let name = Metadata.carried(name), name.hasSuffix("-bin") else { return }
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
    values(name).flatMap { Metadata.pieces($0[...]) }.compactMap { Base64.decode($0) }
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

  /// The name in lower case, if a header may be called that and gRPC leaves it to us.
  static func carried(_ name: String) -> String? {
    let name = name.utf8.contains { (0x41...0x5a).contains($0) } ? name.lowercased() : name
    let isName =
      !name.isEmpty && !isReserved(name.utf8)
      && name.utf8.allSatisfy {
        (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || [0x2d, 0x2e, 0x5f].contains($0)
      }
    return isName ? name : nil
  }

  /// Values that a proxy joined into one.
  private static func pieces(_ text: Substring) -> [Substring] {
    text.split(separator: ",", omittingEmptySubsequences: false).map(trimmed)
  }

  private static func trimmed(_ text: Substring) -> Substring {
    let start = text.drop { $0 == " " }
    return start.prefix(start.count - start.reversed().prefix { $0 == " " }.count)
  }

  static func isReserved(_ name: some Collection<UInt8>) -> Bool {
    guard let first = name.first else { return true }
    switch first {
    case UInt8(ascii: ":"): return true
    case UInt8(ascii: "g"): return name.starts(with: "grpc-".utf8)
    case UInt8(ascii: "c"): return isOne(of: ["content-type", "content-length", "connection"], name)
    case UInt8(ascii: "h"): return isOne(of: ["host"], name)
    case UInt8(ascii: "k"): return isOne(of: ["keep-alive"], name)
    case UInt8(ascii: "p"): return isOne(of: ["proxy-connection"], name)
    case UInt8(ascii: "t"): return isOne(of: ["te", "transfer-encoding", "trailer"], name)
    case UInt8(ascii: "u"): return isOne(of: ["upgrade"], name)
    default: return false
    }
  }

  private static func isOne(of names: [StaticString], _ name: some Collection<UInt8>) -> Bool {
    names.contains { known in
      known.withUTF8Buffer { $0.count == name.count && $0.elementsEqual(name) }
    }
  }

  package static func == (left: Self, right: Self) -> Bool { left.shown == right.shown }
}

extension HeaderBlock {
  /// Whether the field at `index` is one of gRPC's own, not metadata.
  func isReserved(_ index: Int) -> Bool { withName(index) { Metadata.isReserved($0) } }
}
