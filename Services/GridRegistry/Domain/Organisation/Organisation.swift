package import Access
package import Kernel
import Lifecycle

/// An organisation in the county's tree, with two parents: the line of its business and the line of its daily work.
package struct Organisation: Hashable, Sendable {
  package typealias ID = Kernel.ID<Organisation>

  /// What kind of body it is (D§2.1.1); the raw value is the name in rows and contracts.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case countyGovernment = "COUNTY_GOV"
    case countyDepartment = "COUNTY_DEPT"
    case office = "OFFICE"
    case township = "TOWNSHIP"
    case townshipCenter = "TOWNSHIP_CENTER"
    case community = "COMMUNITY"
    case communityRoom = "COMMUNITY_ROOM"
    case village = "VILLAGE"
    case villageRoom = "VILLAGE_ROOM"
    case dispatchedAgency = "DISPATCHED_AGENCY"
    case industryBody = "INDUSTRY_BODY"
    case industryRoom = "INDUSTRY_ROOM"
    case callOffice = "CALL_OFFICE"
    case hotline = "HOTLINE"
    case bianban = "BIANBAN"
    case approvalBureau = "APPROVAL_BUREAU"
    case assessmentOffice = "ASSESSMENT_OFFICE"
    case supervision = "SUPERVISION"
    case countyCenter = "COUNTY_CENTER"
    case gridCentre = "GRID_CENTRE"
    case partyOrganisation = "PARTY_ORG"
    case townshipPartyCommittee = "TOWNSHIP_PARTY_COMMITTEE"
    case organisationDepartment = "ORGANISATION_DEPT"

    /// The mediation room that this kind of organisation has exactly one of (I7).
    package var room: Kind? {
      switch self {
      case .township: .townshipCenter
      case .community: .communityRoom
      case .village: .villageRoom
      case .industryBody: .industryRoom
      default: nil
      }
    }

    /// Whose room this kind is; `nil` for everything that is no room.
    package var roomOf: Kind? { Self.allCases.first { $0.room == self } }
  }

  /// The three kinds of industry body (行业系统、企事业单位、社会组织).
  package enum IndustryKind: String, Hashable, Sendable, CaseIterable {
    case industrySystem = "INDUSTRY_SYSTEM"
    case enterpriseUnit = "ENTERPRISE_UNIT"
    case socialOrganisation = "SOCIAL_ORG"
  }

  /// Active, or closed for good.
  package enum State: String, Hashable, Sendable, CaseIterable {
    case active = "ACTIVE"
    case closed = "CLOSED"
  }

  /// What somebody enters about it; everything else is derived.
  package struct Facts: Hashable, Sendable {
    package var name: String
    package var kind: Kind?
    package var businessParentID: ID?
    package var dailyParentID: ID?
    package var areaCodes: [String]
    package var agencyType: String
    package var industryKind: IndustryKind?
    package var phones: [String]
    package var externalIDs: [String: String]

    package init(
      name: String, kind: Kind?, businessParentID: ID? = nil, dailyParentID: ID? = nil, areaCodes: [String],
      agencyType: String = "", industryKind: IndustryKind? = nil, phones: [String] = [],
      externalIDs: [String: String] = [:]
    ) {
      self.name = name
      self.kind = kind
      self.businessParentID = businessParentID
      self.dailyParentID = dailyParentID
      self.areaCodes = areaCodes
      self.agencyType = agencyType
      self.industryKind = industryKind
      self.phones = phones
      self.externalIDs = externalIDs
    }
  }

  /// What somebody wants done.
  package enum Command: Hashable, Sendable {
    case enter
    case update
    case close

    /// The lifecycle's word for it.
    package var action: Action {
      switch self {
      case .enter: .enter
      case .update: .update
      case .close: .close
      }
    }
  }

  /// What happens to an organisation; the words of the lifecycle table.
  package enum Action: String, Hashable, Sendable, CaseIterable {
    case enter = "create"
    case update = "update"
    case close = "close"
  }

  /// What happens to organisations.
  package enum Event: Hashable, Sendable {
    /// Created, imported, updated or closed: the organisation as it is now.
    case changed(Organisation)
  }

  package let id: ID
  package var facts: Facts
  /// The township it belongs to by its chain of daily parents; `nil` for county organisations.
  package var townshipCode: AreaCode?
  /// The department at the end of its business line; itself for a department.
  package var departmentID: ID?
  package var state: State
  package var version: Int

  package init(id: ID, facts: Facts, townshipCode: AreaCode?, departmentID: ID?, state: State, version: Int) {
    self.id = id
    self.facts = facts
    self.townshipCode = townshipCode
    self.departmentID = departmentID
    self.state = state
    self.version = version
  }

  package var kind: Kind? { facts.kind }
  package var name: String { facts.name }
  package var isActive: Bool { state == .active }

  /// Folds one event in.
  package mutating func apply(_ event: Event) {
    switch event {
    case .changed(let organisation): self = organisation
    }
  }
}

extension Organisation {
  /// An organisation somebody wants entered, changed or closed, and what the directory says around it.
  package struct Proposal: Sendable {
    package var id: ID
    package var before: Organisation?
    package var facts: Facts
    /// The daily parent, its daily parent and so on up to the county; empty if the parent is not entered.
    package var dailyChain: [Organisation]
    /// The business parent and its daily or business parents up to the county; empty if the parent is not entered.
    package var businessChain: [Organisation]
    /// Another active room of the same kind under the same daily parent.
    package var otherRoom: ID?
    package var hasActiveChildren: Bool
    package var hasActiveGrids: Bool
    package var county: AreaCode

    package init(
      id: ID, before: Organisation?, facts: Facts, dailyChain: [Organisation] = [],
      businessChain: [Organisation] = [], otherRoom: ID? = nil, hasActiveChildren: Bool = false,
      hasActiveGrids: Bool = false, county: AreaCode
    ) {
      self.id = id
      self.before = before
      self.facts = facts
      self.dailyChain = dailyChain
      self.businessChain = businessChain
      self.otherRoom = otherRoom
      self.hasActiveChildren = hasActiveChildren
      self.hasActiveGrids = hasActiveGrids
      self.county = county
    }

    /// The township at or above the organisation.
    package var townshipCode: AreaCode? {
      if facts.kind == .township { return facts.areaCodes.first.flatMap(AreaCode.init) }
      return dailyChain.first { $0.kind == .township }?.townshipCode
    }

    /// The department at or above the organisation in its business line.
    package var departmentID: ID? {
      let isDepartment = facts.kind == .countyDepartment || facts.kind == .approvalBureau
      return isDepartment ? id : businessChain.first?.departmentID
    }
  }

  /// What `command` means now; nothing, if it would change nothing. Pure: all it knows stands in the proposal.
  package static func decide(
    _ command: Command, on proposal: Proposal, as role: Role
  ) throws(Refused) -> [Event] {
    let before = proposal.before
    let row: Lifecycle.Row
    do {
      row = try lifecycle.transition(command.action, from: before?.state, as: [role], on: proposal)
    } catch {
      throw error.refusal(action: command.action.rawValue, state: before?.state.rawValue ?? "∅")
    }
    var after = Organisation(
      id: proposal.id, facts: proposal.facts, townshipCode: proposal.townshipCode,
      departmentID: proposal.departmentID, state: row.to, version: before?.version ?? 0)
    if after == before { return [] }
    after.version += 1
    return [.changed(after)]
  }
}
