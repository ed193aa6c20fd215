import Foundation

/// When calls are to begin, whatever the server does: that is what makes a load open.
enum Arrivals: String, CaseIterable, Sendable {
  /// One every 1/rate.
  case constant
  /// As many independent callers make them: gaps are exponential, 1/rate on average.
  case poisson
}

/// The instants at which calls are to begin, counted from the first.
struct ArrivalSchedule: Sendable {
  private let arrivals: Arrivals
  private let rate: Double
  private var generator: SplitMix
  private var count = 0.0
  private var elapsed = 0.0

  init(_ arrivals: Arrivals, rate: Double, seed: UInt64 = .random(in: 0...UInt64.max)) {
    self.arrivals = arrivals
    self.rate = rate
    generator = SplitMix(state: seed)
  }

  /// Seconds from the beginning to the next call.
  mutating func next() -> Double {
    switch arrivals {
    case .constant:
      defer { count += 1 }
      return count / rate
    case .poisson:
      defer { elapsed += -log(1 - generator.unit()) / rate }
      return elapsed
    }
  }
}

/// Vigna's SplitMix64: small, and the same everywhere for the same seed.
struct SplitMix: Sendable {
  var state: UInt64

  /// A number from 0 up to, not including, 1.
  mutating func unit() -> Double {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return Double((mixed ^ (mixed >> 31)) >> 11) * 0x1p-53
  }
}
