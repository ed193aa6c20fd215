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
    case reject = "reject"
    case reconsider = "reconsider"
    case merge = "merge"
    case unmerge = "unmerge"
    case absorb = "absorb"
    case release = "release"
    case repoint = "re-point"
    case locate = "locate"
    case adjourn = "adjourn"
    case resume = "resume"
    case returnDown = "return down"
    case routeIndustry = "route industry"
    case routeJoint = "route joint"
    case reanalyse = "re-analyse"
    case fallBackToJoint = "fall back to joint"
    case reopen = "reopen"
    case raiseAgain = "raise"
    case classify = "classify"
    case setFlags = "set flags"
    case reassign = "reassign"
    case takeOver = "take over"
    case recordAnalysis = "record analysis"
    case plan = "plan edit"
    case invite = "plan invite"
    case answerInvitation = "plan answer"
    case updateMeasure = "update measure"
    case assistDone = "assist done"
    case sign = "sign"
    case followUp = "record follow-up"
    case rateSatisfaction = "record satisfaction"
    case confirmAgreement = "confirm agreement"
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
    case reject(Rejection.Ground?, reason: SealedText?, reporterTold: Bool)
    case reconsider(objection: SealedText?)
    case merge(into: ID<Case>, reason: SealedText?)
    case unmerge(reason: SealedText?)
    case absorb([Merge])
    case release(ID<Case>)
    case repoint(ID<Case>)
    case locate(ID<Grid>)
    case adjourn(Adjournment.Reason?, resumeTime: Timestamp?)
    case resume
    case returnDown(reason: SealedText?)
    case routeIndustry(room: ID<Organisation>?, responsible: ID<Person>?, minutes: SealedText?)
    case routeJoint(minutes: SealedText?)
    case reanalyse(reason: SealedText?)
    case reopen(Reopening.Source?, reason: SealedText?)
    case classify(category: String?, Complexity?)
    case setFlags(Set<Flag>, reason: SealedText?, room: ID<Organisation>?)
    case reassign(ID<Person>?, reason: SealedText?, phone: SealedText?)
    case takeOver(ID<Person>)
    case recordAnalysis(AnalysisDraft)
    case plan(PlanDraft)
    case invite(ID<Organisation>?, ask: SealedText?, dueTime: Timestamp?)
    case answerInvitation(Int, accepts: Bool, basis: SealedText?)
    case updateMeasure(Int, Measure.State?, outcome: SealedText?, evidence: [String])
    case assistDone(SealedText?)
    case sign
    case followUp(FollowUpDraft)
    case rateSatisfaction(Closure.Satisfaction?, channel: String)
    case confirmAgreement(Settlement.Confirmation?)
  }

  /// An analysis session, as it is entered.
  package struct AnalysisDraft: Hashable, Sendable {
    package let attendants: [ID<Person>]
    package let causes: SealedText?
    package let route: Analysis.Route?
    package let minutes: SealedText?
    package let determination: Determination?

    package init(
      attendants: [ID<Person>], causes: SealedText? = nil, route: Analysis.Route?, minutes: SealedText? = nil,
      determination: Determination? = nil
    ) {
      self.attendants = attendants
      self.causes = causes
      self.route = route
      self.minutes = minutes
      self.determination = determination
    }
  }

  /// A resolution plan, as it is entered: in whole.
  package struct PlanDraft: Hashable, Sendable {
    /// `nil`: the organisation that handles the case.
    package let lead: ID<Organisation>?
    package let responsibles: [Responsible]
    package let measures: [Measure]

    package init(lead: ID<Organisation>? = nil, responsibles: [Responsible], measures: [Measure]) {
      self.lead = lead
      self.responsibles = responsibles
      self.measures = measures
    }
  }

  /// A visit after the closing, as it is entered.
  package struct FollowUpDraft: Hashable, Sendable {
    /// `nil`: now.
    package let visitTime: Timestamp?
    package let isPerformed: Bool
    package let isNewDispute: Bool
    package let remark: SealedText?

    package init(visitTime: Timestamp? = nil, isPerformed: Bool, isNewDispute: Bool = false, remark: SealedText? = nil)
    {
      self.visitTime = visitTime
      self.isPerformed = isPerformed
      self.isNewDispute = isNewDispute
      self.remark = remark
    }
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
    package let content: AgreementContent?

    package init(
      agreement: Settlement.Agreement? = nil, text: SealedText? = nil, performanceDueTime: Timestamp? = nil,
      content: AgreementContent? = nil
    ) {
      self.agreement = agreement
      self.text = text
      self.performanceDueTime = performanceDueTime
      self.content = content
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
    /// If named, it must be who has signed.
    package let secondSigner: ID<Person>?
    package let evidence: [String]
    package let basis: String

    package init(
      result: String, authority: Closure.Authority?, partiesNotified: Bool, satisfaction: Closure.Satisfaction? = nil,
      followUpDueTime: Timestamp? = nil, secondSigner: ID<Person>? = nil, evidence: [String] = [], basis: String = ""
    ) {
      self.result = result
      self.authority = authority
      self.partiesNotified = partiesNotified
      self.satisfaction = satisfaction
      self.followUpDueTime = followUpDueTime
      self.secondSigner = secondSigner
      self.evidence = evidence
      self.basis = basis
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
    case .raise: state == .reopened ? .raiseAgain : .raise
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
      case .jointHandling: .fallBackToJoint
      default: .fallBack
      }
    case .guideToLaw: .guideToLaw
    case .registerClose: .registerClose
    case .withdraw: .withdraw
    case .reject: .reject
    case .reconsider: .reconsider
    case .merge: .merge
    case .unmerge: .unmerge
    case .absorb: .absorb
    case .release: .release
    case .repoint: .repoint
    case .locate: .locate
    case .adjourn: .adjourn
    case .resume: .resume
    case .returnDown: .returnDown
    case .routeIndustry: .routeIndustry
    case .routeJoint: .routeJoint
    case .reanalyse: .reanalyse
    case .reopen: .reopen
    case .classify: .classify
    case .setFlags: .setFlags
    case .reassign: .reassign
    case .takeOver: .takeOver
    case .recordAnalysis: .recordAnalysis
    case .plan: .plan
    case .invite: .invite
    case .answerInvitation: .answerInvitation
    case .updateMeasure: .updateMeasure
    case .assistDone: .assistDone
    case .sign: .sign
    case .followUp: .followUp
    case .rateSatisfaction: .rateSatisfaction
    case .confirmAgreement: .confirmAgreement
    }
  }
}
