import SampleContract
import Wire
import WireTypes

/// Encoded messages, read as a generated type and as one that is known from its descriptor: both take the same and write the same, and
/// what is written is read back as itself.
///
/// First byte: the type. Then the message.
struct WireSurface: Surface {
  let name = "wire"
  let types: SampleTypes

  var seeds: [[UInt8]] {
    let inner = SampleV1.Everything.Inner(name: "甲", amount: -1)
    var everything = SampleV1.Everything(aDouble: -0.0, aString: "群众", someBytes: [0, 255], inner: inner)
    everything.texts = ["a", "乙"]
    everything.labels = ["k": "v"]
    everything.int64s = [0, -1, 1 << 40]
    everything.choice = .chosenInner(inner)
    let tree = SampleV1.Tree(name: "r", child: .init(name: "c"), children: [.init()], byName: ["x": .init(name: "y")])
    return [
      [0] + everything.encoded(), [2] + SampleV1.Maps(byBool: [true: false], doubles: ["a": 1.5]).encoded(),
      [3] + tree.encoded(), [4] + SampleV1.Words(default: "d").encoded(), [5] + everything.encoded(),
      [0, 0x8b, 0x7d, 0x08, 0x01, 0x8c, 0x7d], [0, 0x28, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1],
    ]
  }

  let words: [[UInt8]] = [
    [0x0a], [0x12], [0x1a, 0x00], [0x8b, 0x7d, 0x8c, 0x7d], [0x0b], [0x0c], [0xff, 0xff, 0xff, 0xff, 0x0f],
    [0x80, 0x80, 0],
    [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], [0x00], [0xe4, 0xba, 0x95], [0xf0, 0x9f, 0x99, 0x82],
    [0xed, 0xa0, 0x80], [0x4a, 0x03], [0x8a, 0x01, 0x02, 0x0a, 0x00], [0xc2, 0x02, 0x02, 0x0a, 0x00],
  ]

  func run(_ input: [UInt8]) throws(Finding) -> Int {
    guard let first = input.first else { return 0 }
    let index = types.index(first)
    let bytes = Array(input.dropFirst())
    let generated = Result { () throws(WireError) in try types.generated[index].twice(bytes) }
    let dynamic = Result { () throws(WireError) in
      let once = try DynamicMessage(decoding: bytes, as: types.dynamic[index]).encoded()
      return (once, try DynamicMessage(decoding: once, as: types.dynamic[index]).encoded())
    }
    var way = Hasher()
    way.combine(index)
    switch (generated, dynamic) {
    case (.success(let left), .success(let right)):
      guard left.0 == left.1, right.0 == right.1 else { throw Finding("what is written is read as something else") }
      guard left.0 == right.0 else { throw Finding("generated \(left.0), dynamic \(right.0)") }
      way.combine(left.0 == bytes)
      way.combine(left.0.count.bitWidth - left.0.count.leadingZeroBitCount)
    case (.failure(let left), .failure(let right)):
      guard left == right else { throw Finding("generated \(left), dynamic \(right)") }
      way.combine("\(left)")
    case (.success, .failure(let error)): throw Finding("only generated code reads it: \(error)")
    case (.failure(let error), .success): throw Finding("only the dynamic type reads it: \(error)")
    }
    return way.finalize()
  }
}

extension Message {
  /// What is written of `bytes`, and what is written of that.
  fileprivate static func twice(_ bytes: [UInt8]) throws(WireError) -> ([UInt8], [UInt8]) {
    let once = try Self(decoding: bytes).encoded()
    return (once, try Self(decoding: once).encoded())
  }
}
