import DisputeDomain
import Kernel
import Persistence
import WorkClock

/// Short lists in one text column: identifiers and names hold no line break.
enum Column {
  static func ids<Subject>(_ ids: [ID<Subject>]) -> String { ids.map(\.text).joined(separator: "\n") }
  static func ids<Subject>(_ text: String) -> [ID<Subject>] { text.split(separator: "\n").map { ID(String($0)) } }

  static func texts(_ texts: [String]) -> String { texts.joined(separator: "\n") }
  static func texts(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }

  /// Sorted, so that equal sets are equal texts.
  static func names(_ names: some Sequence<Case.Flag>) -> String {
    names.map(\.rawValue).sorted().joined(separator: "\n")
  }
  static func names(_ text: String) -> [Case.Flag] {
    text.split(separator: "\n").compactMap { Case.Flag(rawValue: String($0)) }
  }

  /// The same, a bit each: what a list compares.
  static func bits(_ flags: some Sequence<Case.Flag>) -> Int {
    flags.reduce(0) { bits, flag in
      switch flag {
      case .group: bits | 1
      case .petition: bits | 2
      case .emergency: bits | 4
      case .responsibilityOverlap: bits | 8
      case .beyondCapacity: bits | 16
      case .industry: bits | 32
      }
    }
  }

  /// `LEVEL organisation`, a step a line.
  static func path(_ steps: [PathStep]) -> String {
    steps.map { "\($0.level.rawValue) \($0.organisation.text)" }.joined(separator: "\n")
  }
  static func path(_ text: String) -> [PathStep] {
    text.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ", maxSplits: 1)
      guard words.count == 2, let level = Case.Level(rawValue: String(words[0])) else { return nil }
      return PathStep(level, ID(String(words[1])))
    }
  }

  /// `start-end`, a stretch a line; an open one has no end.
  static func suspensions(_ suspensions: [Clock.Suspension]) -> String {
    suspensions.map { suspension in
      "\(suspension.startTime.microseconds)-\(suspension.endTime.map { String($0.microseconds) } ?? "")"
    }.joined(separator: "\n")
  }
  static func suspensions(_ text: String) -> [Clock.Suspension] {
    text.split(separator: "\n").compactMap { line in
      let ends = line.split(separator: "-", omittingEmptySubsequences: false)
      guard ends.count == 2, let start = Int64(ends[0]) else { return nil }
      return Clock.Suspension(
        startTime: Timestamp(microseconds: start), endTime: Int64(ends[1]).map { Timestamp(microseconds: $0) })
    }
  }

  /// `AMOUNT UNIT`.
  static func budget(_ budget: Budget) -> String { "\(budget.amount) \(budget.unit.rawValue)" }
  static func budget(_ text: some StringProtocol) -> Budget? {
    let words = text.split(separator: " ")
    guard words.count == 2, let amount = Int(words[0]), let unit = Budget.Unit(rawValue: String(words[1])) else {
      return nil
    }
    return try? Budget(amount, unit)
  }

  /// The clock of a duty beside the cases: version, budget and floor in column `index` and the next two.
  static func clock(
    _ row: borrowing Row, _ index: Int, _ duty: CaseClock, from start: Timestamp, to stop: Timestamp?
  ) -> Clock {
    let budget = budget(row.text(index + 1))
    if budget == nil { row.reject(index + 1) }
    return Clock(
      kind: duty.rawValue, policyCode: ClockPolicy.first.code, policyVersion: row.int(index),
      budget: budget ?? .workingDays(1), startTime: start, stopTime: stop, floorDue: row.optionalTime(index + 2))
  }
  static func values(of clock: Clock) -> [Value] {
    [.integer(clock.policyVersion), .text(budget(clock.budget)), .optionalTime(clock.floorDue)]
  }

  /// A sealed text's id in column `index`, its digest in the next.
  static func sealed(_ row: borrowing Row, _ index: Int) -> Case.SealedText? {
    guard let id = row.optionalText(index) else { return nil }
    return Case.SealedText(sealedID: id, digest: row.optionalBytes(index + 1) ?? [])
  }

  /// The two columns of a sealed text.
  static func values(of sealed: Case.SealedText?) -> [Value] {
    [.optionalText(sealed?.sealedID), .optionalBytes(sealed?.digest)]
  }

  /// A 12-digit code; anything else makes the read fail.
  static func area(_ row: borrowing Row, _ index: Int) -> AreaCode {
    if let code = AreaCode(row.text(index)) { return code }
    row.reject(index)
    return unreadable
  }

  private static let unreadable = AreaCode("110000000000").unsafelyUnwrapped
}
