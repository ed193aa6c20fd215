import Access
import GridRegistryContract
import GridRegistryDomain
import GridRegistryStore
import Kernel
import RPC
import Runtime

/// Courses, sessions, attendance, examinations and certificates.
struct TrainingHandlers: GridRegistryV1.TrainingService {
  let shell: GridRegistryShell

  func upsertCourse(
    _ request: GridRegistryV1.UpsertCourseRequest, context: ServerContext
  ) async throws -> GridRegistryV1.UpsertCourseResponse {
    try await shell.perform(request, request.requestID, context) {
      .init(course: .init(try $0.enter(request.course ?? .init(), expected: request.expectedVersion)))
    }
  }

  func listCourses(
    _ request: GridRegistryV1.ListCoursesRequest, context: ServerContext
  ) async throws -> GridRegistryV1.ListCoursesResponse {
    let page = try Page(size: request.pageSize, token: request.pageToken)
    return try await shell.read(context) { registry, reading in
      let found = try registry.training.courses(after: page.after, limit: page.limit, in: reading)
      return .init(courses: found.map { .init($0) }, nextPageToken: page.next(found, id: \.id.text))
    }
  }

  func scheduleSession(
    _ request: GridRegistryV1.ScheduleSessionRequest, context: ServerContext
  ) async throws -> GridRegistryV1.ScheduleSessionResponse {
    try await shell.perform(request, request.requestID, context) {
      .init(session: .init(try $0.schedule(request)))
    }
  }

  func recordAttendance(
    _ request: GridRegistryV1.RecordAttendanceRequest, context: ServerContext
  ) async throws -> GridRegistryV1.RecordAttendanceResponse {
    try await shell.perform(request, request.requestID, context) {
      .init(session: .init(try $0.recordAttendance(request)))
    }
  }

  func recordExam(
    _ request: GridRegistryV1.RecordExamRequest, context: ServerContext
  ) async throws -> GridRegistryV1.RecordExamResponse {
    try await shell.perform(request, request.requestID, context) {
      let result = try $0.recordExam(request)
      return .init(session: .init(result.session), certificates: result.certificates.map { .init($0) })
    }
  }

  func getSession(
    _ request: GridRegistryV1.GetSessionRequest, context: ServerContext
  ) async throws -> GridRegistryV1.GetSessionResponse {
    let actor = try context.actor
    return try shell.readInline(context) { registry, reading in
      guard let session = try registry.training.load(TrainingSession.ID(request.sessionID), in: reading) else {
        throw Refused(.notFound, .sessionNotFound.at("session_id"))
      }
      let holder = try registry.organisations.load(session.organisationID, in: reading)
      try Standing(actor, registry, in: reading).permitSeeing(holder?.townshipCode)
      return .init(session: .init(session))
    }
  }

  func listSessions(
    _ request: GridRegistryV1.ListSessionsRequest, context: ServerContext
  ) async throws -> GridRegistryV1.ListSessionsResponse {
    let page = try Page(size: request.pageSize, token: request.pageToken)
    return try await shell.read(context) { registry, reading in
      let found = try registry.training.sessions(
        of: .init(nonEmpty: request.courseID), after: page.after, limit: page.limit, in: reading)
      return .init(sessions: found.map { .init($0) }, nextPageToken: page.next(found, id: \.id.text))
    }
  }

  func listCertificates(
    _ request: GridRegistryV1.ListCertificatesRequest, context: ServerContext
  ) async throws -> GridRegistryV1.ListCertificatesResponse {
    let actor = try context.actor
    return try await shell.read(context) { registry, reading in
      guard let person = try registry.persons.load(.init(request.personID), in: reading) else {
        throw Refused(.notFound, .personNotFound.at("person_id"))
      }
      let works = try registry.organisations.load(person.organisationID, in: reading)
      let standing = try Standing(actor, registry, in: reading)
      let isOwn = person.id.text == actor.personID
      guard isOwn || actor.role != .gridMember && standing.sees(works?.townshipCode) else {
        throw Refused(.permissionDenied, .jurisdictionMismatch)
      }
      let found = try registry.training.certificates(of: person.id, in: reading)
      return .init(certificates: found.map { .init($0) })
    }
  }

  func listExpiringCertificates(
    _ request: GridRegistryV1.ListExpiringCertificatesRequest, context: ServerContext
  ) async throws -> GridRegistryV1.ListExpiringCertificatesResponse {
    let page = try Page(size: request.pageSize, token: "")
    let today = CivilDate(shell.commands.time.now())
    let until =
      request.untilDate.isEmpty
      ? today + TeamPolicy.first.reminderDays : try shell.date(request.untilDate, field: "until_date")
    let wanted = try AreaCode(filter: request.townshipCode, field: "township_code")
    let mark = request.pageToken.split(separator: "/", maxSplits: 1)
    let after = (expires: mark.first.flatMap { CivilDate($0) } ?? today, id: mark.count == 2 ? String(mark[1]) : "")
    let actor = try context.actor
    return try await shell.read(context) { registry, reading in
      let township = try Standing(actor, registry, in: reading).scope(wanted)
      let found = try registry.training.expiring(until: until, after: after, limit: page.limit, in: reading)
      let shown = try found.filter { certificate in
        guard let township else { return true }
        return try registry.members.list(ofPerson: certificate.personID, in: reading)
          .contains { $0.townshipCode == township && !$0.state.isOver }
      }
      return .init(
        certificates: shown.map { .init($0) },
        nextPageToken: page.next(found) { "\($0.expires)/\($0.id.text)" })
    }
  }
}
