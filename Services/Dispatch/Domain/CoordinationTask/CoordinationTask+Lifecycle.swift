package import Access
import Kernel
package import Lifecycle

extension CoordinationTask {
  /// The part that somebody plays towards a task.
  package enum Part: String, Hashable, Sendable, CaseIterable {
    case township = "TOWNSHIP"
    case agency = "AGENCY"
    case agencyHead = "AGENCY_HEAD"
  }

  /// D§2.4.3, what is here of `SM CoordinationTask`. Contest, contest again and cancel come with the full lifecycle.
  // swift-format-ignore
  package static let lifecycle = Lifecycle<State, Action, Part, CoordinationAttempt>([
    //    from          action     to           who           guards
    .row(nil,           .request,  .requested,  .township,    .agencyIsKnown, .agencyIsOfTownship, .itemNamesAgencyType),
    .row(.requested,    .accept,   .accepted,   .agency),
    .row(.accepted,     .done,     .done,       .agency,      .resultIsGiven),
    .row(.requested,    .unable,   .unable,     .agencyHead,  .unableReasonIsGiven, .unableBasisIsGiven),
    .row(.accepted,     .unable,   .unable,     .agencyHead,  .unableReasonIsGiven, .unableBasisIsGiven),
  ])

  /// The parts that `actor` plays.
  package static func parts(
    of actor: Actor, townshipOrgID: String, agencyOrgID: String, in directory: Directory
  ) throws -> Set<Part> {
    var parts: Set<Part> = []
    if [.levelClerk, .townshipLeader].contains(actor.role),
      try directory.isOfTownship(actor.organisationID, townshipOrgID)
    {
      parts.insert(.township)
    }
    if actor.organisationID == agencyOrgID {
      if [.agencyStaff, .agencyHead].contains(actor.role) { parts.insert(.agency) }
      if actor.role == .agencyHead { parts.insert(.agencyHead) }
    }
    return parts
  }
}

/// What a guard looks at: the command, and the agency as the directory knows it.
package struct CoordinationAttempt: Hashable, Sendable {
  package var agency: Organisation?
  package var townshipOrgID = ""
  package var townshipCode = ""
  package var itemAgencyTypes: [String] = []
  package var result: SealedText?
  package var unableReason: CoordinationTask.UnableReason?
  package var unableBasis: SealedText?

  package init() {}
}

extension Guard<CoordinationAttempt> {
  /// The directory has told of the agency.
  package static let agencyIsKnown = Guard(
    Reason(
      "AGENCY_UNKNOWN", zh: "机构名录中没有该派驻机构，或它已撤销。", en: "The directory knows no such agency.", field: "agency_org_id")
  ) { $0.agency.map { $0.isAgency && !$0.isEnded } ?? false }

  /// It works in this township.
  package static let agencyIsOfTownship = Guard(
    Reason(
      "AGENCY_NOT_OF_TOWNSHIP", zh: "该派驻机构不在本乡镇。", en: "The agency does not work in this township.",
      field: "agency_org_id")
  ) { attempt in
    attempt.agency.map { $0.belongs(toTownship: attempt.townshipOrgID, code: attempt.townshipCode) } ?? true
  }

  /// The item lists this type of agency.
  package static let itemNamesAgencyType = Guard(
    Reason(
      "AGENCY_TYPE_NOT_NAMED", zh: "清单事项未列此类派驻机构。", en: "The item does not name this type of agency.",
      field: "item_agency_types")
  ) { attempt in attempt.agency.map { attempt.itemAgencyTypes.contains($0.agencyType) } ?? true }

  /// Done says what was achieved.
  package static let resultIsGiven = Guard(
    Reason("RESULT_MISSING", zh: "请填写办理结果。", en: "Say what was achieved.", field: "result")
  ) { $0.result != nil }

  /// Unable says why.
  package static let unableReasonIsGiven = Guard(
    Reason("UNABLE_REASON_MISSING", zh: "请选择无法办理的原因。", en: "Say why the agency cannot.", field: "unable_reason")
  ) { $0.unableReason != nil }

  /// Unable cites a basis.
  package static let unableBasisIsGiven = Guard(
    Reason("UNABLE_BASIS_MISSING", zh: "请填写无法办理的依据。", en: "Cite the basis.", field: "unable_basis")
  ) { $0.unableBasis != nil }
}
