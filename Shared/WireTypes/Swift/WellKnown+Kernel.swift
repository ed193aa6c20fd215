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

  /// The same instant as the domain knows it: whole microseconds, what is finer cut off; out of its range, the nearest end.
  package var kernel: Kernel.Timestamp {
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
    let (sum, sumOverflow) = whole.addingReportingOverflow(Int64(nanos / 1_000))
    guard !overflow, !sumOverflow else { return Kernel.Timestamp(microseconds: seconds < 0 ? .min : .max) }
    return Kernel.Timestamp(microseconds: sum)
  }
}

extension GoogleProtobuf.Duration {
  /// The same length of time, for the wire.
  package init(_ interval: Interval) {
    self.init(
      seconds: interval.microseconds / 1_000_000, nanos: Int32(interval.microseconds % 1_000_000) * 1_000)
  }

  /// The same length of time in whole microseconds; out of range, the nearest end.
  package var kernel: Interval {
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
    let (sum, sumOverflow) = whole.addingReportingOverflow(Int64(nanos / 1_000))
    guard !overflow, !sumOverflow else { return Interval(microseconds: seconds < 0 ? .min : .max) }
    return Interval(microseconds: sum)
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
