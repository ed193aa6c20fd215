package import GridRegistryContract
package import GridRegistryDomain
import Kernel
import WireTypes

extension GridRegistryV1.Course {
  init(_ course: Course) {
    self.init(
      courseID: course.id.text, name: course.name, competence: course.competence, lineCode: course.lineCode,
      passScore: Int32(clamping: course.passScore), validityMonths: Int32(clamping: course.validityMonths),
      version: UInt64(course.version))
  }
}

extension Course {
  /// What somebody enters; zeros take the policy's values.
  package init(_ message: GridRegistryV1.Course, id: ID, policy: TeamPolicy = .first) {
    self.init(
      id: id, name: message.name, competence: message.competence, lineCode: message.lineCode,
      passScore: message.passScore == 0 ? policy.passScore : Int(message.passScore),
      validityMonths: message.validityMonths == 0 ? policy.validityMonths : Int(message.validityMonths),
      version: Int(clamping: message.version))
  }
}

extension GridRegistryV1.TrainingSession {
  init(_ session: TrainingSession) {
    self.init(
      sessionID: session.id.text, courseID: session.courseID.text, sessionDate: session.date.description,
      place: session.place, orgID: session.organisationID.text,
      attendances: session.attendances.map {
        .init(personID: $0.personID.text, attended: $0.attended, examScore: $0.examScore.map { Int32(clamping: $0) })
      }, version: UInt64(session.version))
  }
}

extension TrainingSession {
  /// `nil` if the message is not one that this service wrote.
  package init?(_ message: GridRegistryV1.TrainingSession) {
    guard let date = CivilDate(message.sessionDate) else { return nil }
    self.init(
      id: ID(message.sessionID), courseID: .init(message.courseID), date: date, place: message.place,
      organisationID: .init(message.orgID),
      attendances: message.attendances.map {
        .init(personID: .init($0.personID), attended: $0.attended, examScore: $0.examScore.map(Int.init))
      }, version: Int(message.version))
  }
}

extension GridRegistryV1.Certificate {
  init(_ certificate: Certificate) {
    self.init(
      certificateID: certificate.id.text, personID: certificate.personID.text, courseID: certificate.courseID.text,
      sessionID: certificate.sessionID.text, competence: certificate.competence, lineCode: certificate.lineCode,
      examScore: Int32(clamping: certificate.examScore), issueDate: certificate.issued.description,
      expireDate: certificate.expires.description, reminderTime: certificate.reminderTime.map { .init($0) })
  }
}

extension Certificate {
  /// `nil` if the message is not one that this service wrote.
  package init?(_ message: GridRegistryV1.Certificate) {
    guard let issued = CivilDate(message.issueDate), let expires = CivilDate(message.expireDate) else { return nil }
    self.init(
      id: ID(message.certificateID), personID: .init(message.personID), courseID: .init(message.courseID),
      sessionID: .init(message.sessionID), competence: message.competence, lineCode: message.lineCode,
      examScore: Int(message.examScore), issued: issued, expires: expires,
      reminderTime: message.reminderTime?.kernel)
  }
}
