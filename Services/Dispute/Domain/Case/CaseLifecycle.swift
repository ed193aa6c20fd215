package import Lifecycle

extension Case {
  /// The rulebook (D§2.2.3). REPORTED comes from `Case.report`, which has no case to look at yet.
  // swift-format-ignore
  package static let lifecycle = Lifecycle<State, Action, Part, Move>([
    //   from             action               to               who                  guards
    .row(nil,             .report,             .reported,       .reporter),

    .row(.reported,       .reject,             .rejected,       .levelClerk,         .rejectGroundIsGiven, .reporterIsTold),
    .row(.reported,       .merge,              .merged,         .levelClerk,         .survivorIsKnown, .survivorIsAnother, .survivorIsNotMerged, .survivorGoesOn, .survivorIsFresh),
    .row(.reported,       .selfHandle,         .selfHandling,   .gridMember,         .isGeneral),
    .row(.reported,       .accept,             .accepted,       .levelOrganisation,  .responsiblePersonIsNamed, .responsiblePersonIsOurs),
    .row(.reported,       .raise,              .escalating,     anyOf: [.gridMember, .levelOrganisation], .isBelowTownship, .isUrgent, .gridIsHeard, .pathReachesTownship),
    .row(.reported,       .withdraw,           .withdrawn,      .levelClerk,         .requestIsRecorded),
    .row(.reported,       .locate,             .reported,       anyOf: [.levelClerk, .hotline], .isUnlocated, .namedGridIsHeard),

    .row(.selfHandling,   .recordAttempt,      .selfHandling,   .gridMember,         .hasResult, .failureIsExplained, .attemptIsPast),
    .row(.selfHandling,   .settle,             .settled,        .gridMember,         .attemptSucceeded, .agreementIsComplete),
    .row(.selfHandling,   .handUp,             .escalating,     .gridMember,         .hasGroundToHandUp, .gridIsHeard, .pathGoesOn),
    .row(.selfHandling,   .merge,              .merged,         .levelClerk,         .survivorIsKnown, .survivorIsAnother, .survivorIsNotMerged, .survivorGoesOn, .survivorIsFresh),

    .row(.accepted,       .start,              .mediating,      .mediator,           .noConflict, .rightsTold, .everyPartyConsents),
    .row(.accepted,       .analyse,            .analysing,      .township,           .isAtTownship, .hasGroundToAnalyse),
    .row(.accepted,       .raise,              .escalating,     .levelOrganisation,  .isBelowTownship, .isUrgent, .gridIsHeard, .pathReachesTownship),
    .row(.accepted,       .merge,              .merged,         .levelClerk,         .survivorIsKnown, .survivorIsAnother, .survivorIsNotMerged, .survivorGoesOn, .survivorIsFresh),
    .row(.accepted,       .withdraw,           .withdrawn,      .applicant,          .requestIsRecorded, .isWithdrawable),

    .row(.mediating,      .recordAttempt,      .mediating,      .mediator,           .hasResult, .failureIsExplained, .attemptIsPast),
    .row(.mediating,      .adjourn,            .suspended,      .mediator,           .adjournReasonIsGiven, .resumeTimeIsLater),
    .row(.mediating,      .settle,             .settled,        .mediator,           .attemptSucceeded, .agreementIsComplete),
    .row(.mediating,      .escalate,           .escalating,     .levelOrganisation,  .hasFailedAttemptHere, .gridIsHeard, .pathGoesOn, .goesToNextLevel),
    .row(.mediating,      .raise,              .escalating,     .levelOrganisation,  .isBelowTownship, .isUrgent, .gridIsHeard, .pathReachesTownship),
    .row(.mediating,      .analyse,            .analysing,      .township,           .isAtTownship, .hasFailedAttemptHere),
    .row(.mediating,      .guideToLaw,         .terminated,     .mediator,           .guidanceIsWritten),
    .row(.mediating,      .withdraw,           .withdrawn,      .applicant,          .requestIsRecorded, .isWithdrawable),

    .row(.suspended,      .resume,             .mediating,      anyOf: [.mediator, .system]),
    .row(.suspended,      .withdraw,           .withdrawn,      .applicant,          .requestIsRecorded, .isWithdrawable),

    .row(.escalating,     .receive,            .analysing,      .nextLevel,          .responsiblePersonIsNamed, .responsiblePersonIsOurs),
    .row(.escalating,     .giveBack,           .accepted,       .nextLevel,          .senderWasOrganisation, .returnIsExplained, .isFirstReturn),
    .row(.escalating,     .giveBackToGrid,     .selfHandling,   .nextLevel,          .senderWasGridMember, .returnIsExplained, .isFirstReturn),
    .row(.escalating,     .retract,            .accepted,       .levelOrganisation,  .senderWasOrganisation),
    .row(.escalating,     .retractToGrid,      .selfHandling,   .gridMember,         .senderWasGridMember),

    .row(.analysing,      .routeHere,          .accepted,       .levelOrganisation,  .responsiblePersonIsNamed, .responsiblePersonIsOurs),
    .row(.analysing,      .returnDown,         .accepted,       .levelOrganisation,  .returnIsExplained, .cameFromBelow, .isFirstReturnDown),
    .row(.analysing,      .routeIndustry,      .accepted,       .levelOrganisation,  .industryRoomExists, .industryHasNotTried, .roomNamesSomebody),
    .row(.analysing,      .routeJoint,         .jointHandling,  anyOf: [.township, .county], .isAtTownship, .hasPlan, .departmentHasAccepted, .oneIsResponsible, .responsibleHasPhone, .industryWasTried),
    .row(.analysing,      .routeAgency,        .awaitingAgency, .township,           .isAtTownship, .isDetermined, .taskNamesCase),
    .row(.analysing,      .routeCall,          .awaitingCall,   .township,           .isAtTownship, .isDeterminedOrEmergency, .callNamesCase),
    .row(.analysing,      .guideToLaw,         .terminated,     .levelOrganisation,  .guidanceIsWritten),
    .row(.analysing,      .withdraw,           .withdrawn,      .applicant,          .requestIsRecorded, .isWithdrawable),

    .row(.jointHandling,  .settle,             .settled,        .lead,               .measuresAreEnded, .responsibleHasPhone, .agreementIsComplete),
    .row(.jointHandling,  .routeCall,          .awaitingCall,   .township,           .isAtTownship, .isDeterminedOrEmergency, .callNamesCase),
    .row(.jointHandling,  .reanalyse,          .analysing,      .lead,               .hasGroundToReanalyse, .reanalysisIsExplained),
    .row(.jointHandling,  .guideToLaw,         .terminated,     .lead,               .guidanceIsWritten, .isCountersigned),

    .row(.awaitingAgency, .agencyDone,         .settled,        .township,           .taskIsDone),
    .row(.awaitingAgency, .agencyFailed,       .analysing,      .system,             .taskHasFailed),
    .row(.awaitingCall,   .callSolved,         .settled,        .system,             .callIsSolved),
    .row(.awaitingCall,   .callBack,           .analysing,      .system,             .callCameBack),

    .row(.settled,        .registerClose,      .closed,         .closer,             .closureIsComplete),
    .row(.settled,        .fallBack,           .mediating,      .mediator,           .settledFromMediation, .fallBackIsExplained),
    .row(.settled,        .fallBackToGrid,     .selfHandling,   .gridMember,         .settledFromGrid, .fallBackIsExplained),
    .row(.settled,        .fallBackToJoint,    .jointHandling,  .lead,               .settledJointly, .fallBackIsExplained),
    .row(.settled,        .fallBackToAnalysis, .analysing,      .township,           .settledFromOutside, .fallBackIsExplained),

    .row(.closed,         .reopen,             .reopened,       anyOf: [.applicant, .closer], .reopeningIsExplained, .reopenSourceIsGiven, .isWithinReopenWindow),
    .row(.closed,         .reopen,             .reopened,       .supervision,        .reopeningIsExplained),
    .row(.terminated,     .reopen,             .reopened,       .levelOrganisation,  .reopeningIsExplained),
    .row(.reopened,       .accept,             .accepted,       .levelOrganisation,  .responsiblePersonIsNamed, .responsiblePersonIsOurs),
    .row(.reopened,       .raiseAgain,         .escalating,     .levelOrganisation,  .isSecondReopening, .gridIsHeard, .pathGoesOn),

    .row(.rejected,       .reconsider,         .reported,       anyOf: [.township, .supervision], .objectionIsRecorded, .isWithinObjectionWindow, .isFirstObjection, .decidesAnotherPerson),
    .row(.merged,         .unmerge,            .reported,       .levelClerk,         .unmergingIsExplained, .isWithinUnmergeWindow),
  ]
  + standing)

  /// Commands without a transition.
  // swift-format-ignore
  private static let standing: [Lifecycle<State, Action, Part, Move>.Row] =
    staying(.classify,           in: State.open, [.gridMember, .levelOrganisation, .township], .classificationChanges)
    + staying(.setFlags,         in: State.open, [.gridMember, .levelOrganisation, .township], .flaggingIsExplained, .flagsChange, .namedRoomIsIndustrys)
    + staying(.reassign,         in: State.open.filter { $0 != .jointHandling }, [.levelOrganisation, .township], .reassignsSomebody, .reassignsOneOfOurs, .reassigningIsExplained)
    + staying(.reassign,         in: [.jointHandling], [.lead, .township], .reassignsSomebody, .reassignsOneOfOurs, .reassigningIsExplained, .telephoneIsGiven)
    + staying(.takeOver,         in: State.open, [.system])
    + staying(.recordAnalysis,   in: [.analysing], [.levelOrganisation], .attendantsAreNamed, .routeIsChosen)
    + staying(.plan,             in: [.analysing, .jointHandling], [.levelOrganisation, .township, .lead], .measuresAreComplete)
    + staying(.invite,           in: [.analysing, .jointHandling], [.levelOrganisation, .township, .lead], .departmentIsNamed, .askIsWritten, .departmentIsNew)
    + staying(.answerInvitation, in: [.analysing, .jointHandling], [.invitee], .invitationExists, .invitationIsOpen, .refusalHasBasis)
    + staying(.updateMeasure,    in: [.jointHandling], [.lead, .participant], .measureExists, .measureIsYours, .measureIsOpen, .measureStateIsGiven, .droppingIsExplained)
    + staying(.assistDone,       in: State.open.filter { $0 != .reported }, [.participant, .assistant], .assistIsDescribed)
    + staying(.sign,             in: [.settled, .jointHandling], [.townshipLeader], .isNotSigned)
    + staying(.followUp,         in: [.closed], [.closer, .mediator], .visitIsPast)
    + staying(.rateSatisfaction, in: [.closed], [.closer, .hotline], .satisfactionIsGiven)
    + staying(.confirmAgreement, in: [.settled, .closed], [.mediator, .levelOrganisation], .hasAgreement, .confirmationIsGiven, .confirmationIsInOrder, .isWithinConfirmationWindow)
    + staying(.determine,        in: [.accepted, .mediating, .analysing, .awaitingAgency, .awaitingCall, .jointHandling], [.levelOrganisation, .township, .system], .determinationIsGiven)
    + staying(.link,             in: State.open, [.system])
    + staying(.absorb,           in: State.open + [.closed], [.system])
    + staying(.release,          in: State.allCases, [.system])
    + staying(.repoint,          in: [.merged], [.system])

  private static func staying(
    _ action: Action, in states: [State], _ parts: Set<Part>, _ guards: Guard<Move>...
  ) -> [Lifecycle<State, Action, Part, Move>.Row] {
    states.map { .row($0, action, $0, anyOf: parts, guards) }
  }

  /// The rows that this case cannot take whatever happens: the other form of a return, a retraction or a fall-back.
  package static let formReasons: Set<String> = ["SENDER_IS_GRID", "SENDER_IS_ORGANISATION", "SETTLED_ELSEWHERE"]
}
