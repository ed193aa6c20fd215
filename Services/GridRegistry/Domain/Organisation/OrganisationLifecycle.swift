package import Access
import Kernel
package import Lifecycle

extension Organisation {
  /// The rulebook's type for organisations.
  package typealias Lifecycle = LifecycleTable<State, Action, Proposal>

  // swift-format-ignore
  /// From, action, to, who, guards.
  package static let lifecycle = Lifecycle([
    //    from     action    to       who
    .row(nil,     .enter,   .active, anyOf: registrars, .hasName, .hasKind, .hasAreas, .hasParents, .parentsAreEntered, .parentsAreActive, .chainReachesCounty, .townshipHasItsCode, .agencyHasType, .agencyParentsDiffer, .agencyWorksForTownship, .roomBelongs, .roomIsTheOnlyOne),
    .row(.active, .update,  .active, anyOf: registrars, .keepsKind, .keepsTownshipOfChildren, .hasName, .hasAreas, .hasParents, .parentsAreEntered, .parentsAreActive, .chainReachesCounty, .townshipHasItsCode, .agencyHasType, .agencyParentsDiffer, .agencyWorksForTownship, .roomBelongs, .roomIsTheOnlyOne),
    .row(.active, .close,   .closed, anyOf: registrars, .hasNoActiveChildren, .hasNoActiveGrids),
  ])

  /// Who keeps the directory.
  package static let registrars: Set<Role> = [.countyAdmin, .gridCentre, .integration]
}

/// `Lifecycle` with the roles of the token: the directory knows no other parts.
package typealias LifecycleTable<State: Hashable & Sendable, Action: Hashable & Sendable, Subject: Sendable> =
  Lifecycle<State, Action, Role, Subject>

extension Guard<Organisation.Proposal> {
  static let hasName = Guard(.orgNameMissing) { !$0.facts.name.isEmpty }
  static let hasKind = Guard(.orgTypeMissing) { $0.facts.kind != nil }
  static let hasAreas = Guard(.areaMissing) { proposal, missing in
    if proposal.facts.areaCodes.isEmpty { return missing.at("area_codes") }
    for text in proposal.facts.areaCodes {
      guard let code = AreaCode(text) else { return Reason.areaCodeInvalid.at("area_codes").with("area_code", text) }
      if !code.isWithin(proposal.county) { return .areaOutsideCounty.at("area_codes").with("area_code", text) }
    }
    return nil
  }
  static let hasParents = Guard(.parentMissing) {
    $0.isRoot || $0.facts.businessParentID != nil && $0.facts.dailyParentID != nil || $0.facts.kind == .dispatchedAgency
  }
  static let parentsAreEntered = Guard(.parentNotFound) { proposal, reason in
    if proposal.facts.dailyParentID != nil, proposal.dailyChain.isEmpty { return reason.at("daily_parent_id") }
    if proposal.facts.businessParentID != nil, proposal.businessChain.isEmpty {
      return reason.at("business_parent_id")
    }
    return nil
  }
  static let parentsAreActive = Guard(.parentClosed) {
    $0.dailyChain.first?.isActive != false && $0.businessChain.first?.isActive != false
  }
  /// I5.
  static let chainReachesCounty = Guard(.parentChainBroken) { proposal in
    [proposal.dailyChain, proposal.businessChain].allSatisfy { chain in
      chain.isEmpty || chain.last?.kind == .countyGovernment && !chain.contains { $0.id == proposal.id }
    }
  }
  static let townshipHasItsCode = Guard(.townshipAreaInvalid) {
    $0.facts.kind != .township || $0.townshipCode?.level == .township
  }
  static let agencyHasType = Guard(.agencyTypeMissing) {
    ($0.facts.kind == .dispatchedAgency) != $0.facts.agencyType.isEmpty
  }
  /// I4.
  static let agencyParentsDiffer = Guard(.agencyParentsEqual) { proposal, equal in
    guard proposal.facts.kind == .dispatchedAgency else { return nil }
    guard let business = proposal.facts.businessParentID, let daily = proposal.facts.dailyParentID else {
      return .agencyNeedsTwoParents
    }
    return business == daily ? equal : nil
  }
  static let agencyWorksForTownship = Guard(.agencyDailyParentNotTownship) {
    $0.facts.kind != .dispatchedAgency || $0.dailyChain.first.map { $0.kind == .township } != false
  }
  static let roomBelongs = Guard(.roomParentMismatch) { proposal in
    guard let owner = proposal.facts.kind?.roomOf, let parent = proposal.dailyChain.first else { return true }
    return parent.kind == owner
  }
  /// I7.
  static let roomIsTheOnlyOne = Guard(.mediationRoomExists) { proposal, reason in
    proposal.otherRoom.map { reason.with("org_id", $0.text) }
  }
  static let keepsKind = Guard(.orgTypeFixed) { $0.before?.kind == $0.facts.kind }
  static let keepsTownshipOfChildren = Guard(.hasActiveChildren) {
    !$0.hasActiveChildren || $0.before?.townshipCode == $0.townshipCode && $0.before?.departmentID == $0.departmentID
  }
  static let hasNoActiveChildren = Guard(.hasActiveChildren) { !$0.hasActiveChildren }
  static let hasNoActiveGrids = Guard(.hasActiveGrids) { !$0.hasActiveGrids }
}

extension Organisation.Proposal {
  fileprivate var isRoot: Bool { facts.kind == .countyGovernment }
}
