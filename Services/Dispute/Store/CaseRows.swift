import DisputeDomain
import Kernel
import Persistence
import WorkClock

/// Rows of cases and back.
enum CaseRows {
  /// In the order of `CaseQueries.insert`, after the county.
  static func values(of record: Case) -> [Value] {
    let origin = record.origin
    return [
      .id(origin.caseID), .text(origin.number), .integer(record.version), .text(record.state.rawValue),
      .text(origin.kind.rawValue), .text(origin.category), .text(origin.complexity.rawValue),
      .text(Column.names(origin.flags)), .text(origin.discovery.rawValue), .text(origin.importSource),
      .text(origin.externalRef), .optionalTime(origin.occurTime), .time(origin.reportTime),
      .text(origin.township.text), .id(origin.townshipOrganisation), .optionalID(origin.grid), .text(origin.area.text),
      .id(origin.reporter), .id(origin.reporterOrganisation), .optionalText(origin.title?.sealedID),
      .optionalBytes(origin.title?.digest), .optionalText(origin.narrative?.sealedID),
      .optionalBytes(origin.narrative?.digest), .integer(origin.partyCount), .text(record.level.rawValue),
      .id(record.handlingOrganisation), .id(record.responsiblePerson), .text(Column.ids(record.mediators)),
    ] + determination(record) + [
      .optionalText(record.awaited), .time(record.changeTime),
      .optionalInteger(origin.location?.latitudeMicrodegrees), .optionalInteger(origin.location?.longitudeMicrodegrees),
    ] + standing(of: record) + [.integer(Column.bits(origin.flags))]
  }

  /// In the order of `CaseQueries.update`, after county and id.
  static func changedValues(of record: Case, from old: Case) -> [Value] {
    [
      .integer(record.version), .text(record.state.rawValue), .text(record.level.rawValue),
      .id(record.handlingOrganisation), .id(record.responsiblePerson), .text(Column.ids(record.mediators)),
    ] + determination(record) + [.optionalText(record.awaited), .time(record.changeTime)] + standing(of: record)
      + classification(of: record.origin) + [.integer(old.version)]
  }

  /// Merging, rest, rejection, signature and the head of the plan.
  private static func standing(of record: Case) -> [Value] {
    let rejection = record.rejection
    return [
      .optionalID(record.industryRoom), .optionalID(record.survivor?.caseID),
      .optionalTime(record.survivor?.mergeTime), .optionalText(record.adjournment?.reason.rawValue),
      .optionalTime(record.adjournment?.adjournTime), .optionalTime(record.adjournment?.resumeTime),
      .optionalText(rejection?.ground.rawValue), .optionalText(rejection?.reason?.sealedID),
      .optionalBytes(rejection?.reason?.digest), .optionalTime(rejection?.rejectTime), .optionalID(rejection?.person),
      .bool(rejection?.isReconsidered ?? false), .optionalID(record.signature?.person),
      .optionalTime(record.signature?.signTime), .optionalID(record.plan?.leadOrganisation),
      .optionalID(record.plan?.approver),
    ]
  }

  private static func classification(of origin: Case.Origin) -> [Value] {
    [
      .text(origin.category), .text(origin.complexity.rawValue), .text(Column.names(origin.flags)),
      .text(origin.township.text), .id(origin.townshipOrganisation), .optionalID(origin.grid), .text(origin.area.text),
      .integer(Column.bits(origin.flags)),
    ]
  }

  private static func determination(_ record: Case) -> [Value] {
    let determination = record.determination
    return [
      .optionalText(determination?.determinationID), .optionalText(determination?.verdict.rawValue),
      .optionalText(determination?.itemCode), .optionalText(determination?.listVersion),
    ]
  }

  /// A case without what hangs on it.
  static func head(_ row: borrowing Row) -> Case {
    let township = Column.area(row, 13)
    var origin = Case.Origin(
      caseID: row.id(0), number: row.text(1), kind: row.named(4, or: .matter), category: row.text(5),
      complexity: row.named(6, or: .general), flags: Set(Column.names(row.text(7))),
      discovery: row.named(8, or: .citizen),
      importSource: row.text(9), externalRef: row.text(10), occurTime: row.optionalTime(11), reportTime: row.time(12),
      township: township, townshipOrganisation: row.id(14), grid: row.optionalID(15), area: Column.area(row, 16),
      reporter: row.id(17), reporterOrganisation: row.id(18), title: Column.sealed(row, 19),
      narrative: Column.sealed(row, 21), partyCount: row.int(23))
    if let latitude = row.optionalInt(34), let longitude = row.optionalInt(35) {
      origin.location = Location(latitudeMicrodegrees: latitude, longitudeMicrodegrees: longitude)
    }
    let determination = row.optionalText(28).map {
      Case.Determination(
        determinationID: $0, verdict: row.named(29, or: .offList), itemCode: row.text(30), listVersion: row.text(31))
    }
    var record = Case(
      origin: origin, version: row.int(2), state: row.named(3, or: .reported), parties: [],
      level: row.named(24, or: .township), handlingOrganisation: row.id(25), responsiblePerson: row.id(26),
      mediators: Column.ids(row.text(27)), determination: determination, awaited: row.optionalText(32),
      changeTime: row.time(33))
    record.industryRoom = row.optionalID(36)
    if let survivor: ID<Case> = row.optionalID(37) {
      record.survivor = Case.Survivor(caseID: survivor, mergeTime: row.time(38))
    }
    if !row.isNull(39) {
      record.adjournment = Case.Adjournment(
        reason: row.named(39, or: .legalPending), adjournTime: row.time(40), resumeTime: row.time(41))
    }
    if !row.isNull(42) {
      record.rejection = Case.Rejection(
        ground: row.named(42, or: .notAMatter), reason: Column.sealed(row, 43), rejectTime: row.time(45),
        person: row.id(46), isReconsidered: row.bool(47))
    }
    if let signer: ID<Person> = row.optionalID(48) {
      record.signature = Case.Signature(person: signer, signTime: row.time(49))
    }
    if let lead: ID<Organisation> = row.optionalID(50) {
      record.plan = Case.Plan(leadOrganisation: lead, responsibles: [], measures: [], approver: row.optionalID(51))
    }
    return record
  }

  static func party(_ row: borrowing Row) -> Case.Party {
    Case.Party(
      partyID: row.text(0), role: row.named(1, or: .applicant), name: Column.sealed(row, 2),
      phone: Column.sealed(row, 4), hasConsented: row.bool(6), isOrganisation: row.bool(7))
  }

  static func values(of party: Case.Party) -> [Value] {
    [
      .text(party.partyID), .text(party.role.rawValue), .optionalText(party.name?.sealedID),
      .optionalBytes(party.name?.digest), .optionalText(party.phone?.sealedID), .optionalBytes(party.phone?.digest),
      .bool(party.hasConsented), .bool(party.isOrganisation),
    ]
  }

  static func attempt(_ row: borrowing Row) -> Case.Attempt {
    Case.Attempt(
      number: row.int(0), level: row.named(1, or: .grid), organisation: row.id(2), mediators: Column.ids(row.text(3)),
      attemptTime: row.time(4), method: row.text(5), presentCount: row.int(6), result: row.named(7, or: .adjourned),
      record: Column.sealed(row, 8), failureReason: Column.sealed(row, 10))
  }

  static func values(of attempt: Case.Attempt) -> [Value] {
    [
      .text(attempt.level.rawValue), .id(attempt.organisation), .text(Column.ids(attempt.mediators)),
      .time(attempt.attemptTime), .text(attempt.method), .integer(attempt.presentCount), .text(attempt.result.rawValue),
      .optionalText(attempt.record?.sealedID), .optionalBytes(attempt.record?.digest),
      .optionalText(attempt.failureReason?.sealedID), .optionalBytes(attempt.failureReason?.digest),
    ]
  }

  static func escalation(_ row: borrowing Row) -> Case.Escalation {
    Case.Escalation(
      number: row.int(0), from: PathStep(row.named(1, or: .grid), row.id(2)),
      to: PathStep(row.named(3, or: .township), row.id(4)), isUrgent: row.bool(5), reason: Column.sealed(row, 6),
      submitTime: row.time(8), state: row.named(9, or: .submitted), answerTime: row.optionalTime(10),
      returnReason: Column.sealed(row, 11), downTime: row.optionalTime(13), sender: row.optionalID(14))
  }

  static func values(of escalation: Case.Escalation) -> [Value] {
    [
      .text(escalation.fromLevel.rawValue), .id(escalation.fromOrganisation), .text(escalation.toLevel.rawValue),
      .id(escalation.toOrganisation), .bool(escalation.isUrgent), .optionalText(escalation.reason?.sealedID),
      .optionalBytes(escalation.reason?.digest), .time(escalation.submitTime), .text(escalation.state.rawValue),
      .optionalTime(escalation.answerTime), .optionalText(escalation.returnReason?.sealedID),
      .optionalBytes(escalation.returnReason?.digest), .optionalTime(escalation.downTime),
      .optionalID(escalation.sender),
    ]
  }

  static func clock(_ row: borrowing Row) -> Clock {
    let budget = try? Budget(row.int(4), row.named(5, or: .workingDay))
    if budget == nil { row.reject(4) }
    return Clock(
      kind: row.text(0), round: row.int(1), policyCode: row.text(2), policyVersion: row.int(3),
      budget: budget ?? .workingDays(1), startTime: row.time(6), stopTime: row.optionalTime(7),
      suspensions: Column.suspensions(row.text(8)), floorDue: row.optionalTime(9))
  }

  static func values(of clock: Clock) -> [Value] {
    [
      .text(clock.kind), .integer(clock.round), .text(clock.policyCode), .integer(clock.policyVersion),
      .integer(clock.budget.amount), .text(clock.budget.unit.rawValue), .time(clock.startTime),
      .optionalTime(clock.stopTime), .text(Column.suspensions(clock.suspensions)), .optionalTime(clock.floorDue),
    ]
  }

  static func link(_ row: borrowing Row) -> Case.Link {
    Case.Link(
      subject: row.named(0, or: .call), subjectID: row.text(1), state: row.named(2, or: .open), hearTime: row.time(3),
      outcomeTime: row.optionalTime(4))
  }

  static func values(of link: Case.Link) -> [Value] {
    [
      .text(link.subject.rawValue), .text(link.subjectID), .text(link.state.rawValue), .time(link.hearTime),
      .optionalTime(link.outcomeTime),
    ]
  }

  static func settlement(_ row: borrowing Row) -> Case.Settlement {
    Case.Settlement(
      settledFrom: row.named(0, or: .mediating), settleTime: row.time(1),
      agreement: row.isNull(2) ? nil : row.named(2, or: .oral), performanceDueTime: row.optionalTime(3),
      text: Column.sealed(row, 4), content: row.isNull(6) ? nil : content(row),
      confirmation: row.named(16, or: .none), confirmTime: row.optionalTime(17))
  }

  private static func content(_ row: borrowing Row) -> Case.AgreementContent {
    Case.AgreementContent(
      signedParties: Column.texts(row.text(6)), facts: Column.sealed(row, 7), duties: Column.sealed(row, 9),
      manner: Column.sealed(row, 11), place: Column.sealed(row, 13), evidence: Column.texts(row.text(15)))
  }

  static func values(of settlement: Case.Settlement) -> [Value] {
    [
      .text(settlement.settledFrom.rawValue), .time(settlement.settleTime),
      .optionalText(settlement.agreement?.rawValue), .optionalTime(settlement.performanceDueTime),
      .optionalText(settlement.text?.sealedID), .optionalBytes(settlement.text?.digest),
    ] + values(of: settlement.content)
      + [.text(settlement.confirmation.rawValue), .optionalTime(settlement.confirmTime)]
  }

  private static func values(of content: Case.AgreementContent?) -> [Value] {
    [.optionalText(content.map { Column.texts($0.signedParties) })] + Column.values(of: content?.facts)
      + Column.values(of: content?.duties) + Column.values(of: content?.manner) + Column.values(of: content?.place)
      + [.optionalText(content.map { Column.texts($0.evidence) })]
  }

  static func closure(_ row: borrowing Row) -> Case.Closure {
    Case.Closure(
      result: row.text(0), authority: row.named(1, or: .ownPower), resolvingLevel: row.named(2, or: .township),
      partiesNotified: row.bool(3), satisfaction: row.isNull(4) ? nil : row.named(4, or: .unreached),
      followUpDueTime: row.time(5), secondSigner: row.optionalID(6), closer: row.id(7), closeTime: row.time(8),
      dueTime: row.optionalTime(9), isOnTime: row.bool(10), evidence: Column.texts(row.text(11)), basis: row.text(12))
  }

  static func values(of closure: Case.Closure) -> [Value] {
    [
      .text(closure.result), .text(closure.authority.rawValue), .text(closure.resolvingLevel.rawValue),
      .bool(closure.partiesNotified), .optionalText(closure.satisfaction?.rawValue), .time(closure.followUpDueTime),
      .optionalID(closure.secondSigner), .id(closure.closer), .time(closure.closeTime), .optionalTime(closure.dueTime),
      .bool(closure.isOnTime), .text(Column.texts(closure.evidence)), .text(closure.basis),
    ]
  }
}
