package import Kernel

extension Case {
  /// Whether two sides quarrel or somebody wants something done.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case dispute = "DISPUTE"
    /// The same machine without consent and agreement.
    case matter = "MATTER"
  }

  /// Whether the grid member may solve it alone (一般) or has to report it (复杂).
  package enum Complexity: String, Hashable, Sendable, CaseIterable {
    case general = "GENERAL"
    case complex = "COMPLEX"
  }

  /// What raises a case beyond the ordinary: group, petition, emergency, industry, overlapping responsibility, beyond the own capacity.
  package enum Flag: String, Hashable, Sendable, CaseIterable {
    case group = "GROUP"
    case petition = "PETITION"
    case emergency = "EMERGENCY"
    case responsibilityOverlap = "RESPONSIBILITY_OVERLAP"
    case beyondCapacity = "BEYOND_CAPACITY"
    case industry = "INDUSTRY"
  }

  /// How it came to be known: looked for (patrol, round), brought (citizen, hotline, industry) or handed over.
  package enum Discovery: String, Hashable, Sendable, CaseIterable {
    case patrol = "PATROL"
    case round = "ROUND"
    case citizen = "CITIZEN"
    case hotline = "HOTLINE"
    case industry = "INDUSTRY"
    case transfer = "TRANSFER"

    /// It was looked for, not brought.
    package var isProactive: Bool { self == .patrol || self == .round }
  }

  /// How far up the case stands.
  package enum Level: String, Hashable, Sendable, CaseIterable {
    case grid = "GRID"
    case village = "VILLAGE"
    case community = "COMMUNITY"
    case industry = "INDUSTRY"
    case township = "TOWNSHIP"
    case county = "COUNTY"

    /// Falls only by return, retract and the like (I2).
    package var rank: Int {
      switch self {
      case .grid: 0
      case .village: 1
      case .community, .industry: 2
      case .township: 3
      case .county: 4
      }
    }
  }

  /// Where the case stands; the spec's names.
  package enum State: String, Hashable, Sendable, CaseIterable {
    case reported = "REPORTED"
    case selfHandling = "SELF_HANDLING"
    case accepted = "ACCEPTED"
    case mediating = "MEDIATING"
    case escalating = "ESCALATING"
    case analysing = "ANALYSING"
    case awaitingAgency = "AWAITING_AGENCY"
    case awaitingCall = "AWAITING_CALL"
    case settled = "SETTLED"
    case closed = "CLOSED"
    case withdrawn = "WITHDRAWN"
    case terminated = "TERMINATED"
    case suspended = "SUSPENDED"
    case jointHandling = "JOINT_HANDLING"
    case rejected = "REJECTED"
    case merged = "MERGED"
    case reopened = "REOPENED"

    /// An end for statistics; CLOSED, TERMINATED, MERGED and REJECTED can be left only as the table shows.
    package var isTerminal: Bool {
      switch self {
      case .closed, .withdrawn, .terminated, .rejected, .merged: true
      default: false
      }
    }

    /// Every state that is not an end.
    package static let open = allCases.filter { !$0.isTerminal }

    /// Screening, resolution or determination (F01).
    package var stage: Stage {
      switch self {
      case .reported, .selfHandling, .withdrawn, .rejected, .merged: .screening
      case .escalating, .analysing: .determination
      case .accepted, .mediating, .suspended, .jointHandling, .awaitingAgency, .awaitingCall, .settled, .closed,
        .terminated, .reopened:
        .resolution
      }
    }
  }

  /// Which of the three parts of the way it is in: 问题排查, 职责界定, 处置化解.
  package enum Stage: String, Hashable, Sendable, CaseIterable {
    case screening = "SCREENING"
    case resolution = "RESOLUTION"
    case determination = "DETERMINATION"
  }

  /// A free text by or about residents. It lies sealed; here are its id and the HMAC of its content.
  package struct SealedText: Hashable, Sendable {
    package let sealedID: String
    package let digest: [UInt8]

    package init(sealedID: String, digest: [UInt8]) {
      self.sealedID = sealedID
      self.digest = digest
    }
  }

  /// Somebody concerned.
  package struct Party: Hashable, Sendable {
    /// What somebody is in the case.
    package enum Role: String, Hashable, Sendable, CaseIterable {
      case applicant = "APPLICANT"
      case respondent = "RESPONDENT"
      case representative = "REPRESENTATIVE"
    }

    package let partyID: String
    package let role: Role
    package var name: SealedText?
    package var phone: SealedText?
    /// Agreed to be mediated.
    package var hasConsented: Bool
    /// Not a natural person.
    package let isOrganisation: Bool

    package init(
      partyID: String, role: Role, name: SealedText?, phone: SealedText?, hasConsented: Bool = false,
      isOrganisation: Bool = false
    ) {
      self.partyID = partyID
      self.role = role
      self.name = name
      self.phone = phone
      self.hasConsented = hasConsented
      self.isOrganisation = isOrganisation
    }
  }

  /// One mediation session; for a MATTER one handling record.
  package struct Attempt: Hashable, Sendable {
    /// How the session ended; only a failed one opens the way up.
    package enum Result: String, Hashable, Sendable, CaseIterable {
      case success = "SUCCESS"
      case failed = "FAILED"
      case adjourned = "ADJOURNED"
    }

    package let number: Int
    package let level: Level
    package let organisation: ID<Organisation>
    package let mediators: [ID<Person>]
    package let attemptTime: Timestamp
    package let method: String
    package let presentCount: Int
    package let result: Result
    package let record: SealedText?
    package let failureReason: SealedText?

    package init(
      number: Int, level: Level, organisation: ID<Organisation>, mediators: [ID<Person>], attemptTime: Timestamp,
      method: String, presentCount: Int, result: Result, record: SealedText?, failureReason: SealedText?
    ) {
      self.number = number
      self.level = level
      self.organisation = organisation
      self.mediators = mediators
      self.attemptTime = attemptTime
      self.method = method
      self.presentCount = presentCount
      self.result = result
      self.record = record
      self.failureReason = failureReason
    }
  }

  /// The case on its way one level up.
  package struct Escalation: Hashable, Sendable {
    /// How far the way up has got.
    package enum State: String, Hashable, Sendable, CaseIterable {
      case submitted = "SUBMITTED"
      case received = "RECEIVED"
      case returned = "RETURNED"
      case retracted = "RETRACTED"
    }

    package let number: Int
    package let fromLevel: Level
    package let fromOrganisation: ID<Organisation>
    package let toLevel: Level
    package let toOrganisation: ID<Organisation>
    package let isUrgent: Bool
    package let reason: SealedText?
    package let submitTime: Timestamp
    package var state: State
    package var answerTime: Timestamp?
    package var returnReason: SealedText?
    /// When the receiving level, having analysed it, gave it back to the sender.
    package var downTime: Timestamp?
    /// Who answered for the case when it was sent.
    package var sender: ID<Person>?

    package init(
      number: Int, from: PathStep, to: PathStep, isUrgent: Bool, reason: SealedText?, submitTime: Timestamp,
      state: State = .submitted, answerTime: Timestamp? = nil, returnReason: SealedText? = nil,
      downTime: Timestamp? = nil, sender: ID<Person>? = nil
    ) {
      self.number = number
      self.fromLevel = from.level
      self.fromOrganisation = from.organisation
      self.toLevel = to.level
      self.toOrganisation = to.organisation
      self.isUrgent = isUrgent
      self.reason = reason
      self.submitTime = submitTime
      self.state = state
      self.answerTime = answerTime
      self.returnReason = returnReason
      self.downTime = downTime
      self.sender = sender
    }
  }

  /// Whose matter it is, as responsibility-list has judged it.
  package struct Determination: Hashable, Sendable {
    /// Who the list says has to act.
    package enum Verdict: String, Hashable, Sendable, CaseIterable {
      case own = "SELF"
      case agency = "AGENCY"
      case call = "CALL"
      case ambiguous = "AMBIGUOUS"
      case offList = "OFF_LIST"
    }

    package let determinationID: String
    package let verdict: Verdict
    package let itemCode: String
    package let listVersion: String

    package init(determinationID: String, verdict: Verdict, itemCode: String, listVersion: String) {
      self.determinationID = determinationID
      self.verdict = verdict
      self.itemCode = itemCode
      self.listVersion = listVersion
    }
  }

  /// A call or a coordination task that names this case, as dispatch has told.
  package struct Link: Hashable, Sendable {
    /// What stands behind the link.
    package enum Subject: String, Hashable, Sendable, CaseIterable {
      case call = "CALL"
      case task = "TASK"
    }
    /// What has been heard of it last.
    package enum State: String, Hashable, Sendable, CaseIterable {
      case open = "OPEN"
      case solved = "SOLVED"
      case unsolved = "UNSOLVED"
    }

    package let subject: Subject
    package let subjectID: String
    package var state: State
    package let hearTime: Timestamp
    package var outcomeTime: Timestamp?

    package init(
      subject: Subject, subjectID: String, state: State, hearTime: Timestamp, outcomeTime: Timestamp? = nil
    ) {
      self.subject = subject
      self.subjectID = subjectID
      self.state = state
      self.hearTime = hearTime
      self.outcomeTime = outcomeTime
    }
  }

  /// How it was settled.
  package struct Settlement: Hashable, Sendable {
    /// In what form the agreement was made.
    package enum Agreement: String, Hashable, Sendable, CaseIterable {
      case oral = "ORAL"
      case written = "WRITTEN"
      case onSpot = "ON_SPOT"
    }

    package let settledFrom: State
    package let settleTime: Timestamp
    /// `nil` for a MATTER, and where an agency or a call solved it.
    package let agreement: Agreement?
    package let performanceDueTime: Timestamp?
    package let text: SealedText?
    /// What a written agreement contains.
    package let content: AgreementContent?
    package var confirmation: Confirmation
    package var confirmTime: Timestamp?

    package init(
      settledFrom: State, settleTime: Timestamp, agreement: Agreement?, performanceDueTime: Timestamp?,
      text: SealedText?, content: AgreementContent? = nil, confirmation: Confirmation = .none,
      confirmTime: Timestamp? = nil
    ) {
      self.settledFrom = settledFrom
      self.settleTime = settleTime
      self.agreement = agreement
      self.performanceDueTime = performanceDueTime
      self.text = text
      self.content = content
      self.confirmation = confirmation
      self.confirmTime = confirmTime
    }

    /// What the court has said to the agreement.
    package enum Confirmation: String, Hashable, Sendable, CaseIterable {
      case none = "NONE"
      case applied = "APPLIED"
      case confirmed = "CONFIRMED"
      case refused = "REFUSED"
    }
  }

  /// What a written agreement (人民调解协议书) has to contain; its term is the settlement's `performanceDueTime`.
  package struct AgreementContent: Hashable, Sendable {
    package let signedParties: [String]
    package let facts: SealedText?
    package let duties: SealedText?
    package let manner: SealedText?
    package let place: SealedText?
    package let evidence: [String]

    package init(
      signedParties: [String], facts: SealedText?, duties: SealedText?, manner: SealedText?, place: SealedText?,
      evidence: [String]
    ) {
      self.signedParties = signedParties
      self.facts = facts
      self.duties = duties
      self.manner = manner
      self.place = place
      self.evidence = evidence
    }
  }

  /// The registration at the end.
  package struct Closure: Hashable, Sendable {
    /// What the applicant said when asked.
    package enum Satisfaction: String, Hashable, Sendable, CaseIterable {
      case satisfied = "SATISFIED"
      case basic = "BASIC"
      case dissatisfied = "DISSATISFIED"
      case unreached = "UNREACHED"
    }
    /// Under which authority it was resolved.
    package enum Authority: String, Hashable, Sendable, CaseIterable {
      case ownPower = "OWN_POWER"
      case mediation = "MEDIATION"
      case agency = "AGENCY"
      case department = "DEPARTMENT"
      case legal = "LEGAL"
    }

    package let result: String
    package let authority: Authority
    package let resolvingLevel: Level
    package let partiesNotified: Bool
    package var satisfaction: Satisfaction?
    package let followUpDueTime: Timestamp
    package let secondSigner: ID<Person>?
    package let closer: ID<Person>
    package let closeTime: Timestamp
    package let dueTime: Timestamp?
    package let isOnTime: Bool
    /// References of documents.
    package let evidence: [String]
    /// The rule or document on which it rests.
    package let basis: String

    package init(
      result: String, authority: Authority, resolvingLevel: Level, partiesNotified: Bool, satisfaction: Satisfaction?,
      followUpDueTime: Timestamp, secondSigner: ID<Person>?, closer: ID<Person>, closeTime: Timestamp,
      dueTime: Timestamp?, isOnTime: Bool, evidence: [String] = [], basis: String = ""
    ) {
      self.result = result
      self.authority = authority
      self.resolvingLevel = resolvingLevel
      self.partiesNotified = partiesNotified
      self.satisfaction = satisfaction
      self.followUpDueTime = followUpDueTime
      self.secondSigner = secondSigner
      self.closer = closer
      self.closeTime = closeTime
      self.dueTime = dueTime
      self.isOnTime = isOnTime
      self.evidence = evidence
      self.basis = basis
    }
  }
}
