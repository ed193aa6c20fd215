package import Kernel

/// A course and the certificate that its examination earns (P03).
package struct Course: Hashable, Sendable {
  package typealias ID = Kernel.ID<Course>

  package let id: ID
  package var name: String
  /// What the certificate says that somebody can.
  package var competence: String
  /// The line of work; empty: general.
  package var lineCode: String
  package var passScore: Int
  package var validityMonths: Int
  package var version: Int

  package init(
    id: ID, name: String, competence: String, lineCode: String = "", passScore: Int = 60, validityMonths: Int = 24,
    version: Int
  ) {
    self.id = id
    self.name = name
    self.competence = competence
    self.lineCode = lineCode
    self.passScore = passScore
    self.validityMonths = validityMonths
    self.version = version
  }

  /// What entering `course` over `current` means; nothing, if nothing differs.
  package static func decide(
    entering course: Course, over current: Course?, lineExists: Bool
  ) throws(Refused) -> Course? {
    var reasons: [Reason] = []
    if course.name.isEmpty { reasons.append(.courseNameMissing.at("course.name")) }
    if course.competence.isEmpty { reasons.append(.competenceMissing.at("course.competence")) }
    if !course.lineCode.isEmpty, !lineExists { reasons.append(.lineNotFound.at("course.line_code")) }
    if !(1...100).contains(course.passScore) { reasons.append(.passScoreInvalid.at("course.pass_score")) }
    if !(1...120).contains(course.validityMonths) { reasons.append(.validityInvalid.at("course.validity_months")) }
    guard reasons.isEmpty else { throw Refused(.failedPrecondition, reasons) }
    var entered = course
    entered.version = current?.version ?? 0
    if entered == current { return nil }
    entered.version += 1
    return entered
  }
}

/// A date on which a course is held, who came and what they scored.
package struct TrainingSession: Hashable, Sendable {
  package typealias ID = Kernel.ID<TrainingSession>

  /// One participant.
  package struct Attendance: Hashable, Sendable {
    package var personID: Person.ID
    package var attended: Bool
    /// `nil`: no examination was taken.
    package var examScore: Int?

    package init(personID: Person.ID, attended: Bool, examScore: Int? = nil) {
      self.personID = personID
      self.attended = attended
      self.examScore = examScore
    }
  }

  package let id: ID
  package let courseID: Course.ID
  package var date: CivilDate
  package var place: String
  /// Who holds it.
  package var organisationID: Organisation.ID
  package var attendances: [Attendance]
  package var version: Int

  package init(
    id: ID, courseID: Course.ID, date: CivilDate, place: String, organisationID: Organisation.ID,
    attendances: [Attendance] = [], version: Int
  ) {
    self.id = id
    self.courseID = courseID
    self.date = date
    self.place = place
    self.organisationID = organisationID
    self.attendances = attendances
    self.version = version
  }

  /// What writing down who came means: entries of the same people are replaced, their scores stay.
  package func decide(
    attendance: [(person: Person.ID, attended: Bool)], areKnown: Bool, today: CivilDate
  ) throws(Refused) -> TrainingSession {
    var reasons: [Reason] = []
    if date > today { reasons.append(.sessionNotHeldYet) }
    if !areKnown { reasons.append(.personNotFound.at("attendances")) }
    if Set(attendance.map(\.person)).count < attendance.count { reasons.append(.personTwice.at("attendances")) }
    guard reasons.isEmpty else { throw Refused(.failedPrecondition, reasons) }
    var after = self
    for entry in attendance {
      if let index = after.attendances.firstIndex(where: { $0.personID == entry.person }) {
        after.attendances[index].attended = entry.attended || after.attendances[index].examScore != nil
      } else {
        after.attendances.append(Attendance(personID: entry.person, attended: entry.attended))
      }
    }
    after.version += 1
    return after
  }

  /// What writing down scores means: the session, and a certificate for everybody who reached the pass.
  package func decide(
    scores: [(person: Person.ID, score: Int)], of course: Course, today: CivilDate,
    certificateID: () -> Certificate.ID
  ) throws(Refused) -> (session: TrainingSession, certificates: [Certificate]) {
    var reasons: [Reason] = []
    if date > today { reasons.append(.sessionNotHeldYet) }
    if Set(scores.map(\.person)).count < scores.count { reasons.append(.personTwice.at("results")) }
    var after = self
    var issued: [Certificate] = []
    for (position, result) in scores.enumerated() {
      let field = "results[\(position)]"
      if !(0...100).contains(result.score) { reasons.append(.scoreInvalid.at(field + ".exam_score")) }
      guard let index = after.attendances.firstIndex(where: { $0.personID == result.person && $0.attended }) else {
        reasons.append(.notAttended.at(field + ".person_id"))
        continue
      }
      if attendances[index].examScore != nil { reasons.append(.examRecorded.at(field + ".person_id")) }
      after.attendances[index].examScore = result.score
      if result.score >= course.passScore {
        issued.append(
          Certificate(course, session: self, person: result.person, score: result.score, id: certificateID()))
      }
    }
    guard reasons.isEmpty else { throw Refused(.failedPrecondition, reasons) }
    after.version += 1
    return (after, issued)
  }
}

/// Proof of a passed examination; valid from the session's date for the course's months.
package struct Certificate: Hashable, Sendable {
  package typealias ID = Kernel.ID<Certificate>

  package let id: ID
  package let personID: Person.ID
  package let courseID: Course.ID
  package let sessionID: TrainingSession.ID
  package let competence: String
  package let lineCode: String
  package let examScore: Int
  package let issued: CivilDate
  /// The first day on which it is no longer valid.
  package let expires: CivilDate
  /// When its end was announced, once.
  package var reminderTime: Timestamp?

  package init(
    id: ID, personID: Person.ID, courseID: Course.ID, sessionID: TrainingSession.ID, competence: String,
    lineCode: String, examScore: Int, issued: CivilDate, expires: CivilDate, reminderTime: Timestamp? = nil
  ) {
    self.id = id
    self.personID = personID
    self.courseID = courseID
    self.sessionID = sessionID
    self.competence = competence
    self.lineCode = lineCode
    self.examScore = examScore
    self.issued = issued
    self.expires = expires
    self.reminderTime = reminderTime
  }

  fileprivate init(_ course: Course, session: TrainingSession, person: Person.ID, score: Int, id: ID) {
    self.init(
      id: id, personID: person, courseID: course.id, sessionID: session.id, competence: course.competence,
      lineCode: course.lineCode, examScore: score, issued: session.date,
      expires: session.date.adding(months: course.validityMonths))
  }

  /// Valid on `date`: issued on or before it, not yet ended.
  package func isValid(on date: CivilDate) -> Bool { issued <= date && date < expires }
}

extension CivilDate {
  /// The same day of a later month, or that month's last day.
  package func adding(months: Int) -> CivilDate {
    let (year, month, day) = components
    let total = year * 12 + month - 1 + months
    for last in [day, 30, 29, 28] where last <= day {
      if let date = CivilDate(year: total / 12, month: total % 12 + 1, day: last) { return date }
    }
    return self
  }
}

extension Reason {
  /// No course under this id.
  package static let courseNotFound = Reason("COURSE_NOT_FOUND", zh: "没有此课程。", en: "There is no such course.")
  /// A course without a name.
  package static let courseNameMissing = Reason("COURSE_NAME_MISSING", zh: "缺少课程名称。", en: "The course has no name.")
  /// A certificate of nothing.
  package static let competenceMissing = Reason(
    "COMPETENCE_MISSING", zh: "缺少证书所证明的能力。", en: "Say what the certificate proves.")
  /// 1 to 100.
  package static let passScoreInvalid = Reason("PASS_SCORE_INVALID", zh: "合格分数应为1至100。", en: "A pass is 1 to 100.")
  /// 1 to 120.
  package static let validityInvalid = Reason(
    "VALIDITY_INVALID", zh: "证书有效期应为1至120个月。", en: "A certificate is valid for 1 to 120 months.")
  /// No session under this id.
  package static let sessionNotFound = Reason("SESSION_NOT_FOUND", zh: "没有此场培训。", en: "There is no such session.")
  /// It is still to come.
  package static let sessionNotHeldYet = Reason(
    "SESSION_NOT_HELD_YET", zh: "该场培训尚未举行。", en: "The session has not been held yet.")
  /// Twice in one list.
  package static let personTwice = Reason("PERSON_TWICE", zh: "同一人员出现了两次。", en: "A person is listed twice.")
  /// Only who came is examined.
  package static let notAttended = Reason("NOT_ATTENDED", zh: "该人员没有参加此场培训。", en: "The person did not attend.")
  /// 0 to 100.
  package static let scoreInvalid = Reason("SCORE_INVALID", zh: "成绩应为0至100分。", en: "A score is 0 to 100.")
  /// A score is entered once.
  package static let examRecorded = Reason(
    "EXAM_RECORDED", zh: "该人员的成绩已登记。", en: "The person's score is entered already.")
}
