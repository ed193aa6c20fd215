package import Kernel
package import Wire

extension GoogleProtobuf.Timestamp {
  /// The same instant, for the wire.
  package init(_ instant: Kernel.Timestamp) {
    let (quotient, remainder) = instant.microseconds.quotientAndRemainder(dividingBy: 1_000_000)
    let isBeforeSecond = remainder < 0
    self.init(
      seconds: isBeforeSecond ? quotient - 1 : quotient,
      nanos: Int32(isBeforeSecond ? remainder + 1_000_000 : remainder) * 1_000)
  }

  /// The same instant as the domain knows it: whole microseconds, what is finer cut off. Out of the contract's range, the years 1 to
  /// 9999, the nearest end of it: time may be added to whatever a request says.
  package var kernel: Kernel.Timestamp {
    Kernel.Timestamp(microseconds: microseconds(seconds, nanos, in: -62_135_596_800...253_402_300_799))
  }
}

extension GoogleProtobuf.Duration {
  /// The same length of time, for the wire.
  package init(_ interval: Interval) {
    self.init(
      seconds: interval.microseconds / 1_000_000, nanos: Int32(interval.microseconds % 1_000_000) * 1_000)
  }

  /// The same length of time in whole microseconds; out of the contract's range, ten thousand years, the nearest end of it.
  package var kernel: Interval {
    Interval(microseconds: microseconds(seconds, nanos, in: -315_576_000_000...315_576_000_000))
  }
}

extension GoogleProtobuf.AnyMessage {
  /// `message` with its type.
  package init<Content: Message>(packing message: Content) {
    self.init(typeURL: "type.googleapis.com/" + Content.fullName, value: message.encoded())
  }

  /// The message inside, if it is of that type.
  package func unpacked<Content: Message>(as type: Content.Type) throws(WireError) -> Content? {
    guard typeURL.split(separator: "/").last.map(String.init) == Content.fullName else { return nil }
    return try Content(decoding: value)
  }
}

private func microseconds(_ seconds: Int64, _ nanos: Int32, in range: ClosedRange<Int64>) -> Int64 {
  let second: Int64 = 1_000_000
  guard seconds >= range.lowerBound else { return range.lowerBound * second }
  guard seconds <= range.upperBound else { return range.upperBound * second }
  return seconds * second + Int64(nanos / 1_000)
}
