import Access
import GridRegistryDomain
import GridRegistryStore
import Kernel
import Persistence
import Runtime

/// Whom a caller plays towards members, and what they may look at: role and relation to the organisation.
struct Standing {
  let actor: Actor
  /// The organisation that the caller acts for.
  let organisation: Organisation?

  /// County roles see every township.
  static let countyRoles: Set<Role> = [
    .gridCentre, .countyAdmin, .countyLeadership, .auditor, .supervision, .integration, .system,
  ]

  init(_ actor: Actor, _ registry: Registry, in reading: some Reading) throws {
    self.actor = actor
    organisation = try registry.organisations.load(.init(actor.organisationID), in: reading)
  }

  /// The township that the caller works in.
  var township: AreaCode? { organisation?.townshipCode }

  /// Whether the caller may see what belongs to `township`.
  func sees(_ township: AreaCode?) -> Bool {
    Self.countyRoles.contains(actor.role) || township != nil && township == self.township
  }

  /// Refuses whoever asks for another township's.
  func permitSeeing(_ township: AreaCode?) throws(Refused) {
    guard sees(township) else { throw Refused(.permissionDenied, .jurisdictionMismatch) }
  }

  /// The township that a list is about: the one asked for, else the caller's own; `nil`: every one.
  func scope(_ wanted: AreaCode?) throws(Refused) -> AreaCode? {
    if let wanted {
      try permitSeeing(wanted)
      return wanted
    }
    if Self.countyRoles.contains(actor.role) { return nil }
    guard let township else { throw Refused(.permissionDenied, .jurisdictionMismatch) }
    return township
  }

  /// The township's centre acts by its clerk, the township by its leader.
  func isTownship(of township: AreaCode?) -> Bool {
    guard let own = organisation, own.isActive, let township, own.townshipCode == township else { return false }
    switch actor.role {
    case .levelClerk: return own.kind == .townshipCenter
    case .townshipLeader: return own.kind == .township || own.kind == .townshipCenter
    default: return false
    }
  }

  /// The parts that the caller plays towards a member of `person`, nominated by `nominator`, in `township`.
  func parts(person: Person.ID?, nominator: Organisation.ID?, township: AreaCode?) -> Set<GridMember.Part> {
    var parts: Set<GridMember.Part> = []
    switch actor.role {
    case .gridCentre: parts = [.gridCentre, .importer]
    case .countyAdmin, .integration: parts = [.importer]
    case .system: parts = [.system]
    case .gridMember, .gridLead: if let person, person.text == actor.personID { parts.insert(.member) }
    default: break
    }
    if isTownship(of: township) { parts.insert(.township) }
    let isLevel = actor.role == .levelClerk || actor.role == .levelLeader
    if isLevel, let nominator, let own = organisation,
      own.id == nominator || own.kind?.roomOf != nil && own.facts.dailyParentID == nominator
    {
      parts.insert(.nominator)
    }
    return parts
  }
}

extension Registrar {
  /// Whom the caller is.
  func standing() throws -> Standing { try Standing(command.actor, registry, in: tx) }

  /// The same transaction, acted in by the system.
  func asSystem() throws -> Registrar {
    try Registrar(command.at(command.now, as: .system(county: registry.county.text)))
  }

  var today: CivilDate { CivilDate(command.now) }
}
