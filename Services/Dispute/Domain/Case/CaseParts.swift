package import Access
import Kernel

extension Case {
  /// The part that somebody plays towards one case: the "Who" column of the table. Not the role in the token.
  package enum Part: String, Hashable, Sendable, CaseIterable {
    /// A grid member, hotline operator, industry body or integrating system; a clerk for a resident.
    case reporter
    /// The member of the case's grid who has it in hand.
    case gridMember
    /// A mediator of the handling organisation, or who answers for the case there.
    case mediator
    /// LEVEL_CLERK or LEVEL_LEADER of the handling organisation; the sender, while it is on its way.
    case levelOrganisation
    /// LEVEL_CLERK of the handling organisation or of the township.
    case levelClerk
    /// LEVEL_CLERK or LEVEL_LEADER of the organisation that the case was sent to.
    case nextLevel
    /// LEVEL_CLERK of the township's centre, or its leader.
    case township
    /// The applicant, through a clerk or the hotline.
    case applicant
    /// The grid member while it stands at GRID, else the handling organisation.
    case closer
    /// LEVEL_CLERK or LEVEL_LEADER of the organisation that leads joint handling, or of the township where its centre leads.
    case lead
    /// Somebody of a department that has agreed to take part, or that owns a measure.
    case participant
    /// Somebody of a department that was asked and has not answered.
    case invitee
    /// The grid member who reported it and helps on, wherever it stands.
    case assistant
    /// The township's leader, for the second signature.
    case townshipLeader
    /// LEVEL_CLERK or LEVEL_LEADER of the county's centre for disputes.
    case county
    /// SUPERVISION.
    case supervision
    /// An operator of the hotline.
    case hotline
    /// The service itself, told by its neighbours.
    case system
  }

  /// The parts of `actor` towards this case; empty for somebody it does not concern.
  package func parts(of actor: Actor, in world: Surroundings) -> Set<Part> {
    if actor.role == .system { return [.system] }
    var parts: Set<Part> = []
    let organisation = ID<Organisation>(actor.organisationID)
    let isHere = world.acts(organisation, for: handlingOrganisation)
    let isTownship = isTownship(actor, in: world)
    switch actor.role {
    case .gridMember, .gridLead:
      if isGridMember(actor, in: world) { parts = [.gridMember] }
    case .mediator:
      if isHere { parts = [.mediator] }
    case .levelClerk, .levelLeader, .townshipLeader:
      let leads = actor.role != .townshipLeader
      if isHere && leads || isTownship && level == .township { parts.formUnion([.levelOrganisation, .mediator]) }
      if let escalation = openEscalation {
        let isAddressee = leads && world.acts(organisation, for: escalation.toOrganisation)
        if isAddressee || isTownship && escalation.toLevel == .township { parts.insert(.nextLevel) }
      }
      if isTownship { parts.insert(.township) }
      if actor.role == .levelClerk, isHere || isTownship { parts.formUnion([.levelClerk, .applicant]) }
      if responsiblePerson.text == actor.personID { parts.insert(.mediator) }
    case .hotlineOperator: parts = [.applicant, .hotline]
    case .supervision: parts = [.supervision]
    default: break
    }
    parts.formUnion(jointParts(of: actor, organisation, isTownship: isTownship, in: world))
    if parts.contains(level == .grid ? .gridMember : .levelOrganisation) { parts.insert(.closer) }
    return parts
  }

  /// The parts in joint handling, and of who helps on.
  private func jointParts(
    of actor: Actor, _ organisation: ID<Organisation>, isTownship: Bool, in world: Surroundings
  ) -> Set<Part> {
    var parts: Set<Part> = []
    switch actor.role {
    case .gridMember, .gridLead:
      if origin.reporter.text == actor.personID { parts.insert(.assistant) }
      return parts
    case .levelClerk, .levelLeader, .departmentClerk, .departmentLeader, .agencyStaff, .agencyHead: break
    case .townshipLeader:
      if isTownship { parts.formUnion([.townshipLeader, .lead]) }
      return parts
    default: return parts
    }
    if let lead = plan?.leadOrganisation {
      let isLead = world.acts(organisation, for: lead) || isTownship && lead == handlingOrganisation
      if isLead, actor.role == .levelClerk || actor.role == .levelLeader { parts.insert(.lead) }
    }
    if world.organisations[organisation]?.kind == .countyCentre, level == .township, isCountysTurn {
      parts.insert(.county)
    }
    for invitation in invitations where world.acts(organisation, for: invitation.organisation) {
      if invitation.state == .sent { parts.insert(.invitee) }
      if invitation.state == .accepted { parts.insert(.participant) }
    }
    if plan?.measures.contains(where: { world.acts(organisation, for: $0.ownerOrganisation) }) == true {
      parts.insert(.participant)
    }
    return parts
  }

  /// Joint handling may be led by the county's centre.
  private var isCountysTurn: Bool { state == .analysing || state == .jointHandling }

  private func isGridMember(_ actor: Actor, in world: Surroundings) -> Bool {
    if origin.reporter.text == actor.personID || responsiblePerson.text == actor.personID { return true }
    guard let grid = world.grid else { return false }
    if !grid.members.isEmpty { return grid.members.contains { $0.text == actor.personID } }
    let organisation = ID<Organisation>(actor.organisationID)
    return organisation == grid.organisation || world.acts(organisation, for: handlingOrganisation)
  }

  private func isTownship(_ actor: Actor, in world: Surroundings) -> Bool {
    guard let organisation = world.organisations[ID(actor.organisationID)] else {
      return level == .township && handlingOrganisation.text == actor.organisationID
    }
    let isTownshipBody = organisation.kind == .township || organisation.kind == .townshipCentre
    return isTownshipBody && organisation.township == origin.township
  }
}

extension Actor {
  /// Whether this person may report a case at all, in the sense of the table.
  package func reports(in world: Surroundings) -> Set<Case.Part> {
    switch role {
    case .gridMember, .gridLead, .hotlineOperator, .integration, .levelClerk, .levelLeader: [.reporter]
    case .system: [.system]
    default: []
    }
  }
}
