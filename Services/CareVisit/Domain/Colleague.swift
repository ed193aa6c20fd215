package import Access
package import Kernel

/// Somebody who works in the county, as the directory knows them at this moment.
package struct Colleague: Hashable, Sendable {
  package let personID: String
  package let organisationID: String
  package let roles: Set<Role>
  /// Works there: has not left, is not suspended, was not moved out.
  package let isPresent: Bool

  package init(personID: String, organisationID: String, roles: Set<Role>, isPresent: Bool) {
    self.personID = personID
    self.organisationID = organisationID
    self.roles = roles
    self.isPresent = isPresent
  }

  /// Refuses `STANDING_LOST` unless the directory says of `actor` what the token says. Asked at every access, so that whoever is
  /// suspended, moved out or gone has no access from the moment of the directory's change.
  package static func confirm(_ actor: Actor, _ colleague: Colleague?) throws(Refused) {
    guard let colleague, colleague.isPresent, colleague.organisationID == actor.organisationID,
      colleague.roles.contains(actor.role)
    else { throw Refused(.permissionDenied, .standingLost) }
  }

  /// Whether they may be sent to visit people for `organisation`.
  package func mayVisit(for organisation: String) -> Bool {
    isPresent && organisationID == organisation && roles.contains(.careVisitor)
  }
}

/// The rules that are numbers, compiled in.
package enum CareVisitPolicy {
  /// What clocks say which policy they run under.
  package static let code = "GR-CARE"
  package static let version = 1
  /// Looks of one person in one day beyond which the data protection officer is alerted.
  package static let looksPerDay = 10
  /// People below whom a number is not shown.
  package static let smallestGroup = 10
  /// Working days to answer somebody who asks for a right.
  package static let answerDays = 15
  /// Months after the end for which an identity may be kept at most.
  package static let longestRetention = 12
  /// Days that a proposal waits to be decided, and an approval to be begun; then it lapses and is forgotten.
  package static let waitingDays = 90
  /// Days between two visits at most.
  package static let longestInterval = 366
  /// Characters that a text has at most.
  package static let longestText = 500

  /// `date` so many months later, at the same time of day; the 31st of a shorter month is the first of the next.
  package static func later(_ instant: Timestamp, months: Int) -> Timestamp {
    let day = CivilDate(instant)
    let index = day.year * 12 + day.month - 1 + months
    let (year, month) = (index / 12, index % 12 + 1)
    let next = (index + 1) / 12
    let date =
      CivilDate(year: year, month: month, day: day.day)
      ?? CivilDate(year: next, month: (index + 1) % 12 + 1, day: 1) ?? day + 31 * months
    return date.instant() + (instant - day.instant())
  }

  /// Whether a number of people may be shown: nobody can be guessed from it, nor from what is left of `whole` without it.
  package static func mayShow(_ count: Int, of whole: Int) -> Bool {
    count >= smallestGroup && (count == whole || whole - count >= smallestGroup)
  }
}

extension Reason {
  /// The directory does not say (any more) what the token says.
  package static let standingLost = Reason(
    "STANDING_LOST", zh: "人员目录中您已不具备该身份（离岗、暂停、调出或变更），不能使用关爱回访。",
    en: "The directory does not know you in this role and organisation (any more): you have no access.")
  /// A text longer than a line or two.
  package static let textTooLong = Reason("TEXT_TOO_LONG", zh: "文字最长500个字符。", en: "A text has at most 500 characters.")
}

extension String {
  /// Has no more than white space.
  package var isBlank: Bool { allSatisfy(\.isWhitespace) }
  /// Longer than a text may be.
  package var isTooLong: Bool { count > CareVisitPolicy.longestText }
}
