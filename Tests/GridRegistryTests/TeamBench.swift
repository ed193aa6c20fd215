import Access
import GridRegistryContract
import GridRegistryService
import Journal
import Kernel
import RPC
import Runtime
import TestSupport
import Testing
import WireTypes

/// The demonstration county with a team in 城关: who trains, nominates, appoints and decides.
struct TeamBench {
  typealias V1 = GridRegistryV1

  let county: RegistryBench
  static let township = "379922001000"
  static let center = "center-379922001000"
  static let community = "community-379922001-01"
  static let grid = "379922001001U001"

  var members: any V1.MemberService { county.service.members }

  init() async throws {
    county = try await RegistryBench.withCounty()
    _ = try await county.service.training.upsertCourse(
      .init(requestID: "course", course: .init(courseID: "basic", name: "全科网格员培训", competence: "全科基础")),
      context: centre(V1.TrainingServiceMethods.upsertCourse))
  }

  func clerk(_ method: MethodDescriptor, of organisation: String = center, person: String = "clerk") -> ServerContext {
    county.bench.context(method, as: .levelClerk, of: organisation, person: person)
  }

  func centre(_ method: MethodDescriptor) -> ServerContext {
    county.bench.context(method, as: .gridCentre, of: "grid-centre", person: "centre")
  }

  func member(_ method: MethodDescriptor, person: String) -> ServerContext {
    county.bench.context(method, as: .gridMember, of: Self.community, person: person)
  }

  /// A candidate of 城东社区.
  func nominate(_ person: String) async throws -> V1.Member {
    try #require(
      try await members.nominateMember(
        .init(requestID: "nominate-\(person)", personID: person),
        context: clerk(V1.MemberServiceMethods.nominateMember, of: Self.community)
      ).member)
  }

  /// Holds a session today; who scores at least 60 has a certificate.
  @discardableResult
  func examine(_ scores: [String: Int32], course: String = "basic", session id: String = "1") async throws
    -> [V1.Certificate]
  {
    let training = county.service.training
    let today = CivilDate(county.bench.clock.now).description
    let scheduled = try #require(
      try await training.scheduleSession(
        .init(requestID: "session-\(id)", courseID: course, sessionDate: today),
        context: clerk(V1.TrainingServiceMethods.scheduleSession)
      ).session)
    let attended = try #require(
      try await training.recordAttendance(
        .init(
          requestID: "attendance-\(id)", sessionID: scheduled.sessionID, expectedVersion: scheduled.version,
          attendances: scores.keys.sorted().map { .init(personID: $0, attended: true) }),
        context: clerk(V1.TrainingServiceMethods.recordAttendance)
      ).session)
    return try await training.recordExam(
      .init(
        requestID: "exam-\(id)", sessionID: attended.sessionID, expectedVersion: attended.version,
        results: scores.sorted { $0.key < $1.key }.map { .init(personID: $0.key, examScore: $0.value) }),
      context: clerk(V1.TrainingServiceMethods.recordExam)
    ).certificates
  }

  /// An active primary member of a grid.
  func active(_ person: String, grid: String = grid, post: V1.Assignment.Post = .primary) async throws -> V1.Member {
    var member = try await nominate(person)
    member = try #require(
      try await members.startTraining(
        .init(
          requestID: "train-\(person)", memberID: member.memberID, expectedVersion: member.version, courseID: "basic"),
        context: clerk(V1.MemberServiceMethods.startTraining)
      ).member)
    try await examine([person: 80], session: person)
    return try #require(
      try await members.appointMember(
        .init(
          requestID: "appoint-\(person)", memberID: member.memberID, expectedVersion: member.version, gridID: grid,
          post: post),
        context: clerk(V1.MemberServiceMethods.appointMember)
      ).member)
  }

  func vacancies(_ state: V1.Vacancy.State, grid: String) async throws -> [V1.Vacancy] {
    try await county.service.vacancies.listVacancies(
      .init(pageSize: 500, townshipCode: Self.township, state: state),
      context: clerk(V1.VacancyServiceMethods.listVacancies)
    ).vacancies.filter { $0.gridID == grid }
  }

  /// The grids, of all townships, with an open place for a primary member.
  func openPlaces() async throws -> Set<String> {
    var (found, token): (Set<String>, String) = ([], "")
    repeat {
      let page = try await county.service.vacancies.listVacancies(
        .init(pageSize: 500, pageToken: token, state: .open), context: centre(V1.VacancyServiceMethods.listVacancies))
      found.formUnion(page.vacancies.filter { $0.post == .primary }.map(\.gridID))
      token = page.nextPageToken
    } while !token.isEmpty
    return found
  }

  /// How much is due before `instant`, as a scrape shows it.
  func due(before instant: Timestamp) async throws -> Int {
    var count = 0
    for timer in county.service.parts.timers { count += try await timer.count(before: instant) ?? 0 }
    return count
  }

  /// Does everything that has become due.
  @discardableResult
  func attend() async throws -> Int {
    var count = 0
    for timer in county.service.parts.timers { count += try await timer.fire(at: county.bench.clock.now) }
    return count
  }

  func types() throws -> [String] { try allEntries().map(\.draft.eventType) }

  func allEntries() throws -> [JournalEntry] { try county.journal() }
}
