package import Kernel

/// What hangs on a case besides attempts, escalations and clocks: rest, rejection, merging, joint handling, what follows the closing.
extension Case {
  /// A mediation that rests.
  package struct Adjournment: Hashable, Sendable {
    /// Why it rests.
    package enum Reason: String, Hashable, Sendable, CaseIterable {
      case expertOpinion = "EXPERT_OPINION"
      case partyAbsent = "PARTY_ABSENT"
      case legalPending = "LEGAL_PENDING"
    }

    package let reason: Reason
    package let adjournTime: Timestamp
    package let resumeTime: Timestamp

    package init(
      reason: Reason, adjournTime: Timestamp, resumeTime: Timestamp
    ) {
      self.reason = reason
      self.adjournTime = adjournTime
      self.resumeTime = resumeTime
    }
  }

  /// A report that was not taken in.
  package struct Rejection: Hashable, Sendable {
    /// Why not.
    package enum Ground: String, Hashable, Sendable, CaseIterable {
      case notAMatter = "NOT_A_MATTER"
      case noJurisdiction = "NO_JURISDICTION"
    }

    package let ground: Ground
    package let reason: SealedText?
    package let rejectTime: Timestamp
    package let person: ID<Person>
    /// Taken in after all, on the reporter's objection; that happens once.
    package var isReconsidered: Bool

    package init(
      ground: Ground, reason: SealedText?, rejectTime: Timestamp, person: ID<Person>, isReconsidered: Bool = false
    ) {
      self.ground = ground
      self.reason = reason
      self.rejectTime = rejectTime
      self.person = person
      self.isReconsidered = isReconsidered
    }
  }

  /// A case that goes on in this one.
  package struct Merge: Hashable, Sendable {
    package let caseID: ID<Case>
    /// The reports that it stood for.
    package let reporterCount: Int
    package let mergeTime: Timestamp
    /// Since when its own clock ran.
    package let startTime: Timestamp?
    /// Since when the survivor's clock ran before it.
    package let ownStartTime: Timestamp?

    package init(
      caseID: ID<Case>, reporterCount: Int, mergeTime: Timestamp, startTime: Timestamp?, ownStartTime: Timestamp?
    ) {
      self.caseID = caseID
      self.reporterCount = reporterCount
      self.mergeTime = mergeTime
      self.startTime = startTime
      self.ownStartTime = ownStartTime
    }
  }

  /// The case that goes on for this one.
  package struct Survivor: Hashable, Sendable {
    package var caseID: ID<Case>
    package let mergeTime: Timestamp

    package init(
      caseID: ID<Case>, mergeTime: Timestamp
    ) {
      self.caseID = caseID
      self.mergeTime = mergeTime
    }
  }

  /// A session that analysed the case.
  package struct Analysis: Hashable, Sendable {
    /// The way it chose; the way itself is taken by the command of its name.
    package enum Route: String, Hashable, Sendable, CaseIterable {
      case mediateHere = "MEDIATE_HERE"
      case industry = "INDUSTRY"
      case joint = "JOINT"
      case agency = "AGENCY"
      case call = "CALL"
      case guideLegal = "GUIDE_LEGAL"
      case returnDown = "RETURN_DOWN"
    }

    package let number: Int
    package let level: Level
    package let organisation: ID<Organisation>
    package let analysisTime: Timestamp
    package let attendants: [ID<Person>]
    package let causes: SealedText?
    package let route: Route
    package let minutes: SealedText?

    package init(
      number: Int, level: Level, organisation: ID<Organisation>, analysisTime: Timestamp,
      attendants: [ID<Person>], causes: SealedText?, route: Route, minutes: SealedText?
    ) {
      self.number = number
      self.level = level
      self.organisation = organisation
      self.analysisTime = analysisTime
      self.attendants = attendants
      self.causes = causes
      self.route = route
      self.minutes = minutes
    }
  }

  /// What is to be done together.
  package struct Plan: Hashable, Sendable {
    package var leadOrganisation: ID<Organisation>
    /// Exactly one before joint handling begins.
    package var responsibles: [Responsible]
    package var measures: [Measure]
    /// Who let joint handling begin.
    package var approver: ID<Person>?

    package init(
      leadOrganisation: ID<Organisation>, responsibles: [Responsible], measures: [Measure],
      approver: ID<Person>? = nil
    ) {
      self.leadOrganisation = leadOrganisation
      self.responsibles = responsibles
      self.measures = measures
      self.approver = approver
    }
  }

  /// Who answers for the joint handling.
  package struct Responsible: Hashable, Sendable {
    package let person: ID<Person>
    package let phone: SealedText?

    package init(
      person: ID<Person>, phone: SealedText?
    ) {
      self.person = person
      self.phone = phone
    }
  }

  /// One step of a plan.
  package struct Measure: Hashable, Sendable {
    /// How far it is.
    package enum State: String, Hashable, Sendable, CaseIterable {
      case open = "OPEN"
      case done = "DONE"
      case dropped = "DROPPED"
    }

    package let number: Int
    package let text: SealedText?
    package let ownerOrganisation: ID<Organisation>
    package let ownerPerson: ID<Person>?
    package let dueTime: Timestamp?
    package var state: State
    package var outcome: SealedText?
    package var evidence: [String]
    package var changeTime: Timestamp?

    package init(
      number: Int, text: SealedText?, ownerOrganisation: ID<Organisation>, ownerPerson: ID<Person>?,
      dueTime: Timestamp?, state: State = .open, outcome: SealedText? = nil, evidence: [String] = [],
      changeTime: Timestamp? = nil
    ) {
      self.number = number
      self.text = text
      self.ownerOrganisation = ownerOrganisation
      self.ownerPerson = ownerPerson
      self.dueTime = dueTime
      self.state = state
      self.outcome = outcome
      self.evidence = evidence
      self.changeTime = changeTime
    }
  }

  /// A department that is asked to take part.
  package struct Invitation: Hashable, Sendable {
    /// What it has answered.
    package enum State: String, Hashable, Sendable, CaseIterable {
      case sent = "SENT"
      case accepted = "ACCEPTED"
      case refused = "REFUSED"
    }

    package let number: Int
    package let organisation: ID<Organisation>
    package let ask: SealedText?
    package let dueTime: Timestamp?
    package let sendTime: Timestamp
    package var state: State
    package var answerTime: Timestamp?
    package var answerer: ID<Person>?
    /// On what a refusal rests.
    package var basis: SealedText?

    package init(
      number: Int, organisation: ID<Organisation>, ask: SealedText?, dueTime: Timestamp?, sendTime: Timestamp,
      state: State = .sent, answerTime: Timestamp? = nil, answerer: ID<Person>? = nil, basis: SealedText? = nil
    ) {
      self.number = number
      self.organisation = organisation
      self.ask = ask
      self.dueTime = dueTime
      self.sendTime = sendTime
      self.state = state
      self.answerTime = answerTime
      self.answerer = answerer
      self.basis = basis
    }
  }

  /// Help that a participant, or the member who reported the case, has given.
  package struct Assist: Hashable, Sendable {
    package let person: ID<Person>
    package let organisation: ID<Organisation>
    package let assistTime: Timestamp
    package let text: SealedText?

    package init(
      person: ID<Person>, organisation: ID<Organisation>, assistTime: Timestamp, text: SealedText?
    ) {
      self.person = person
      self.organisation = organisation
      self.assistTime = assistTime
      self.text = text
    }
  }

  /// A case that was opened anew.
  package struct Reopening: Hashable, Sendable {
    /// Who wanted it.
    package enum Source: String, Hashable, Sendable, CaseIterable {
      case party = "PARTY"
      case supervision = "SUPERVISION"
      case followUp = "FOLLOW_UP"
      case newFacts = "NEW_FACTS"
    }

    package let number: Int
    package let reopenTime: Timestamp
    package let source: Source
    package let fromState: State
    package let reason: SealedText?

    package init(
      number: Int, reopenTime: Timestamp, source: Source, fromState: State, reason: SealedText?
    ) {
      self.number = number
      self.reopenTime = reopenTime
      self.source = source
      self.fromState = fromState
      self.reason = reason
    }
  }

  /// A visit after the closing: does it hold?
  package struct FollowUp: Hashable, Sendable {
    package let number: Int
    package let visitTime: Timestamp
    package let isPerformed: Bool
    package let isNewDispute: Bool
    package let remark: SealedText?
    package let person: ID<Person>

    package init(
      number: Int, visitTime: Timestamp, isPerformed: Bool, isNewDispute: Bool, remark: SealedText?,
      person: ID<Person>
    ) {
      self.number = number
      self.visitTime = visitTime
      self.isPerformed = isPerformed
      self.isNewDispute = isNewDispute
      self.remark = remark
      self.person = person
    }
  }

  /// A second signature; it holds until the state changes.
  package struct Signature: Hashable, Sendable {
    package let person: ID<Person>
    package let signTime: Timestamp

    package init(
      person: ID<Person>, signTime: Timestamp
    ) {
      self.person = person
      self.signTime = signTime
    }
  }
}

extension Case {
  /// What the figures suggest and nobody has set; GROUP from so many reporters or persons on.
  package func proposedFlags(groupFrom size: Int) -> [Flag] {
    let isLarge = reporterCount >= size || origin.partyCount >= size
    return isLarge && !origin.flags.contains(.group) ? [.group] : []
  }

  /// Whether the industry's room has tried, or is excused: an emergency, no rule for this kind, or no room.
  package var isIndustryServed: Bool {
    guard isIndustryFirst, industryRoom != nil else { return true }
    return hasIndustryTried
  }

  /// Whether the industry's room has this case first: always a DISPUTE with the flag, a MATTER only as a petition; EMERGENCY goes before.
  package var isIndustryFirst: Bool { Case.isIndustryFirst(origin.kind, origin.flags) }

  static func isIndustryFirst(_ kind: Kind, _ flags: Set<Flag>) -> Bool {
    flags.contains(.industry) && !flags.contains(.emergency) && (kind == .dispute || flags.contains(.petition))
  }

  var hasIndustryTried: Bool { attempts.contains { $0.level == .industry } }

  /// What brought the case up to where it is analysed; `nil` if it came from nowhere below, or from the grid.
  package var lastAscent: Escalation? {
    escalations.last { $0.state == .received && $0.toOrganisation == handlingOrganisation && $0.downTime == nil }
      .flatMap { $0.fromLevel == .grid ? nil : $0 }
  }

  /// Whether it was given down to that sender once already.
  package func wasReturnedDown(to organisation: ID<Organisation>) -> Bool {
    escalations.contains { $0.downTime != nil && $0.fromOrganisation == organisation }
  }

  /// The organisations that have agreed to take part.
  package var participants: Set<ID<Organisation>> {
    Set(invitations.filter { $0.state == .accepted }.map(\.organisation))
  }

  /// Everybody that has had it in hand, or was asked: they keep seeing it (F11).
  package var involvedOrganisations: Set<ID<Organisation>> {
    var all: Set<ID<Organisation>> = [handlingOrganisation, origin.reporterOrganisation, origin.townshipOrganisation]
    all.formUnion(escalations.flatMap { [$0.fromOrganisation, $0.toOrganisation] })
    all.formUnion(invitations.map(\.organisation))
    all.formUnion(plan.map { [$0.leadOrganisation] + $0.measures.map(\.ownerOrganisation) } ?? [])
    return all
  }
}
