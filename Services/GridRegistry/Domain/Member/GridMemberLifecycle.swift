package import Lifecycle

extension GridMember {
  // swift-format-ignore
  /// From, action, to, who, guards (D§2.1.2, `SM GridMember`).
  package static let lifecycle = Lifecycle<State, Action, Part, Move>([
    //    from              action            to                who                  guards
    .row(nil,               .nominate,        .candidate,       .nominator,          .isPerson, .isNewcomer, .isNominator),
    .row(nil,               .importLegacy,    .active,          .importer,           .isPerson, .isNewcomer, .gridIsStaffable, .gridIsInTownship, .hasPost, .postIsFree, .dateIsRight),

    .row(.candidate,        .admitToReserve,  .reserve,         .township,           .isQualified),
    .row(.candidate,        .startTraining,   .training,        .township,           .courseExists),
    .row(.candidate,        .drop,            .left,            .township),

    .row(.reserve,          .startTraining,   .training,        .township,           .courseExists, .townshipHasVacancy),
    .row(.reserve,          .appoint,         .active,          .township,           .isCertified, .gridIsStaffable, .gridIsInTownship, .hasPost, .postIsFree, .placeIsVacant, .dateIsRight),
    .row(.reserve,          .drop,            .left,            .township),

    .row(.training,         .appoint,         .active,          .township,           .isCertified, .gridIsStaffable, .gridIsInTownship, .hasPost, .postIsFree, .dateIsRight),
    .row(.training,         .admitToReserve,  .reserve,         .township,           .isQualifiedOrWas),
    .row(.training,         .drop,            .left,            .township),

    .row(.active,           .coach,           .coaching,        .township,           .hasEvaluation),
    .row(.active,           .suspend,         .suspended,       .township,           .hasReason, .endsLater),
    .row(.active,           .leave,           .left,            .township,           .casesAreHandedOver, .dateIsRight),
    .row(.active,           .release,         .reserve,         .township,           .gridsAreRetired, .casesAreHandedOver),

    .row(.coaching,         .recover,         .active,          .township,           .hasEvaluation, .evaluationIsLater, .evaluationPasses),
    .row(.coaching,         .proposeMoveOut,  .moveOutProposed, .township,           .hasSuggestion, .hasStandard, .hasEvidence),
    .row(.coaching,         .leave,           .left,            .township,           .casesAreHandedOver, .dateIsRight),

    .row(.suspended,        .resume,          .active,          anyOf: [.township, .system]),
    .row(.suspended,        .leave,           .left,            .township,           .casesAreHandedOver, .dateIsRight),

    .row(.moveOutProposed,  .refuseMoveOut,   .coaching,        .gridCentre,         .hasReason),
    .row(.moveOutProposed,  .decideMoveOut,   .movedOut,        .gridCentre,         .statementPeriodIsOver, .casesAreHandedOver, .decidesAsAnother, .hasReason),
    .row(.moveOutProposed,  .withdrawMoveOut, .coaching,        .township,           .hasReason),
    .row(.moveOutProposed,  .leave,           .left,            .township,           .casesAreHandedOver, .dateIsRight),

    .row(.movedOut,         .reinstate,       .active,          .gridCentre,         .objectionIsUpheld, .isWithinObjectionWindow, .isNewcomer, .gridIsStaffable, .gridIsInTownship, .hasPost, .postIsFree, .dateIsRight),

    // Commands without a transition.
    .row(.moveOutProposed,  .state,           .moveOutProposed, .member,             .hasStatement, .isWithinStatementWindow),
    .row(.active,           .assign,          .active,          .township,           .gridIsStaffable, .gridIsInTownship, .hasPost, .isNotAssigned, .postIsFree, .dateIsRight),
    .row(.coaching,         .assign,          .coaching,        .township,           .gridIsStaffable, .gridIsInTownship, .hasPost, .isNotAssigned, .postIsFree, .dateIsRight),
    .row(.active,           .endAssignment,   .active,          .township,           .isAssigned, .keepsAGrid),
    .row(.coaching,         .endAssignment,   .coaching,        .township,           .isAssigned, .keepsAGrid),
    .row(.active,           .setGrade,        .active,          .township,           .gradeChanges, .hasSuggestionOrReason),
    .row(.active,           .orderHandover,   .active,          anyOf: [.township, .gridCentre], .successorTakesOver),
    .row(.coaching,         .orderHandover,   .coaching,        anyOf: [.township, .gridCentre], .successorTakesOver),
    .row(.suspended,        .orderHandover,   .suspended,       anyOf: [.township, .gridCentre], .successorTakesOver),
    .row(.moveOutProposed,  .orderHandover,   .moveOutProposed, anyOf: [.township, .gridCentre], .successorTakesOver),
  ])
}
