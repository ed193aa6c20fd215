import Access
import CommonContract
import GridRegistryContract
import GridRegistryDomain
import GridRegistryService
import GridRegistryStore
import Journal
import Kernel
import Persistence
import RPC
import Runtime
import TestSupport
import Testing
import Wire
import WireTypes

@Suite struct TeamTests {
  @Test func `I1 P08 a grid that was in effect before places were kept gets its place at the start, once`() async throws
  {
    let team = try await TeamBench()
    _ = try await team.active("person-0138")
    let database = team.county.bench.database
    let before = try await team.openPlaces()
    #expect(before.count > 100 && !before.contains("grid-\(TeamBench.grid)"))
    // As an earlier version left it.
    try await database.write { _ = try $0.run(Statement("test.forget", "DELETE FROM vacancies"), []) }
    #expect(try await team.openPlaces().isEmpty)
    for work in team.county.service.parts.background { await work() }
    #expect(try await team.openPlaces() == before)
    let seq = try database.readInline { try Journal.head(in: $0).seq }
    for work in team.county.service.parts.background { await work() }
    #expect(try database.readInline { try Journal.head(in: $0).seq } == seq)
    #expect(try team.types().suffix(before.count).allSatisfy { $0 == "vacancy.opened" })
  }

  typealias V1 = GridRegistryV1
  typealias Methods = V1.MemberServiceMethods

  @Test func `P03, P04, P08: trained, examined, appointed; the grid's vacancy is filled`() async throws {
    let team = try await TeamBench()
    let grid = "grid-\(TeamBench.grid)"
    let vacant = try await team.vacancies(.open, grid: grid)
    #expect(vacant.map(\.post) == [.primary])
    #expect(vacant.first?.clock?.budget?.amount == 10)
    var member = try await team.nominate("person-0138")
    #expect(member.state == .candidate)
    #expect(member.local)
    member = try #require(
      try await team.members.startTraining(
        .init(requestID: "t", memberID: member.memberID, expectedVersion: 1, courseID: "basic"),
        context: team.clerk(Methods.startTraining)
      ).member)
    let appoint = V1.AppointMemberRequest(
      requestID: "a", memberID: member.memberID, expectedVersion: 2, gridID: TeamBench.grid, post: .primary)
    let without = await team.county.reasons {
      try await team.members.appointMember(appoint, context: team.clerk(Methods.appointMember))
    }
    #expect(without == ["CERTIFICATE_MISSING"])
    #expect(try await team.examine(["person-0138": 59], session: "x").isEmpty)
    let certificates = try await team.examine(["person-0138": 60], session: "y")
    #expect(certificates.map(\.expireDate) == ["2022-03-10"])
    member = try #require(
      try await team.members.appointMember(appoint, context: team.clerk(Methods.appointMember)).member)
    #expect(member.state == .active)
    #expect(member.assignments.map(\.gridID) == [grid])
    #expect(try await team.vacancies(.open, grid: grid).isEmpty)
    #expect(try await team.vacancies(.filled, grid: grid).map(\.filledByMemberID) == [member.memberID])
    #expect(try team.types().suffix(2) == ["member.appointed", "vacancy.filled"])
    // I1: one primary.
    let second = try await team.nominate("person-0139")
    let training = try #require(
      try await team.members.startTraining(
        .init(requestID: "t2", memberID: second.memberID, expectedVersion: 1, courseID: "basic"),
        context: team.clerk(Methods.startTraining)
      ).member)
    try await team.examine(["person-0139": 90], session: "z")
    let taken = await team.county.reasons {
      try await team.members.appointMember(
        .init(
          requestID: "a2", memberID: second.memberID, expectedVersion: training.version, gridID: TeamBench.grid,
          post: .primary),
        context: team.clerk(Methods.appointMember))
    }
    #expect(taken == ["GRID_HAS_PRIMARY"])
  }

  @Test func `P05: another township, another part and a stale version are refused, nothing changes`() async throws {
    let team = try await TeamBench()
    let member = try await team.nominate("person-0138")
    let lines = try team.allEntries().count
    let request = V1.StartTrainingRequest(
      requestID: "t", memberID: member.memberID, expectedVersion: 1, courseID: "basic")
    let foreign = await team.county.reasons {
      try await team.members.startTraining(
        request, context: team.clerk(Methods.startTraining, of: "center-379922200000"))
    }
    #expect(foreign == ["JURISDICTION_MISMATCH"])
    let community = await team.county.reasons {
      try await team.members.startTraining(
        request, context: team.clerk(Methods.startTraining, of: TeamBench.community))
    }
    #expect(community == ["NOT_YOUR_ROLE"])
    var stale = request
    stale.expectedVersion = 7
    let conflict = await team.county.reasons { [stale] in
      try await team.members.startTraining(stale, context: team.clerk(Methods.startTraining))
    }
    #expect(conflict == ["VERSION_CONFLICT"])
    let abroad = await team.county.reasons {
      try await team.members.getMember(
        .init(memberID: member.memberID),
        context: team.clerk(Methods.getMember, of: "center-379922200000"))
    }
    #expect(abroad == ["JURISDICTION_MISMATCH"])
    let nomination = await team.county.reasons {
      try await team.members.nominateMember(
        .init(requestID: "n", personID: "person-0139", orgID: TeamBench.community),
        context: team.clerk(Methods.nominateMember, of: "community-379922001-02"))
    }
    #expect(nomination == ["JURISDICTION_MISMATCH"])
    #expect(try team.allEntries().count == lines)
  }

  @Test func `P06, P07: coached, proposed, heard; the decision waits; words lie sealed and are shown with a reason`()
    async throws
  {
    let team = try await TeamBench()
    var member = try await team.active("person-0138")
    let id = member.memberID
    member = try #require(
      try await team.members.coachMember(
        .init(
          requestID: "c", memberID: id, expectedVersion: member.version, evaluationRef: "2020Q1",
          reasonText: "排查走访次数不足"),
        context: team.clerk(Methods.coachMember)
      ).member)
    member = try #require(
      try await team.members.proposeMoveOut(
        .init(
          requestID: "p", memberID: id, expectedVersion: member.version, suggestionID: "S-1", standardRef: "考核办法第七条",
          evidenceRefs: ["2020Q1", "2020Q2"], evidenceText: "连续两个季度不合格"),
        context: team.clerk(Methods.proposeMoveOut)
      ).member)
    #expect(member.moveOut?.statementClock?.dueTime?.kernel == .start + .days(7))
    let stranger = await team.county.reasons {
      try await team.members.giveStatement(
        .init(requestID: "s0", memberID: id, expectedVersion: member.version, statementText: "不是我"),
        context: team.member(Methods.giveStatement, person: "person-0139"))
    }
    #expect(stranger == ["JURISDICTION_MISMATCH"])
    member = try #require(
      try await team.members.giveStatement(
        .init(requestID: "s", memberID: id, expectedVersion: member.version, statementText: "本人因病请假两周"),
        context: team.member(Methods.giveStatement, person: "person-0138")
      ).member)
    #expect(member.state == .moveOutProposed)
    let early = await team.county.reasons {
      try await team.members.decideMoveOut(
        .init(
          requestID: "d", memberID: id, expectedVersion: member.version, decision: .moveOut, reasonText: "同意"),
        context: team.centre(Methods.decideMoveOut))
    }
    #expect(early == ["STATEMENT_PERIOD_RUNNING", "CASE_COUNTS_STALE"])
    member = try #require(
      try await team.members.decideMoveOut(
        .init(requestID: "r", memberID: id, expectedVersion: member.version, decision: .refuse, reasonText: "请假属实"),
        context: team.centre(Methods.decideMoveOut)
      ).member)
    #expect(member.state == .coaching)
    #expect(member.moveOut?.movedOut == false)
    let texts = try await team.members.revealMemberTexts(
      .init(requestID: "v", memberID: id, revealReason: "复核"), context: team.centre(Methods.revealMemberTexts)
    ).texts
    #expect(texts.map(\.text) == ["排查走访次数不足", "连续两个季度不合格", "本人因病请假两周", "请假属实"])
    #expect(try team.types().last == "personal_fields.read")
    let silent = await team.county.reasons {
      try await team.members.revealMemberTexts(
        .init(requestID: "v2", memberID: id), context: team.centre(Methods.revealMemberTexts))
    }
    #expect(silent == ["REVEAL_REASON_MISSING"])
    let payloads = try team.allEntries().map(\.draft.payload)
    #expect(payloads.allSatisfy { !String(decoding: $0, as: UTF8.self).contains("本人因病") })
  }

  @Test func `P05: a suspension ends by itself on its day, once`() async throws {
    let team = try await TeamBench()
    let member = try await team.active("person-0138")
    _ = try await team.members.suspendMember(
      .init(
        requestID: "s", memberID: member.memberID, expectedVersion: member.version, reasonText: "配合调查",
        untilDate: "2020-03-20"),
      context: team.clerk(Methods.suspendMember))
    #expect(try await team.attend() == 0)
    let next = try await nextTimer(team)
    #expect(next == CivilDate("2020-03-20")?.instant())
    let end = try #require(next)
    #expect(try await team.due(before: end) == 0)
    #expect(try await team.due(before: end + .instant) == 1)
    team.county.bench.clock.now = CivilDate("2020-03-20")?.instant(minute: 1) ?? .start
    #expect(try await team.attend() == 1)
    #expect(try await team.attend() == 0)
    let after = try await team.members.getMember(
      .init(memberID: member.memberID), context: team.clerk(Methods.getMember))
    #expect(after.member?.state == .active)
    #expect(after.steps.last?.actorRole == "SYSTEM")
  }

  @Test func `P08: vacancies run over once each; P04: a certificate's end is announced once`() async throws {
    let team = try await TeamBench()
    try await team.examine(["person-0138": 70], session: "a")
    team.county.bench.clock.now = .start + .days(15)
    #expect(try await team.due(before: team.county.bench.clock.now) == 235)
    let overdue = try await team.attend()
    #expect(overdue == 235)
    #expect(try await team.due(before: team.county.bench.clock.now + .days(365)) == 0)
    #expect(try team.types().count { $0 == "vacancy.overdue" } == 235)
    #expect(try await team.attend() == 0)
    let expiring = try await team.county.service.training.listExpiringCertificates(
      .init(untilDate: "2022-03-10"), context: team.centre(V1.TrainingServiceMethods.listExpiringCertificates))
    #expect(expiring.certificates.map(\.personID) == ["person-0138"])
    team.county.bench.clock.now = CivilDate("2022-02-08")?.instant(minute: 1) ?? .start
    #expect(try await team.due(before: team.county.bench.clock.now) == 1)
    #expect(try await team.attend() == 1)
    #expect(try team.types().last == "certificate.expiring")
    #expect(try await team.attend() == 0)
  }

  @Test func `P04: a certificate that a longer one replaced is not announced`() async throws {
    let team = try await TeamBench()
    try await team.examine(["person-0138": 70], session: "a")
    team.county.bench.clock.now = CivilDate("2021-01-04")?.instant(minute: 600) ?? .start
    _ = try await team.attend()
    try await team.examine(["person-0138": 75], session: "b")
    team.county.bench.clock.now = CivilDate("2022-03-01")?.instant() ?? .start
    #expect(try await team.attend() == 0)
  }

  @Test func `P08: the reserve is ranked with reasons, own township only`() async throws {
    let team = try await TeamBench()
    for (person, exam, years) in [("person-0138", Int32(70), Int32(1)), ("person-0139", 70, 4), ("person-0140", 95, 0)]
    {
      let member = try await team.nominate(person)
      _ = try await team.members.admitToReserve(
        .init(
          requestID: "r-\(person)", memberID: member.memberID, expectedVersion: 1,
          qualification: .init(examScore: exam, serviceYears: years)),
        context: team.clerk(Methods.admitToReserve))
    }
    try await team.examine(["person-0138": 66], session: "a")
    let ranked = try await team.members.rankReserve(
      .init(townshipCode: TeamBench.township), context: team.clerk(Methods.rankReserve))
    // 28+20+4+20, 28+0+16+20, 38+0+0+20.
    #expect(ranked.rankedMembers.map(\.member?.personID) == ["person-0138", "person-0139", "person-0140"])
    #expect(ranked.rankedMembers.map(\.points) == [72, 64, 58])
    #expect(ranked.rankedMembers.first?.parts.map(\.part) == ["EXAM", "CERTIFICATES", "SERVICE", "LOCALITY"])
    #expect(ranked.policyCode == "GR-TEAM")
    let foreign = await team.county.reasons {
      try await team.members.rankReserve(
        .init(townshipCode: TeamBench.township),
        context: team.clerk(Methods.rankReserve, of: "center-379922200000"))
    }
    #expect(foreign == ["JURISDICTION_MISMATCH"])
  }

  @Test func `P05: what one could do comes from the same table`() async throws {
    let team = try await TeamBench()
    let member = try await team.active("person-0138")
    let mine = try await team.members.listMemberActions(
      .init(memberID: member.memberID), context: team.clerk(Methods.listMemberActions))
    #expect(
      Set(mine.actions.map(\.action)) == [
        "coach", "suspend", "leave", "release", "assign", "end_assignment", "set_grade", "order_handover",
      ])
    let leave = try #require(mine.actions.first { $0.action == "leave" })
    #expect(leave.unmetReasons.map(\.reason) == ["CASE_COUNTS_STALE"])
    let release = try #require(mine.actions.first { $0.action == "release" })
    #expect(release.unmetReasons.map(\.reason) == ["GRID_NOT_RETIRED", "CASE_COUNTS_STALE"])
    let own = try await team.members.listMemberActions(
      .init(memberID: member.memberID), context: team.member(Methods.listMemberActions, person: "person-0138"))
    #expect(own.actions.isEmpty)
  }

  @Test func `P01, P02: lines of work, liaisons and the matrix grid × line with its gaps`() async throws {
    let team = try await TeamBench()
    let capabilities = team.county.service.capabilities
    let lines = try await capabilities.listLinesOfWork(
      .init(), context: team.clerk(V1.CapabilityServiceMethods.listLinesOfWork))
    #expect(lines.lines.map(\.name) == ["组织", "公安", "民政", "人社", "环保", "农林水", "安全生产"])
    _ = try await capabilities.upsertLineOfWork(
      .init(requestID: "l", line: .init(lineCode: "FIRE", name: "消防")),
      context: team.centre(V1.CapabilityServiceMethods.upsertLineOfWork))
    _ = try await team.county.service.training.upsertCourse(
      .init(
        requestID: "c", course: .init(courseID: "safety", name: "安全生产", competence: "安全生产", lineCode: "SAFETY")),
      context: team.centre(V1.TrainingServiceMethods.upsertCourse))
    let member = try await team.active("person-0138")
    try await team.examine(["person-0138": 88], course: "safety", session: "s")
    func set(_ id: String, _ line: String, grid: String = "", org: String = "", _ person: String) async throws {
      _ = try await capabilities.setLiaison(
        .init(requestID: id, lineCode: line, gridID: grid, orgID: org, personID: person),
        context: team.clerk(V1.CapabilityServiceMethods.setLiaison))
    }
    try await set("1", "SAFETY", org: "town-379922001000", "person-0083")
    try await set("2", "SAFETY", grid: TeamBench.grid, "person-0138")
    try await set("3", "POLICE", org: "town-379922001000", "person-0083")
    let matrix = try await capabilities.getCapabilityMatrix(
      .init(townshipCode: TeamBench.township, pageSize: 500),
      context: team.clerk(V1.CapabilityServiceMethods.getCapabilityMatrix))
    let row = try #require(matrix.rows.first { $0.gridCode == TeamBench.grid })
    #expect(row.cells.count == 8)
    let safety = try #require(row.cells.first { $0.lineCode == "SAFETY" })
    #expect(safety.liaisonPersonID == "person-0138")
    #expect(safety.certifiedMemberIDs == [member.memberID])
    #expect(safety.gap.isEmpty)
    #expect(row.cells.first { $0.lineCode == "POLICE" }?.gap == "NO_CERTIFIED_MEMBER")
    #expect(row.cells.first { $0.lineCode == "FIRE" }?.gap == "NEITHER")
    let other = try #require(matrix.rows.first { $0.gridCode == "379922001001U002" })
    #expect(other.cells.first { $0.lineCode == "SAFETY" }?.liaisonPersonID == "person-0083")
    #expect(matrix.gapCount == Int32(matrix.rows.count * 8 - 1))
    // Before the appointment nobody was certified.
    let before = try await capabilities.getCapabilityMatrix(
      .init(townshipCode: TeamBench.township, asOfDate: "2020-03-09", pageSize: 500),
      context: team.clerk(V1.CapabilityServiceMethods.getCapabilityMatrix))
    #expect(before.gapCount == Int32(before.rows.count * 8))
    let wrong = await team.county.reasons {
      try await capabilities.setLiaison(
        .init(requestID: "9", lineCode: "?", personID: "nobody"),
        context: team.clerk(V1.CapabilityServiceMethods.setLiaison))
    }
    #expect(wrong == ["LINE_NOT_FOUND", "LIAISON_PLACE_INVALID", "PERSON_NOT_FOUND"])
  }

  @Test func `A02: a township's rights over an agency are set, dated and replaced`() async throws {
    let team = try await TeamBench()
    let organisations = team.county.service.organisations
    let agencies = try await organisations.listAgencies(
      .init(townshipCode: TeamBench.township), context: team.centre(V1.OrganisationServiceMethods.listAgencies))
    let agency = try #require(agencies.agencies.first?.orgID)
    let method = V1.OrganisationServiceMethods.setAgencyRights
    let wrong = await team.county.reasons {
      try await organisations.setAgencyRights(
        .init(requestID: "0", rights: .init(agencyID: "hotline", evaluationWeightPercent: 101)),
        context: team.centre(method))
    }
    #expect(
      wrong == [
        "AGENCY_NOT_FOUND", "DIRECTIVE_SCOPE_MISSING", "EVALUATION_WEIGHT_INVALID", "POLICY_REF_MISSING",
      ])
    var rights = V1.AgencyRights(
      agencyID: agency, directiveScopes: ["联合执法", "应急值守"], evaluationWeightPercent: 40, personnelScopes: ["考核"],
      policyRef: "鲁编办发〔2019〕4号", validFromDate: "2019-06-01")
    let first = try await organisations.setAgencyRights(
      .init(requestID: "1", rights: rights), context: team.centre(method))
    #expect(first.rights?.version == 1)
    rights.evaluationWeightPercent = 50
    rights.validFromDate = "2020-01-01"
    _ = try await organisations.setAgencyRights(
      .init(requestID: "2", expectedVersion: 1, rights: rights), context: team.centre(method))
    func weight(_ day: String) async throws -> Int32? {
      try await organisations.getAgencyRights(
        .init(agencyID: agency, asOfDate: day),
        context: team.clerk(V1.OrganisationServiceMethods.getAgencyRights)
      ).rights?.evaluationWeightPercent
    }
    #expect(try await weight("2019-12-31") == 40)
    #expect(try await weight("2020-01-01") == 50)
    let none = await team.county.reasons { try await weight("2019-05-31") }
    #expect(none == ["AGENCY_RIGHTS_NOT_SET"])
    #expect(try team.types().last == "agency.rights_changed")
  }

  @Test func `P09: the team month by month, in numbers only`() async throws {
    let team = try await TeamBench()
    _ = try await team.active("person-0138")
    team.county.bench.clock.now = CivilDate("2020-05-15")?.instant(minute: 600) ?? .start
    let answer = try await team.members.getTeamStatistics(
      .init(townshipCode: TeamBench.township, monthCount: 4), context: team.centre(Methods.getTeamStatistics))
    #expect(answer.months.map(\.asOfDate) == ["2020-02-29", "2020-03-31", "2020-04-30", "2020-05-15"])
    #expect(answer.months.map(\.memberCount) == [0, 1, 1, 1])
    #expect(answer.months.map(\.certifiedShare) == [0, 1, 1, 1])
    #expect(answer.months.last?.medianTenureMonths == 66.0 / 30)
    // One score shows nobody's distribution.
    #expect(answer.months.flatMap(\.examBandCounts).isEmpty)
  }

  @Test func `a legacy team comes in row by row; the same rows again change nothing`() async throws {
    let team = try await TeamBench()
    let request = V1.ImportMembersRequest(
      source: "oa",
      rows: [
        .init(personID: "person-0138", gridID: TeamBench.grid, post: .primary, fromDate: "2019-03-01"),
        .init(personID: "person-0139", gridID: TeamBench.grid, post: .primary),
        .init(personID: "nobody"),
        .init(personID: "person-0140", gridID: TeamBench.grid, post: .deputy, grade: .lead),
      ])
    let context = team.county.context(Methods.importMembers, as: .integration)
    let first = try await team.members.importMembers(request, context: context)
    #expect(first.outcomes.map(\.result) == [.added, .refused, .refused, .added])
    #expect(first.outcomes[1].reasons.map(\.reason) == ["GRID_HAS_PRIMARY"])
    #expect(first.outcomes[2].reasons.map(\.reason) == ["PERSON_NOT_FOUND"])
    let lines = try team.allEntries().count
    let second = try await team.members.importMembers(request, context: context)
    #expect(second.outcomes.map(\.result) == [.alreadyPresent, .refused, .refused, .alreadyPresent])
    #expect(try team.allEntries().count == lines)
  }

  @Test func `the journal folds to the stored team`() async throws {
    let team = try await TeamBench()
    let member = try await team.active("person-0138")
    _ = try await team.members.suspendMember(
      .init(
        requestID: "s", memberID: member.memberID, expectedVersion: member.version, reasonText: "配合调查",
        untilDate: "2020-03-20"),
      context: team.clerk(Methods.suspendMember))
    team.county.bench.clock.now = .start + .days(30)
    _ = try await team.attend()
    var members: [String: GridMember] = [:]
    var steps: [String: [GridMember.Step]] = [:]
    var vacancies: [String: GridRegistryDomain.Vacancy] = [:]
    for entry in try team.allEntries() {
      switch entry.draft.aggregateType {
      case "member":
        let event = try #require(GridMember.Event(try .init(decoding: entry.draft.payload)))
        members[entry.draft.aggregateID] = event.member
        steps[entry.draft.aggregateID, default: []].append(event.step)
      case "vacancy":
        let event = try V1.VacancyEvent(decoding: entry.draft.payload)
        vacancies[entry.draft.aggregateID] = event.vacancy.flatMap(GridRegistryDomain.Vacancy.init)
      default: break
      }
    }
    let (storedMembers, storedSteps, storedVacancies) = try team.county.bench.database.readInline { reading in
      let store = MemberStore(county: .county)
      let list = try store.list(township: nil, state: nil, after: "", limit: 500, in: reading)
      return (
        list, try list.map { try store.steps(of: $0.id, in: reading) },
        try VacancyStore(county: .county).list(township: nil, state: nil, after: "", limit: 500, in: reading)
      )
    }
    #expect(storedMembers.count == 1)
    #expect(Dictionary(uniqueKeysWithValues: storedMembers.map { ($0.id.text, $0) }) == members)
    #expect(storedSteps == storedMembers.map { steps[$0.id.text] ?? [] })
    #expect(Dictionary(uniqueKeysWithValues: storedVacancies.map { ($0.id.text, $0) }) == vacancies)
    #expect(try await Journal(.testing).verify(in: team.county.bench.database).firstBrokenSeq == nil)
  }

  private func nextTimer(_ team: TeamBench) async throws -> Timestamp? {
    var found: [Timestamp] = []
    for timer in team.county.service.parts.timers {
      if let next = try await timer.next() { found.append(next) }
    }
    return found.min()
  }
}
