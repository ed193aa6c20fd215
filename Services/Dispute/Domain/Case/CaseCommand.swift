package import Kernel

extension Case {
  /// The actions of the table, as `AllowedActions` shows them.
  package enum Action: String, Hashable, Sendable, CaseIterable {
    case report = "report"
    case selfHandle = "self-handle"
    case accept = "accept"
    case start = "start"
    case recordAttempt = "record attempt"
    case settle = "settle"
    case handUp = "hand up"
    case escalate = "escalate"
    case raise = "urgent raise"
    case receive = "receive"
    case giveBack = "return"
    case giveBackToGrid = "return to grid"
    case retract = "retract"
    case retractToGrid = "retract to grid"
    case analyse = "analyse"
    case determine = "determine"
    case routeHere = "route here"
    case routeAgency = "route agency"
    case routeCall = "route call"
    case link = "link"
    case agencyDone = "agency done"
    case agencyFailed = "agency failed"
    case callSolved = "call solved"
    case callBack = "call back"
    case fallBack = "fall back"
    case fallBackToGrid = "fall back to grid"
    case fallBackToAnalysis = "fall back to analysis"
    case guideToLaw = "guide to law"
    case registerClose = "register close"
    case withdraw = "withdraw"
  }

  /// What somebody wants to happen to a case that exists.
  package enum Command: Hashable, Sendable {
    case selfHandle
    case accept(responsible: ID<Person>?)
    case start(StartDraft)
    case recordAttempt(AttemptDraft)
    case settle(SettlementDraft)
    case handUp(reason: SealedText?)
    case escalate(reason: SealedText?, to: ID<Organisation>?)
    case raise(reason: SealedText?)
    case receive(responsible: ID<Person>?)
    case giveBack(reason: SealedText?)
    case retract
    case analyse(minutes: SealedText?, determination: Determination?)
    case determine(Determination?)
    case routeHere(responsible: ID<Person>?, minutes: SealedText?)
    case routeAgency(task: String?, minutes: SealedText?)
    case routeCall(call: String?, minutes: SealedText?)
    case link(Link.Subject, String, Link.State)
    case confirmAgencyDone(text: SealedText?)
    case agencyFailed
    case callSolved
    case callBack
    case fallBack(reason: SealedText?)
    case guideToLaw(way: String, guidance: SealedText?)
    case registerClose(ClosureDraft)
    case withdraw(reason: SealedText?)
  }

  /// How a mediation begins.
  package struct StartDraft: Hashable, Sendable {
    package let mediators: [ID<Person>]
    package let noConflictDeclared: Bool
    package let rightsTold: Bool
    package let consentingParties: Set<String>

    package init(
      mediators: [ID<Person>], noConflictDeclared: Bool, rightsTold: Bool, consentingParties: Set<String>
    ) {
      self.mediators = mediators
      self.noConflictDeclared = noConflictDeclared
      self.rightsTold = rightsTold
      self.consentingParties = consentingParties
    }
  }

  /// One session, as it is entered.
  package struct AttemptDraft: Hashable, Sendable {
    package let result: Attempt.Result?
    /// `nil`: now.
    package let attemptTime: Timestamp?
    package let method: String
    package let presentCount: Int
    package let record: SealedText?
    package let failureReason: SealedText?

    package init(
      result: Attempt.Result?, attemptTime: Timestamp? = nil, method: String = "", presentCount: Int = 0,
      record: SealedText? = nil, failureReason: SealedText? = nil
    ) {
      self.result = result
      self.attemptTime = attemptTime
      self.method = method
      self.presentCount = presentCount
      self.record = record
      self.failureReason = failureReason
    }
  }

  /// What was agreed or done.
  package struct SettlementDraft: Hashable, Sendable {
    package let agreement: Settlement.Agreement?
    package let text: SealedText?
    package let performanceDueTime: Timestamp?

    package init(agreement: Settlement.Agreement? = nil, text: SealedText? = nil, performanceDueTime: Timestamp? = nil)
    {
      self.agreement = agreement
      self.text = text
      self.performanceDueTime = performanceDueTime
    }
  }

  /// The registration, as it is entered: whatever is missing is named in one refusal.
  package struct ClosureDraft: Hashable, Sendable {
    package let result: String
    package let authority: Closure.Authority?
    package let partiesNotified: Bool
    package let satisfaction: Closure.Satisfaction?
    /// `nil`: as the policy says.
    package let followUpDueTime: Timestamp?
    package let secondSigner: ID<Person>?

    package init(
      result: String, authority: Closure.Authority?, partiesNotified: Bool, satisfaction: Closure.Satisfaction? = nil,
      followUpDueTime: Timestamp? = nil, secondSigner: ID<Person>? = nil
    ) {
      self.result = result
      self.authority = authority
      self.partiesNotified = partiesNotified
      self.satisfaction = satisfaction
      self.followUpDueTime = followUpDueTime
      self.secondSigner = secondSigner
    }
  }

  /// The row of the table that `command` asks for; who sent or settled the case decides between two of one name.
  package func action(of command: Command) -> Action {
    switch command {
    case .selfHandle: .selfHandle
    case .accept: .accept
    case .start: .start
    case .recordAttempt: .recordAttempt
    case .settle: .settle
    case .handUp: .handUp
    case .escalate: .escalate
    case .raise: .raise
    case .receive: .receive
    case .giveBack: openEscalation?.fromLevel == .grid ? .giveBackToGrid : .giveBack
    case .retract: openEscalation?.fromLevel == .grid ? .retractToGrid : .retract
    case .analyse: .analyse
    case .determine: .determine
    case .routeHere: .routeHere
    case .routeAgency: .routeAgency
    case .routeCall: .routeCall
    case .link: .link
    case .confirmAgencyDone: .agencyDone
    case .agencyFailed: .agencyFailed
    case .callSolved: .callSolved
    case .callBack: .callBack
    case .fallBack:
      switch settlement?.settledFrom {
      case .selfHandling: .fallBackToGrid
      case .awaitingAgency, .awaitingCall: .fallBackToAnalysis
      default: .fallBack
      }
    case .guideToLaw: .guideToLaw
    case .registerClose: .registerClose
    case .withdraw: .withdraw
    }
  }
}
