import Access
import GridRegistryContract
import GridRegistryDomain
import GridRegistryStore
import Kernel
import Runtime
import Wire

extension Registrar {
  /// Enters a course or replaces what is known of one.
  func enter(_ message: GridRegistryV1.Course, expected: UInt64) throws -> Course {
    let id = Course.ID(try id(message.courseID))
    let before = try registry.training.load(id, in: tx)
    try Self.check(expected, against: before?.version ?? 0)
    let lines = LineOfWork.catalogue(try registry.capabilities.lines(in: tx))
    let course = Course(message, id: id)
    let entered = try Course.decide(
      entering: course, over: before, lineExists: lines.contains { $0.code == course.lineCode })
    if let entered {
      try registry.training.save(entered, in: tx)
      try record("course.changed", "course", id.text, entered.version, payload(.course(.init(entered))))
    }
    guard let known = entered ?? before else { throw Refused(.notFound, .courseNotFound) }
    return known
  }

  /// Sets a date for a course.
  func schedule(_ request: GridRegistryV1.ScheduleSessionRequest) throws -> TrainingSession {
    let holder = Organisation.ID(request.orgID.isEmpty ? command.actor.organisationID : request.orgID)
    let organisation = try registry.organisations.load(holder, in: tx)
    var reasons: [Reason] = []
    if try registry.training.load(Course.ID(request.courseID), in: tx) == nil {
      reasons.append(.courseNotFound.at("course_id"))
    }
    let date = CivilDate(request.sessionDate)
    if date == nil { reasons.append(.dateInvalid.at("session_date")) }
    switch organisation?.isActive {
    case nil: reasons.append(.orgNotFound.at("org_id"))
    case false?: reasons.append(.orgClosed.at("org_id"))
    case true?: break
    }
    if let organisation { try permitTraining(of: organisation) }
    guard reasons.isEmpty, let date else { throw Refused(.failedPrecondition, reasons) }
    let session = TrainingSession(
      id: .init(try id("")), courseID: .init(request.courseID), date: date, place: request.place,
      organisationID: holder, version: 1)
    try keep(session, "training.scheduled")
    return session
  }

  /// Writes down who came.
  func recordAttendance(_ request: GridRegistryV1.RecordAttendanceRequest) throws -> TrainingSession {
    let session = try session(request.sessionID, expected: request.expectedVersion)
    let people = request.attendances.map { (person: Person.ID($0.personID), attended: $0.attended) }
    let areKnown = try people.allSatisfy { try registry.persons.load($0.person, in: tx) != nil }
    let after = try session.decide(attendance: people, areKnown: areKnown, today: today)
    try keep(after, "training.attended")
    return after
  }

  /// Writes down scores; whoever reached the pass has a certificate.
  func recordExam(
    _ request: GridRegistryV1.RecordExamRequest
  ) throws -> (session: TrainingSession, certificates: [Certificate]) {
    let session = try session(request.sessionID, expected: request.expectedVersion)
    guard let course = try registry.training.load(session.courseID, in: tx) else {
      throw Refused(.failedPrecondition, .courseNotFound)
    }
    let scores = request.results.map { (person: Person.ID($0.personID), score: Int($0.examScore)) }
    let result = try session.decide(scores: scores, of: course, today: today) {
      .init(UUIDv7.make(at: command.recordTime))
    }
    try keep(result.session, "training.examined")
    for certificate in result.certificates {
      try registry.training.save(certificate, isNew: true, in: tx)
      try record(
        "certificate.issued", "certificate", certificate.id.text, 1, payload(.certificate(.init(certificate))))
    }
    return result
  }

  /// Announces that a certificate ends.
  func remind(_ certificate: Certificate) throws {
    var after = certificate
    after.reminderTime = command.now
    try registry.training.save(after, isNew: false, in: tx)
    try record("certificate.expiring", "certificate", after.id.text, 2, payload(.certificate(.init(after))))
  }

  private func session(_ id: String, expected: UInt64) throws -> TrainingSession {
    guard let session = try registry.training.load(TrainingSession.ID(id), in: tx) else {
      throw Refused(.notFound, .sessionNotFound.at("session_id"))
    }
    guard let holder = try registry.organisations.load(session.organisationID, in: tx) else {
      throw Refused(.permissionDenied, .jurisdictionMismatch)
    }
    try permitTraining(of: holder)
    try Self.check(expected, against: session.version)
    return session
  }

  /// The county trains everybody; a township holds its own sessions.
  private func permitTraining(of holder: Organisation) throws {
    if [.gridCentre, .countyAdmin].contains(command.actor.role) { return }
    guard try standing().isTownship(of: holder.townshipCode) else {
      throw Refused(.permissionDenied, .jurisdictionMismatch)
    }
  }

  private func keep(_ session: TrainingSession, _ eventType: String) throws {
    try registry.training.save(session, in: tx)
    try record(eventType, "training_session", session.id.text, session.version, payload(.session(.init(session))))
  }

  private func payload(_ event: GridRegistryV1.TrainingEvent.OneOfEvent) -> [UInt8] {
    GridRegistryV1.TrainingEvent(event: event).encoded()
  }
}
