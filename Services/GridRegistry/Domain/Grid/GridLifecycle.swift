package import Access
package import Kernel
import Lifecycle

extension Grid {
  // swift-format-ignore
  /// From, action, to, who, guards. `correct` and `move units` stay in their state; a further successor is added to a changed
  /// grid by an import only.
  package static let lifecycle = LifecycleTable<State, Action, Proposal>([
    //    from      action         to        who
    .row(nil,      .create,       .active,  .gridCentre,       .hasCode, .hasName, .hasKind, .hasArea, .belongsToOrganisation, .partyIsKnown, .hasHostAndSubject, .unitsAreComplete, .hasDates, .pathReachesTownship, .sizeIsRightOrExcused, .unitsAreFree),
    .row(nil,      .importLegacy, .active,  anyOf: importers,  .hasCode, .hasName, .hasKind, .hasArea, .belongsToOrganisation, .partyIsKnown, .hasHostAndSubject, .unitsAreComplete, .hasDates, .pathReachesTownship),
    .row(.active,  .correct,      .active,  anyOf: importers,  .keepsCode, .hasCode, .hasName, .hasKind, .hasArea, .belongsToOrganisation, .partyIsKnown, .hasHostAndSubject, .unitsAreComplete, .hasDates, .pathReachesTownship),
    .row(nil,      .plan,         .planned, .system,           .planIsApproved, .hasCode, .hasName, .hasKind, .hasArea, .belongsToOrganisation, .partyIsKnown, .hasHostAndSubject, .pathReachesTownship),
    .row(.planned, .takeEffect,   .active,  .system,           .dateIsReached, .isStaffedOrVacant),
    .row(.active,  .moveUnits,    .active,  .system),
    .row(.active,  .planEffect,   .changed, .system,           .hasSuccessors),
    .row(.changed, .planEffect,   .changed, .system,           .hasSuccessors),
    .row(.active,  .retire,       .retired, .system,           .unitsAreMoved, .casesAreHandedOver),
    .row(.changed, .archive,      .retired, .system,           .lineageIsWritten),
    .row(.planned, .drop,         .retired, .system,           .planIsGone),
  ])

  /// Who may bring in legacy grids.
  package static let importers: Set<Role> = [.gridCentre, .countyAdmin, .integration]
}

extension Guard<Grid.Proposal> {
  static let hasCode = Guard(.gridCodeInvalid.at("grid_code")) { $0.codeIsWellFormed }
  static let hasName = Guard(.gridNameMissing.at("name")) { !$0.facts.name.isEmpty }
  static let hasKind = Guard(.gridTypeMissing.at("grid_type")) { $0.facts.kind != nil }
  static let hasArea = Guard(.areaNotFound.at("area_code")) { proposal, notFound in
    guard let code = AreaCode(proposal.facts.areaCode), code.level >= .township else {
      return Reason.areaCodeInvalid.at("area_code")
    }
    if !code.isWithin(proposal.county) { return .areaOutsideCounty.at("area_code") }
    return proposal.isAreaEntered ? nil : notFound
  }
  static let belongsToOrganisation = Guard(.gridOrgTypeMismatch.at("org_id")) { proposal, mismatch in
    guard let organisation = proposal.organisation else { return Reason.orgNotFound.at("org_id") }
    if !organisation.isActive { return .orgClosed.at("org_id") }
    if let township = organisation.townshipCode, township != proposal.townshipCode { return .gridOutsideTownship }
    guard let kind = organisation.kind, let grid = proposal.facts.kind else { return mismatch }
    return grid.owners.contains(kind) ? nil : mismatch
  }
  static let hasHostAndSubject = Guard(.hostOrgNotFound.at("host_org_id")) { proposal, notFound in
    guard proposal.facts.kind == .dedicated else { return nil }
    if proposal.facts.subjectType == nil { return Reason.subjectTypeMissing.at("subject_type") }
    return proposal.host?.isActive == true ? nil : notFound
  }
  /// F08: a link between organisations; nothing of persons.
  static let partyIsKnown = Guard(.partyOrgNotFound.at("party_org_id")) { proposal in
    guard proposal.facts.partyOrganisationID != nil else { return true }
    guard let party = proposal.party, party.isActive else { return false }
    return party.kind == .partyOrganisation || party.kind == .townshipPartyCommittee
  }
  static let unitsAreComplete = Guard(.unitInvalid.at("units")) { proposal in
    proposal.facts.households >= 0 && proposal.facts.population >= 0
      && Set(proposal.facts.units.map(\.id)).count == proposal.facts.units.count
      && proposal.facts.units.allSatisfy { !$0.id.isEmpty && $0.kind != nil && $0.households >= 0 }
  }
  static let hasDates = Guard(.dateInvalid.at("effective_from_date")) {
    $0.facts.effectiveFrom.isEmpty || CivilDate($0.facts.effectiveFrom) != nil
  }
  static let pathReachesTownship = Guard(.noMediationPath) { $0.path.steps.last?.level == .township }
  /// I3.
  static let sizeIsRightOrExcused = Guard(.householdsOutOfRange) { proposal, _ in
    proposal.facts.sizeExceptionReason.isEmpty
      ? proposal.breaches.first { $0.code != Reason.unitInTwoGrids.code } : nil
  }
  /// I2.
  static let unitsAreFree = Guard(.unitInTwoGrids) { proposal, _ in
    proposal.breaches.first { $0.code == Reason.unitInTwoGrids.code }
  }
  static let planIsApproved = Guard(.planNotApproved) { $0.course.planIsApproved }
  static let planIsGone = Guard(.planStillStands) { $0.course.planIsGone }
  static let dateIsReached = Guard(.effectiveDateAhead) { $0.course.dateIsReached }
  /// I1.
  static let isStaffedOrVacant = Guard(.gridWithoutMember) { $0.course.isStaffedOrVacant }
  static let hasSuccessors = Guard(.gridWithoutSuccessor) { $0.course.hasSuccessors }
  static let unitsAreMoved = Guard(.unitInNoGrid) { $0.course.unitsAreMoved }
  static let casesAreHandedOver = Guard(.gridHasOpenCases) { proposal, reason in
    if proposal.course.caseCountsAreStale { return Reason.caseCountsStale }
    return proposal.course.casesAreHandedOver ? nil : reason
  }
  static let lineageIsWritten = Guard(.gridWithoutSuccessor) { $0.course.lineageIsWritten }
  static let keepsCode = Guard(.gridCodeTaken.at("grid_code")) { $0.before?.facts.code == $0.facts.code }
}

extension Grid.Proposal {
  /// Area code of village or township level, one letter, three digits.
  fileprivate var codeIsWellFormed: Bool {
    let code = facts.code
    guard code.utf8.count == 16, let area = AreaCode(String(code.prefix(12))), let kind = facts.kind else {
      return false
    }
    return area.text == facts.areaCode && code.dropFirst(12).first == kind.letter
      && code.suffix(3).utf8.allSatisfy { (48...57).contains($0) }
  }
}

extension Grid.Kind {
  /// The organisations that a grid of this kind may belong to.
  fileprivate var owners: Set<Organisation.Kind> {
    switch self {
    case .urban: [.community]
    case .rural: [.village]
    case .dedicated: [.community, .village, .township, .industryBody]
    }
  }
}

extension Reason {
  /// No grid of this id or code.
  package static let gridNotFound = Reason("GRID_NOT_FOUND", zh: "没有此网格。", en: "There is no such grid.")
  /// The id belongs to another grid.
  package static let gridIDTaken = Reason("GRID_ID_TAKEN", zh: "该网格标识已被使用。", en: "The grid's id is taken.")
  /// The code belongs to another grid, or is not this grid's.
  package static let gridCodeTaken = Reason(
    "GRID_CODE_TAKEN", zh: "该网格编号已被使用，或与原编号不一致。", en: "The grid's code is taken, or is not the one it has.")
  /// Not area code, letter, three digits.
  package static let gridCodeInvalid = Reason(
    "GRID_CODE_INVALID", zh: "网格编号应为12位区划代码加类别字母（U、R、D）加3位序号。",
    en: "A grid code is its area code, the letter of its type (U, R, D) and three digits.")
  /// A grid without a name.
  package static let gridNameMissing = Reason("GRID_NAME_MISSING", zh: "缺少网格名称。", en: "The grid has no name.")
  /// A grid without a type.
  package static let gridTypeMissing = Reason("GRID_TYPE_MISSING", zh: "缺少网格类型。", en: "The grid has no type.")
  /// An urban grid belongs to a community, a rural one to a village, a dedicated one to its host or where it lies.
  package static let gridOrgTypeMismatch = Reason(
    "GRID_ORG_TYPE_MISMATCH", zh: "该类网格不能隶属于此类组织。",
    en: "This type of grid does not belong to this type of organisation.")
  /// The organisation is another township's.
  package static let gridOutsideTownship = Reason(
    "GRID_OUTSIDE_TOWNSHIP", zh: "网格所在区划与所属组织不在同一乡镇。",
    en: "The grid's area lies in another township than its organisation.")
  /// A dedicated grid names its host.
  package static let hostOrgNotFound = Reason(
    "HOST_ORG_NOT_FOUND", zh: "专属网格须有在用的主办单位。", en: "A dedicated grid names an active host organisation.")
  /// F08.
  package static let partyOrgNotFound = Reason(
    "PARTY_ORG_NOT_FOUND", zh: "所依托的党组织未录入、已撤销，或不是党组织。",
    en: "The party organisation that it leans on is not entered, closed, or of another type.")
  /// A dedicated grid says what it is.
  package static let subjectTypeMissing = Reason(
    "SUBJECT_TYPE_MISSING", zh: "专属网格须注明主体类型。", en: "A dedicated grid names its subject type.")
  /// A unit without id or kind, twice in one grid, or a negative count.
  package static let unitInvalid = Reason(
    "UNIT_INVALID", zh: "网格单元缺少编号或类别、重复，或户数为负。",
    en: "A unit lacks its id or kind, is listed twice, or has a negative count.")
  /// G04, I3.
  package static let householdsOutOfRange = Reason(
    "HOUSEHOLDS_OUT_OF_RANGE", zh: "城区网格应为300至500户。", en: "An urban grid has 300 to 500 households.")
  /// G05, I3.
  package static let naturalVillageCount = Reason(
    "NATURAL_VILLAGE_COUNT", zh: "农村网格应为一个自然村。", en: "A rural grid is one natural village.")
  /// G10, I2.
  package static let unitInTwoGrids = Reason(
    "UNIT_IN_TWO_GRIDS", zh: "该单元已属于另一网格。", en: "The unit belongs to another grid already.")
  /// A grid is planned by an approved plan only.
  package static let planNotApproved = Reason(
    "PLAN_NOT_APPROVED", zh: "方案尚未批准。", en: "The plan is not approved.")
  /// A planned grid is dropped only when its plan came to nothing.
  package static let planStillStands = Reason(
    "PLAN_STILL_STANDS", zh: "方案仍然有效。", en: "The plan still stands.")
  /// I1.
  package static let gridWithoutMember = Reason(
    "GRID_WITHOUT_MEMBER", zh: "该网格既无专职网格员，也未登记空缺。",
    en: "The grid has neither a primary member nor a recorded vacancy.")
  /// I6.
  package static let gridWithoutSuccessor = Reason(
    "GRID_WITHOUT_SUCCESSOR", zh: "没有接替的网格。", en: "No grid takes its place.")
  /// Nobody mediates for it.
  package static let noMediationPath = Reason(
    "NO_MEDIATION_PATH", zh: "该网格尚无通到乡镇的调解路径。", en: "No path of mediation rooms leads from the grid to a township.")
}
