package import GridRegistryDomain
package import Kernel
package import Persistence

/// Courses, sessions and certificates as rows.
package struct TrainingStore: Sendable {
  private let county: AreaCode

  package init(county: AreaCode) { self.county = county }

  package func load(_ id: Course.ID, in reading: some Reading) throws -> Course? {
    try reading.first(TrainingQueries.loadCourse, [.text(county.text), .id(id)], Self.course)
  }

  package func courses(after id: String, limit: Int, in reading: some Reading) throws -> [Course] {
    try reading.all(TrainingQueries.listCourses, [.text(county.text), .text(id), .integer(limit)], Self.course)
  }

  package func save(_ course: Course, in transaction: WriteTransaction) throws {
    try transaction.run(
      TrainingQueries.saveCourse,
      [
        .text(county.text), .id(course.id), .text(course.name), .text(course.competence), .text(course.lineCode),
        .integer(course.passScore), .integer(course.validityMonths), .integer(course.version),
      ])
  }

  package func load(_ id: TrainingSession.ID, in reading: some Reading) throws -> TrainingSession? {
    guard
      var session = try reading.first(TrainingQueries.loadSession, [.text(county.text), .id(id)], Self.session)
    else { return nil }
    session.attendances = try reading.all(TrainingQueries.attendances, [.text(county.text), .id(id)]) { row in
      TrainingSession.Attendance(personID: row.id(0), attended: row.bool(1), examScore: row.optionalInt(2))
    }
    return session
  }

  /// At most `limit` sessions after an id, without their participants.
  package func sessions(
    of course: Course.ID?, after id: String, limit: Int, in reading: some Reading
  ) throws -> [TrainingSession] {
    let page: [Value] = [.text(id), .integer(limit)]
    guard let course else {
      return try reading.all(TrainingQueries.listSessions, [.text(county.text)] + page, Self.session)
    }
    return try reading.all(
      TrainingQueries.listSessionsOfCourse, [.text(county.text), .id(course)] + page, Self.session)
  }

  package func save(_ session: TrainingSession, in transaction: WriteTransaction) throws {
    let key: [Value] = [.text(county.text), .id(session.id)]
    try transaction.run(
      TrainingQueries.saveSession,
      key + [
        .id(session.courseID), .date(session.date), .text(session.place), .id(session.organisationID),
        .integer(session.version),
      ])
    for (position, attendance) in session.attendances.enumerated() {
      try transaction.run(
        TrainingQueries.saveAttendance,
        key + [
          .integer(position), .id(attendance.personID), .bool(attendance.attended),
          .optionalInteger(attendance.examScore),
        ])
    }
  }

  /// Every certificate of a person, the newest first.
  package func certificates(of person: Person.ID, in reading: some Reading) throws -> [Certificate] {
    try reading.all(TrainingQueries.certificatesOf, [.text(county.text), .id(person)], Self.certificate)
  }

  /// Every score that a person reached, with its day.
  package func scores(of person: Person.ID, in reading: some Reading) throws -> [(date: CivilDate, score: Int)] {
    try reading.all(TrainingQueries.scoresOf, [.text(county.text), .id(person)]) { ($0.date(0), $0.int(1)) }
  }

  /// Certificates that no longer one replaces and that end on or before a day, the first to end first.
  package func expiring(
    until: CivilDate, after: (expires: CivilDate, id: String), limit: Int, in reading: some Reading
  ) throws -> [Certificate] {
    try reading.all(
      TrainingQueries.expiring,
      [.text(county.text), .date(until), .date(after.expires), .text(after.id), .integer(limit)], Self.certificate)
  }

  /// Certificates whose end was not announced, the first to end first.
  package func toRemind(limit: Int, in reading: some Reading) throws -> [Certificate] {
    try reading.all(TrainingQueries.toRemind, [.text(county.text), .integer(limit)], Self.certificate)
  }

  /// How many of these end on `day` or before.
  package func countToRemind(until day: CivilDate, in reading: some Reading) throws -> Int {
    try reading.first(TrainingQueries.countToRemind, [.text(county.text), .date(day)]) { $0.int(0) } ?? 0
  }

  /// Saves a certificate. A new one replaces those of the same competence that do not last longer.
  package func save(_ certificate: Certificate, isNew: Bool, in transaction: WriteTransaction) throws {
    let person: [Value] = [.text(county.text), .id(certificate.personID), .text(certificate.competence)]
    var isReplaced = false
    if isNew {
      isReplaced = try transaction.exists(TrainingQueries.hasLonger, person + [.date(certificate.expires)])
      try transaction.run(TrainingQueries.replace, person + [.date(certificate.expires)])
    }
    try transaction.run(
      TrainingQueries.saveCertificate,
      [
        .text(county.text), .id(certificate.id), .id(certificate.personID), .id(certificate.courseID),
        .id(certificate.sessionID), .text(certificate.competence), .text(certificate.lineCode),
        .integer(certificate.examScore), .date(certificate.issued), .date(certificate.expires),
        .optionalTime(certificate.reminderTime), .bool(isReplaced),
      ])
  }

  private static func course(_ row: borrowing Row) -> Course {
    Course(
      id: row.id(0), name: row.text(1), competence: row.text(2), lineCode: row.text(3), passScore: row.int(4),
      validityMonths: row.int(5), version: row.int(6))
  }

  private static func session(_ row: borrowing Row) -> TrainingSession {
    TrainingSession(
      id: row.id(0), courseID: row.id(1), date: row.date(2), place: row.text(3), organisationID: row.id(4),
      version: row.int(5))
  }

  private static func certificate(_ row: borrowing Row) -> Certificate {
    Certificate(
      id: row.id(0), personID: row.id(1), courseID: row.id(2), sessionID: row.id(3), competence: row.text(4),
      lineCode: row.text(5), examScore: row.int(6), issued: row.date(7), expires: row.date(8),
      reminderTime: row.optionalTime(9))
  }

  static let statements = TrainingQueries.all
}
