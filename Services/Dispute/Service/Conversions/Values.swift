import CommonContract
import DisputeContract
import DisputeDomain
import Kernel
import WireTypes
import WorkClock

extension Optional where Wrapped == Timestamp {
  /// The same instant for the wire; absent stays absent.
  var wire: GoogleProtobuf.Timestamp? { map { GoogleProtobuf.Timestamp($0) } }
}

extension String {
  /// `nil` for the empty text of the wire.
  var given: String? { isEmpty ? nil : self }

  /// The identifier, unless it is empty.
  func given<Subject>(_: Subject.Type = Subject.self) -> ID<Subject>? { isEmpty ? nil : ID(self) }
}

extension DisputeV1.DeterminationRef {
  init(_ determination: Case.Determination) {
    self.init(
      determinationID: determination.determinationID, verdict: determination.verdict.wire(),
      itemCode: determination.itemCode, listVersion: determination.listVersion)
  }

  /// `nil` without id or verdict.
  var domain: Case.Determination? {
    guard !determinationID.isEmpty, let verdict = Case.Determination.Verdict(wire: verdict) else { return nil }
    return Case.Determination(
      determinationID: determinationID, verdict: verdict, itemCode: itemCode, listVersion: listVersion)
  }
}

extension DisputeV1.Link {
  init(_ link: Case.Link) {
    self.init(
      subject: link.subject.wire(), subjectID: link.subjectID, state: link.state.wire(),
      hearTime: GoogleProtobuf.Timestamp(link.hearTime), outcomeTime: link.outcomeTime.wire)
  }
}

extension DisputeV1.Location {
  init(_ location: Location) {
    self.init(
      latitudeMicrodegrees: Int32(clamping: location.latitudeMicrodegrees),
      longitudeMicrodegrees: Int32(clamping: location.longitudeMicrodegrees))
  }

  /// `nil` for what is no place on earth.
  var domain: Location? {
    Location(latitudeMicrodegrees: Int(latitudeMicrodegrees), longitudeMicrodegrees: Int(longitudeMicrodegrees))
  }
}

extension CommonV1.TimeBudget {
  init(_ budget: Budget) { self.init(amount: Int32(clamping: budget.amount), unit: budget.unit.wire()) }
}

extension CommonV1.Clock {
  init(_ clock: Clock, in calendar: WorkCalendar, at now: Timestamp) {
    self.init(
      clockKind: clock.kind, round: Int32(clamping: clock.round), policyCode: clock.policyCode,
      policyVersion: Int32(clamping: clock.policyVersion), budget: CommonV1.TimeBudget(clock.budget),
      startTime: GoogleProtobuf.Timestamp(clock.startTime), stopTime: clock.stopTime.wire,
      dueTime: clock.dueTime(in: calendar).wire, onTime: !clock.isOverdue(at: now, in: calendar),
      provisional: clock.isProvisional(in: calendar), suspended: clock.isSuspended,
      consumedDuration: GoogleProtobuf.Duration(clock.consumed(at: now, in: calendar)))
  }
}

extension CommonV1.RefusalReason {
  init(_ reason: Reason) {
    self.init(
      reason: reason.code, field: reason.field, textZh: reason.chinese, textEn: reason.english,
      metadata: reason.metadata)
  }
}
