package import Kernel

/// How the grids of a township are divided anew: drafted, checked, submitted, approved by a second pair of eyes, and in effect
/// from a day on (D§2.1.1, G06).
package struct DivisionPlan: Hashable, Sendable {
  package typealias ID = Kernel.ID<DivisionPlan>

  /// Where the plan stands.
  package enum State: String, Hashable, Sendable, CaseIterable {
    case draft = "DRAFT"
    case submitted = "SUBMITTED"
    case approved = "APPROVED"
    case effective = "EFFECTIVE"
    case blocked = "BLOCKED"
    case withdrawn = "WITHDRAWN"
  }

  /// What its editors write.
  package struct Content: Hashable, Sendable {
    package var title: String
    /// YYYY-MM-DD, as it was written.
    package var effectiveDate: String
    package var changes: [Change]
    package var exceptions: [Exception]

    package init(title: String, effectiveDate: String = "", changes: [Change] = [], exceptions: [Exception] = []) {
      self.title = title
      self.effectiveDate = effectiveDate
      self.changes = changes
      self.exceptions = exceptions
    }

    /// The first day of the new division.
    package var effectiveDay: CivilDate? { CivilDate(effectiveDate) }

    /// The grids that it will make, in order.
    package var plannedGrids: [PlannedGrid] { changes.flatMap(\.plannedGrids) }
  }

  /// Why a size rule is broken on purpose.
  package struct Exception: Hashable, Sendable {
    /// HOUSEHOLDS_OUT_OF_RANGE or NATURAL_VILLAGE_COUNT.
    package var rule: String
    package var gridCode: String
    package var reason: String
    /// Who approved it with the plan; empty until then.
    package var approverID: String

    package init(rule: String, gridCode: String, reason: String, approverID: String = "") {
      self.rule = rule
      self.gridCode = gridCode
      self.reason = reason
      self.approverID = approverID
    }
  }

  /// What happened to a plan.
  package enum Happening: Hashable, Sendable {
    case drafted
    case edited
    case checked
    case submitted
    case rejected(reason: String)
    case approved
    case tookEffect
    case blocked(codes: [String])
    case reworked
    case withdrawn(reason: String)
  }

  /// One thing that happened, and the plan as it stands afterwards.
  package struct Event: Hashable, Sendable {
    package var happening: Happening
    package var plan: DivisionPlan

    package init(_ happening: Happening, _ plan: DivisionPlan) {
      self.happening = happening
      self.plan = plan
    }
  }

  package let id: ID
  package var content: Content
  package var townshipCode: AreaCode
  /// Drafted by the county's grid centre: it may reach into several townships.
  package var isCountyWide: Bool
  package var state: State
  package var authorID: String
  package var authorOrganisationID: String
  package var submitterID: String
  package var deciderID: String
  package var decisionReason: String
  package var check: Check?
  package var createTime: Timestamp
  package var submitTime: Timestamp?
  package var decideTime: Timestamp?
  package var effectTime: Timestamp?
  package var version: Int

  package init(
    id: ID, content: Content, townshipCode: AreaCode, isCountyWide: Bool = false, state: State, authorID: String,
    authorOrganisationID: String, submitterID: String = "", deciderID: String = "", decisionReason: String = "",
    check: Check? = nil, createTime: Timestamp, submitTime: Timestamp? = nil, decideTime: Timestamp? = nil,
    effectTime: Timestamp? = nil, version: Int
  ) {
    self.id = id
    self.content = content
    self.townshipCode = townshipCode
    self.isCountyWide = isCountyWide
    self.state = state
    self.authorID = authorID
    self.authorOrganisationID = authorOrganisationID
    self.submitterID = submitterID
    self.deciderID = deciderID
    self.decisionReason = decisionReason
    self.check = check
    self.createTime = createTime
    self.submitTime = submitTime
    self.decideTime = decideTime
    self.effectTime = effectTime
    self.version = version
  }

  /// Folds one event in.
  package mutating func apply(_ event: Event) { self = event.plan }
}
