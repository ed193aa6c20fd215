import CommonContract
import DispatchContract
import DispatchDomain
import Kernel
import Wire
import WireTypes
import WorkClock

// Between the contract's small types and the domain's.

extension Wire.Enumeration {
  /// The value that the domain's word names; the zero value for none.
  init(_ word: (some RawRepresentable<String>)?) {
    let text = word?.rawValue ?? Self.unspecifiedWord
    self = Self.allCases.first { $0.word == text } ?? Self(rawValue: 0)
  }

  /// The domain's word for the value; `nil` for the zero value and for one that the domain does not know.
  func named<Word: RawRepresentable<String>>(_: Word.Type = Word.self) -> Word? { Word(rawValue: word) }

  /// The value's name without its enum's prefix.
  private var word: String {
    let prefix = (Self.allCases.first?.protoName.utf8.count ?? 0) - Self.unspecifiedWord.utf8.count
    return String(protoName.dropFirst(max(0, prefix)))
  }

  private static var unspecifiedWord: String { "UNSPECIFIED" }
}

extension GoogleProtobuf.Timestamp {
  /// The same instant, or nothing.
  init?(_ instant: Kernel.Timestamp?) {
    guard let instant else { return nil }
    self.init(instant)
  }
}

extension CommonV1.RefusalReason {
  init(_ reason: Reason) {
    self.init(
      reason: reason.code, field: reason.field, textZh: reason.chinese, textEn: reason.english,
      metadata: reason.metadata)
  }
}

extension DispatchV1.SealedReference {
  init(_ text: SealedText) { self.init(sealedID: text.id, digest: text.digest) }

  init?(_ text: SealedText?) {
    guard let text else { return nil }
    self.init(text)
  }

  var domain: SealedText { SealedText(id: sealedID, digest: digest) }
}

extension CommonV1.TimeBudget {
  init(_ budget: Budget) { self.init(amount: Int32(budget.amount), unit: Unit(budget.unit)) }

  /// `nil`: not a budget.
  var domain: Budget? {
    guard let unit = unit.named(Budget.Unit.self) else { return nil }
    return try? Budget(Int(amount), unit)
  }
}

extension CommonV1.Clock {
  /// The clock as it stands at `now`.
  init(_ clock: Clock, at now: Timestamp, in calendar: WorkCalendar) {
    self.init(
      clockKind: clock.kind, round: Int32(clock.round), policyCode: clock.policyCode,
      policyVersion: Int32(clock.policyVersion), budget: .init(clock.budget), startTime: .init(clock.startTime),
      stopTime: .init(clock.stopTime), dueTime: .init(clock.dueTime(in: calendar)),
      onTime: !clock.isOverdue(at: now, in: calendar), provisional: clock.isProvisional(in: calendar))
  }
}

extension DispatchV1.ClockStart {
  init(_ started: StartedClock) {
    self.init(
      clockKind: started.clock.kind, round: Int32(started.clock.round), policyCode: started.clock.policyCode,
      policyVersion: Int32(started.clock.policyVersion), budget: .init(started.clock.budget),
      startTime: .init(started.clock.startTime), dueTime: .init(started.dueTime))
  }

  /// `nil`: not what was written.
  var domain: StartedClock? {
    guard let budget = budget?.domain, let start = startTime?.kernel, let due = dueTime?.kernel else { return nil }
    return StartedClock(
      clock: Clock(
        kind: clockKind, round: Int(round), policyCode: policyCode, policyVersion: Int(policyVersion), budget: budget,
        startTime: start), dueTime: due)
  }
}

extension DispatchV1.ClockRederivation {
  init(_ change: ClockRederivation) {
    self.init(
      clockKind: change.kind.rawValue, round: Int32(change.round), oldDueTime: .init(change.oldDueTime),
      newDueTime: .init(change.newDueTime), floorDueTime: .init(change.floorDueTime))
  }

  /// `nil`: not what was written.
  var domain: ClockRederivation? {
    guard let kind = ClockKind(rawValue: clockKind), let old = oldDueTime?.kernel, let new = newDueTime?.kernel else {
      return nil
    }
    return ClockRederivation(
      kind: kind, round: Int(round), oldDueTime: old, newDueTime: new, floorDueTime: floorDueTime?.kernel)
  }
}

extension DispatchV1.ClockResult {
  init(_ result: ClockResult) {
    self.init(
      clockKind: result.kind.rawValue, round: Int32(result.round), startTime: .init(result.startTime),
      dueTime: .init(result.dueTime), stopTime: .init(result.stopTime), onTime: result.onTime,
      workingMinutes: result.workingMinutes, rated: result.isRated)
  }

  /// `nil`: not what was written.
  var domain: ClockResult? {
    guard let kind = ClockKind(rawValue: clockKind), let start = startTime?.kernel, let due = dueTime?.kernel,
      let stop = stopTime?.kernel
    else { return nil }
    return ClockResult(
      kind: kind, round: Int(round), startTime: start, dueTime: due, stopTime: stop, onTime: onTime,
      workingMinutes: workingMinutes, isRated: rated)
  }
}
