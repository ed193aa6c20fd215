package import WorkClock

/// The rules of the team that a county may set (D§2.1.2); the first version is compiled in.
package struct TeamPolicy: Hashable, Sendable {
  package var code: String
  package var version: Int
  /// What every active member must have a valid certificate of (P04).
  package var minimumCompetence: [String]
  /// How long a certificate is valid where its course says nothing.
  package var validityMonths: Int
  /// How many days before a certificate ends somebody is told.
  package var reminderDays: Int
  /// What an examination or evaluation has to reach where nothing else is said.
  package var passScore: Int
  /// The member's right to a statement.
  package var statementBudget: Budget
  /// The township's duty to fill a place (P08, «及时»).
  package var vacancyBudget: Budget
  /// How many days an objection against a move-out may be upheld.
  package var objectionDays: Int

  /// Version 1.
  package static let first = TeamPolicy(
    code: "GR-TEAM", version: 1, minimumCompetence: ["全科基础"], validityMonths: 24, reminderDays: 30, passScore: 60,
    statementBudget: .workingDays(5), vacancyBudget: .workingDays(10), objectionDays: 30)
}
