package import Access
import Kernel
package import Lifecycle

extension Call {
  /// What can be done with a call.
  package enum Action: String, Hashable, Sendable, CaseIterable {
    case draft = "DRAFT"
    case amend = "AMEND"
    case submit = "SUBMIT"
    case machineAdmit = "MACHINE_ADMIT"
    case machineRefuse = "MACHINE_REFUSE"
    case toReview = "TO_REVIEW"
    case fastTrack = "FAST_TRACK"
    case admit = "ADMIT"
    case refuse = "REFUSE"
    case dispatch = "DISPATCH"
    case sign = "SIGN"
    case respond = "RESPOND"
    case reportDone = "REPORT_DONE"
    case completeAssist = "COMPLETE_ASSIST"
    case releaseAssist = "RELEASE_ASSIST"
    case verifySolved = "VERIFY_SOLVED"
    case verifyPartly = "VERIFY_PARTLY"
    case verifyUnsolved = "VERIFY_UNSOLVED"
    case closeUnsolved = "CLOSE_UNSOLVED"
    case askCancel = "ASK_CANCEL"
    case cancel = "CANCEL"
  }

  /// The part that somebody plays towards a call.
  package enum Part: String, Hashable, Sendable, CaseIterable {
    case township = "TOWNSHIP"
    case townshipLeader = "TOWNSHIP_LEADER"
    case hotline = "HOTLINE"
    case callOffice = "CALL_OFFICE"
    case mainClerk = "MAIN_CLERK"
    case main = "MAIN"
    case assist = "ASSIST"
    case system = "SYSTEM"
  }

  /// D§2.4.3, what is here of `SM Call`. An emergency whose department is not known yet is admitted with its clocks running, and
  /// the office names the department. The system's rows beside a person's are an import's: nobody of today signs, records a
  /// caller or rates. The two consents to cancel are two acts: ASK_CANCEL and CANCEL.
  // swift-format-ignore
  package static let lifecycle = Lifecycle<State, Action, Part, CallAttempt>([
    //    from            action            to              who                                guards
    .row(nil,             .draft,           .draft,         .township,                         .signatureIsOwn),
    .row(nil,             .draft,           .draft,         .hotline,                          .isOffline),
    .row(nil,             .draft,           .draft,         .system),
    .row(.draft,          .amend,           .draft,         .township,                         .somethingChanged, .signatureIsOwn),
    .row(.draft,          .amend,           .draft,         .hotline,                          .isOffline, .somethingChanged),
    .row(.draft,          .submit,          .submitted,     .townshipLeader,                   .narrativeIsGiven, .placeIsGiven, .callerIsRecorded),
    .row(.draft,          .submit,          .submitted,     .hotline,                          .isOffline, .narrativeIsGiven, .placeIsGiven, .callerIsRecorded),
    .row(.draft,          .submit,          .submitted,     .system,                           .narrativeIsGiven),
    .row(.draft,          .cancel,          .cancelled,     .township),
    .row(.submitted,      .machineAdmit,    .admitted,      .system),
    .row(.submitted,      .machineRefuse,   .notAdmitted,   .system),
    .row(.submitted,      .toReview,        .manualReview,  .system),
    .row(.submitted,      .fastTrack,       .dispatched,    .system,                           .mainIsKnown),
    .row(.submitted,      .cancel,          .cancelled,     .township,                         .cancelReasonIsGiven),
    .row(.manualReview,   .admit,           .admitted,      .callOffice,                       .reviewReasonIsGiven),
    .row(.manualReview,   .refuse,          .notAdmitted,   .callOffice,                       .refusalCitesRule, .refusalCitesBasis),
    .row(.notAdmitted,    .amend,           .draft,         .township,                         .somethingChanged, .signatureIsOwn),
    .row(.notAdmitted,    .amend,           .draft,         .hotline,                          .isOffline, .somethingChanged),
    .row(.admitted,       .dispatch,        .dispatched,    anyOf: [.callOffice, .system],     .mainIsNamed, .departmentsAreFit, .assistsAreOthers, .officeIsKnown),
    .row(.admitted,       .cancel,          .cancelled,     .township,                         .cancelReasonIsGiven),
    .row(.dispatched,     .sign,            .accepted,      .mainClerk),
    .row(.dispatched,     .completeAssist,  .dispatched,    .assist,                           .assistIsOpen, .resultIsGiven),
    .row(.dispatched,     .askCancel,       .dispatched,    anyOf: [.township, .callOffice],   .cancelReasonIsGiven, .cancelNotAsked),
    .row(.dispatched,     .cancel,          .cancelled,     anyOf: [.township, .callOffice],   .cancelReasonIsGiven, .otherSideAsked, .otherPersonAsked),
    .row(.accepted,       .respond,         .inProgress,    .main,                             .contactIsRecorded, .planIsGiven, .planDateIsGiven),
    .row(.accepted,       .completeAssist,  .accepted,      .assist,                           .assistIsOpen, .resultIsGiven),
    .row(.accepted,       .releaseAssist,   .accepted,      .main,                             .assistIsOpen, .releaseReasonIsGiven),
    .row(.accepted,       .askCancel,       .accepted,      anyOf: [.township, .callOffice],   .cancelReasonIsGiven, .cancelNotAsked),
    .row(.accepted,       .cancel,          .cancelled,     anyOf: [.township, .callOffice],   .cancelReasonIsGiven, .otherSideAsked, .otherPersonAsked),
    .row(.inProgress,     .completeAssist,  .inProgress,    .assist,                           .assistIsOpen, .resultIsGiven),
    .row(.inProgress,     .releaseAssist,   .inProgress,    .main,                             .assistIsOpen, .releaseReasonIsGiven),
    .row(.inProgress,     .reportDone,      .toVerify,      .main,                             .resultIsGiven, .assistsAreFinished),
    .row(.inProgress,     .askCancel,       .inProgress,    anyOf: [.township, .callOffice],   .cancelReasonIsGiven, .cancelNotAsked),
    .row(.inProgress,     .cancel,          .cancelled,     anyOf: [.township, .callOffice],   .cancelReasonIsGiven, .otherSideAsked, .otherPersonAsked),
    .row(.toVerify,       .verifySolved,    .closed,        .township,                         .ratingIsGiven, .ratingIsInRange),
    .row(.toVerify,       .verifySolved,    .closed,        .system),
    .row(.toVerify,       .verifyPartly,    .rework,        .township,                         .pointsAreGiven, .ratingIsInRange),
    .row(.toVerify,       .verifyUnsolved,  .rework,        .township,                         .pointsAreGiven, .ratingIsInRange),
    .row(.toVerify,       .closeUnsolved,   .closed,        .callOffice,                       .closingBasisIsGiven),
    .row(.rework,         .respond,         .inProgress,    .main,                             .contactIsRecorded, .planIsGiven, .planDateIsGiven),
    .row(.rework,         .completeAssist,  .rework,        .assist,                           .assistIsOpen, .resultIsGiven),
    .row(.rework,         .releaseAssist,   .rework,        .main,                             .assistIsOpen, .releaseReasonIsGiven),
  ])

  /// The parts that `actor` plays towards a call of `townshipOrgID`; `call` is `nil` before there is one.
  package static func parts(
    of actor: Actor, townshipOrgID: String, call: Call?, in directory: Directory
  ) throws -> Set<Part> {
    let own = actor.organisationID
    switch actor.role {
    case .levelClerk, .townshipLeader:
      guard try directory.isOfTownship(own, townshipOrgID) else { return [] }
      return actor.role == .townshipLeader ? [.township, .townshipLeader] : [.township]
    case .hotlineOperator: return [.hotline]
    case .callOffice: return [.callOffice]
    case .departmentClerk, .departmentLeader:
      var parts: Set<Part> = []
      if let main = call?.main, try directory.isOfDepartment(own, main.orgID) {
        parts = actor.role == .departmentClerk ? [.main, .mainClerk] : [.main]
      }
      if try call?.assists.contains(where: { try directory.isOfDepartment(own, $0.orgID) }) ?? false {
        parts.insert(.assist)
      }
      return parts
    case .system: return [.system]
    default: return []
    }
  }
}
