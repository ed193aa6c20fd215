import CareVisitContract
import CommonContract
import Kernel
import Wire
import WireTypes
import WorkClock

/// What a clock says is derived: by which calendar, at which time. Journal lines carry what is stored and nothing else.
struct Moment {
  let calendar: WorkCalendar
  let now: Timestamp
}

extension CommonV1.Clock {
  init(_ clock: Clock, at moment: Moment?) {
    self.init(
      clockKind: clock.kind, round: Int32(clamping: clock.round), policyCode: clock.policyCode,
      policyVersion: Int32(clamping: clock.policyVersion),
      budget: .init(amount: Int32(clamping: clock.budget.amount), unit: .init(clock.budget.unit, prefix: "UNIT_")),
      startTime: .init(clock.startTime), stopTime: clock.stopTime.map { .init($0) })
    guard let moment else { return }
    dueTime = clock.dueTime(in: moment.calendar).map { .init($0) }
    onTime = !clock.isOverdue(at: moment.now, in: moment.calendar)
    provisional = clock.isProvisional(in: moment.calendar)
  }
}
