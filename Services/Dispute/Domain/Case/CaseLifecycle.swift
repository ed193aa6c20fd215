package import Lifecycle

extension Case {
  /// The rulebook (D§2.2.3). REPORTED comes from `Case.report`, which has no case to look at yet.
  // swift-format-ignore
  package static let lifecycle = Lifecycle<State, Action, Part, Move>([
    //   from             action               to               who                  guards
    .row(nil,             .report,             .reported,       .reporter),

    .row(.reported,       .selfHandle,         .selfHandling,   .gridMember,         .isGeneral),
    .row(.reported,       .accept,             .accepted,       .levelOrganisation,  .responsiblePersonIsNamed, .responsiblePersonIsOurs),
    .row(.reported,       .raise,              .escalating,     anyOf: [.gridMember, .levelOrganisation], .isBelowTownship, .isUrgent, .gridIsHeard, .pathReachesTownship),
    .row(.reported,       .withdraw,           .withdrawn,      .levelClerk,         .requestIsRecorded),

    .row(.selfHandling,   .recordAttempt,      .selfHandling,   .gridMember,         .hasResult, .failureIsExplained, .attemptIsPast),
    .row(.selfHandling,   .settle,             .settled,        .gridMember,         .attemptSucceeded),
    .row(.selfHandling,   .handUp,             .escalating,     .gridMember,         .hasGroundToHandUp, .gridIsHeard, .pathGoesOn),

    .row(.accepted,       .start,              .mediating,      .mediator,           .noConflict, .rightsTold, .everyPartyConsents),
    .row(.accepted,       .analyse,            .analysing,      .township,           .isAtTownship, .hasGroundToAnalyse),
    .row(.accepted,       .raise,              .escalating,     .levelOrganisation,  .isBelowTownship, .isUrgent, .gridIsHeard, .pathReachesTownship),
    .row(.accepted,       .withdraw,           .withdrawn,      .applicant,          .requestIsRecorded, .isWithdrawable),

    .row(.mediating,      .recordAttempt,      .mediating,      .mediator,           .hasResult, .failureIsExplained, .attemptIsPast),
    .row(.mediating,      .settle,             .settled,        .mediator,           .attemptSucceeded),
    .row(.mediating,      .escalate,           .escalating,     .levelOrganisation,  .hasFailedAttemptHere, .gridIsHeard, .pathGoesOn, .goesToNextLevel),
    .row(.mediating,      .raise,              .escalating,     .levelOrganisation,  .isBelowTownship, .isUrgent, .gridIsHeard, .pathReachesTownship),
    .row(.mediating,      .analyse,            .analysing,      .township,           .isAtTownship, .hasFailedAttemptHere),
    .row(.mediating,      .guideToLaw,         .terminated,     .mediator,           .guidanceIsWritten),
    .row(.mediating,      .withdraw,           .withdrawn,      .applicant,          .requestIsRecorded, .isWithdrawable),

    .row(.escalating,     .receive,            .analysing,      .nextLevel,          .responsiblePersonIsNamed, .responsiblePersonIsOurs),
    .row(.escalating,     .giveBack,           .accepted,       .nextLevel,          .senderWasOrganisation, .returnIsExplained, .isFirstReturn),
    .row(.escalating,     .giveBackToGrid,     .selfHandling,   .nextLevel,          .senderWasGridMember, .returnIsExplained, .isFirstReturn),
    .row(.escalating,     .retract,            .accepted,       .levelOrganisation,  .senderWasOrganisation),
    .row(.escalating,     .retractToGrid,      .selfHandling,   .gridMember,         .senderWasGridMember),

    .row(.analysing,      .routeHere,          .accepted,       .levelOrganisation,  .responsiblePersonIsNamed, .responsiblePersonIsOurs),
    .row(.analysing,      .routeAgency,        .awaitingAgency, .township,           .isAtTownship, .isDetermined, .taskNamesCase),
    .row(.analysing,      .routeCall,          .awaitingCall,   .township,           .isAtTownship, .isDeterminedOrEmergency, .callNamesCase),
    .row(.analysing,      .guideToLaw,         .terminated,     .levelOrganisation,  .guidanceIsWritten),
    .row(.analysing,      .withdraw,           .withdrawn,      .applicant,          .requestIsRecorded, .isWithdrawable),

    .row(.awaitingAgency, .agencyDone,         .settled,        .township,           .taskIsDone),
    .row(.awaitingAgency, .agencyFailed,       .analysing,      .system,             .taskHasFailed),
    .row(.awaitingCall,   .callSolved,         .settled,        .system,             .callIsSolved),
    .row(.awaitingCall,   .callBack,           .analysing,      .system,             .callCameBack),

    .row(.settled,        .registerClose,      .closed,         .closer,             .closureIsComplete),
    .row(.settled,        .fallBack,           .mediating,      .mediator,           .settledFromMediation, .fallBackIsExplained),
    .row(.settled,        .fallBackToGrid,     .selfHandling,   .gridMember,         .settledFromGrid, .fallBackIsExplained),
    .row(.settled,        .fallBackToAnalysis, .analysing,      .township,           .settledFromOutside, .fallBackIsExplained),

    // Commands without a transition.
    .row(.accepted,       .determine,          .accepted,       anyOf: [.levelOrganisation, .township, .system], .determinationIsGiven),
    .row(.mediating,      .determine,          .mediating,      anyOf: [.levelOrganisation, .township, .system], .determinationIsGiven),
    .row(.analysing,      .determine,          .analysing,      anyOf: [.levelOrganisation, .township, .system], .determinationIsGiven),
    .row(.awaitingAgency, .determine,          .awaitingAgency, anyOf: [.levelOrganisation, .township, .system], .determinationIsGiven),
    .row(.awaitingCall,   .determine,          .awaitingCall,   anyOf: [.levelOrganisation, .township, .system], .determinationIsGiven),
    .row(.reported,       .link,               .reported,       .system),
    .row(.selfHandling,   .link,               .selfHandling,   .system),
    .row(.accepted,       .link,               .accepted,       .system),
    .row(.mediating,      .link,               .mediating,      .system),
    .row(.escalating,     .link,               .escalating,     .system),
    .row(.analysing,      .link,               .analysing,      .system),
    .row(.awaitingAgency, .link,               .awaitingAgency, .system),
    .row(.awaitingCall,   .link,               .awaitingCall,   .system),
    .row(.settled,        .link,               .settled,        .system),
  ])

  /// The rows that this case cannot take whatever happens: the other form of a return, a retraction or a fall-back.
  package static let formReasons: Set<String> = ["SENDER_IS_GRID", "SENDER_IS_ORGANISATION", "SETTLED_ELSEWHERE"]
}
