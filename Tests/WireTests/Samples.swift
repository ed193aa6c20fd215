import SampleContract
import Wire
import WireTypes

/// The values of `golden.py`, in Swift.
enum Samples {
  static var everything: SampleV1.Everything {
    var value = SampleV1.Everything(
      aDouble: 1.5, aFloat: -0.25, anInt64: .min, aUint64: .max, anInt32: -1, aFixed64: 7, aFixed32: 8, aBool: true,
      aString: "群众来电反映窨井盖缺失 🙂", someBytes: [0, 0xff, 0x80], aUint32: .max, warmth: .frozen, anSfixed32: -9,
      anSfixed64: -10, anSint32: -11, anSint64: -12, inner: .init(name: "内", amount: 3))
    value.maybeNumber = 0
    value.maybeText = ""
    value.maybeBytes = []
    value.maybeFlag = false
    value.maybeWarmth = .unspecified
    value.maybeDouble = 0
    value.doubles = [0, -1.25, 1e300]
    value.int64s = [0, -1, 1 << 62]
    value.sint32s = [0, -1, 1]
    value.fixed32s = [1, 2]
    value.flags = [true, false]
    value.texts = ["", "甲", "乙"]
    value.chunks = [[], [1]]
    value.warmths = [.hot, .frozen]
    value.inners = [.init(), .init(name: "x")]
    value.unpacked = [1, -2]
    value.labels = ["b": "2", "a": "1"]
    value.byNumber = [-1: .init(name: "n"), 5: .init(amount: 5)]
    value.byFlag = [true: [0x74]]
    value.byID = [9: .hot]
    value.choice = .chosenInner(.init(name: "chosen"))
    addWellKnown(to: &value)
    return value
  }

  private static func addWellKnown(to value: inout SampleV1.Everything) {
    value.occurTime = .init(seconds: 1_767_323_045, nanos: 6_000)
    value.waitDuration = .init(seconds: -1, nanos: -500_000_000)
    let inner = GoogleProtobuf.Struct(fields: ["b": .init(kind: .stringValue("c"))])
    let list = GoogleProtobuf.ListValue(values: [
      .init(kind: .numberValue(1)), .init(kind: .nullValue(.nullValue)), .init(kind: .boolValue(true)),
      .init(kind: .structValue(inner)),
    ])
    value.extra = .init(fields: ["甲": .init(kind: .listValue(list))])
    value.value = .init(kind: .stringValue("v"))
    value.wrappedNumber = .init(value: -5)
    value.wrappedText = .init(value: "")
    value.mask = .init(paths: ["a_string", "inner.name"])
    value.any = .init(packing: SampleV1.Everything.Inner(name: "any"))
    value.list = .init(values: [.init(kind: .numberValue(1.5)), .init(kind: .stringValue("two"))])
    value.wrappedBytes = .init(value: [0xfb, 0xff])
  }

  static var tree: SampleV1.Tree {
    SampleV1.Tree(
      name: "root", child: .init(name: "child"), children: [.init(name: "a"), .init(name: "b")],
      byName: ["k": .init(name: "v")], side: .left(.init(name: "left")))
  }

  static var words: SampleV1.Words {
    SampleV1.Words(
      default: "d", in: "i", base: "b", JSONName: "j", class: "c", switch: .func(true), kind: .type2g)
  }
}

/// The bytes of hexadecimal digits.
func bytes(_ hexadecimal: String) -> [UInt8] {
  let digits = Array(hexadecimal.utf8)
  return stride(from: 0, to: digits.count, by: 2).map { index in
    UInt8(String(decoding: digits[index...(index + 1)], as: UTF8.self), radix: 16)!
  }
}
