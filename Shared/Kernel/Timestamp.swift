/// An instant, in microseconds since 1970-01-01T00:00:00Z. Stored as it is, compared as it is; no time zone inside.
package struct Timestamp: Hashable, Comparable, Sendable {
  /// Microseconds since the Unix epoch, UTC.
  package var microseconds: Int64

  package init(microseconds: Int64) { self.microseconds = microseconds }

  /// The instant so many seconds after 1970.
  package init(seconds: Int64) { self.microseconds = seconds * 1_000_000 }

  package static func < (left: Self, right: Self) -> Bool { left.microseconds < right.microseconds }

  /// The instant `interval` later (earlier, if negative).
  package static func + (left: Self, interval: Interval) -> Self {
    Self(microseconds: left.microseconds + interval.microseconds)
  }

  package static func - (left: Self, interval: Interval) -> Self {
    Self(microseconds: left.microseconds - interval.microseconds)
  }

  /// How long after `right` the instant `left` is.
  package static func - (left: Self, right: Self) -> Interval {
    Interval(microseconds: left.microseconds - right.microseconds)
  }
}

/// A length of elapsed (calendar) time in microseconds. Working time is `WorkClock`'s business.
package struct Interval: Hashable, Comparable, Sendable {
  package var microseconds: Int64

  package init(microseconds: Int64) { self.microseconds = microseconds }

  package static func seconds(_ count: Int64) -> Self { Self(microseconds: count * 1_000_000) }
  package static func minutes(_ count: Int64) -> Self { .seconds(count * 60) }
  package static func hours(_ count: Int64) -> Self { .minutes(count * 60) }
  /// Days of exactly 24 hours; Asia/Shanghai has no other kind in our years.
  package static func days(_ count: Int64) -> Self { .hours(count * 24) }

  package static func < (left: Self, right: Self) -> Bool { left.microseconds < right.microseconds }
  package static func + (left: Self, right: Self) -> Self { Self(microseconds: left.microseconds + right.microseconds) }
  package static func - (left: Self, right: Self) -> Self { Self(microseconds: left.microseconds - right.microseconds) }
}
