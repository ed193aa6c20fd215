package import Access
package import Kernel

extension Case {
  /// What was handled elsewhere, to be replayed at its own times.
  package struct ImportDraft: Sendable {
    package let report: ReportDraft
    package let reportTime: Timestamp
    /// `nil`: it is still being handled.
    package let closeTime: Timestamp?
    package let determination: Determination
    /// Needed with verdict AGENCY, like the call with CALL.
    package let task: String?
    package let call: String?
    /// A DISPUTE that was settled has one.
    package let agreement: Settlement.Agreement?
    package let settlement: SealedText?

    package init(
      report: ReportDraft, reportTime: Timestamp, closeTime: Timestamp?, determination: Determination, task: String?,
      call: String?, agreement: Settlement.Agreement?, settlement: SealedText?
    ) {
      self.report = report
      self.reportTime = reportTime
      self.closeTime = closeTime
      self.determination = determination
      self.task = task
      self.call = call
      self.agreement = agreement
      self.settlement = settlement
    }

    /// What happened after the report, command by command. The row itself is the evidence for task and call.
    package func commands(responsible: ID<Person>) -> [(command: Command, time: Timestamp)] {
      let taking: [Command] = [.accept(responsible: responsible), .determine(determination)]
      let ways = way(responsible)
      let first = (taking + ways.begin).map { ($0, reportTime) }
      guard let closeTime else { return first }
      let closure = ClosureDraft(result: "ANSWERED", authority: ways.authority, partiesNotified: true)
      return first + (ways.end + [.registerClose(closure)]).map { ($0, closeTime) }
    }

    private func way(_ responsible: ID<Person>) -> (begin: [Command], end: [Command], authority: Closure.Authority) {
      switch determination.verdict {
      case .agency:
        let task = task ?? ""
        return (
          [
            .analyse(minutes: nil, determination: nil), .link(.task, task, .open),
            .routeAgency(task: task, minutes: nil),
          ],
          [.link(.task, task, .solved), .confirmAgencyDone(text: settlement)], .agency
        )
      case .call:
        let call = call ?? ""
        return (
          [
            .analyse(minutes: nil, determination: nil), .link(.call, call, .open), .routeCall(call: call, minutes: nil),
          ],
          [.link(.call, call, .solved), .callSolved], .department
        )
      case .own, .ambiguous, .offList:
        let start = StartDraft(
          mediators: [responsible], noConflictDeclared: true, rightsTold: true, consentingParties: [])
        let settle = SettlementDraft(agreement: agreement, text: settlement)
        return (
          [.start(start)], [.recordAttempt(AttemptDraft(result: .success, record: settlement)), .settle(settle)],
          report.kind == .dispute ? .mediation : .ownPower
        )
      }
    }
  }

  /// Replays the ordinary commands, each at its own time; the importer plays every part. Refuses as they do.
  package static func importing(
    _ draft: ImportDraft, by actor: Actor, in world: Surroundings, policy: ClockPolicy? = nil
  ) throws(Refused) -> (record: Case, events: [Event]) {
    let everyPart = Set(Part.allCases)
    let reported = try report(
      draft.report, by: actor, as: everyPart, in: world, at: draft.reportTime, policy: policy)
    var record: Case?
    apply(reported, to: &record)
    guard var record else { throw Refused(.failedPrecondition, .titleMissing) }
    var events = [reported]
    for (command, time) in draft.commands(responsible: record.responsiblePerson) {
      let event = try record.decide(command, by: actor, as: everyPart, in: world, at: time, policy: policy)
      record.apply(event)
      events.append(event)
    }
    return (record, events)
  }
}
