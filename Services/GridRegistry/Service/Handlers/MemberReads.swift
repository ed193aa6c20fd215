import Access
import CommonContract
import GridRegistryContract
import GridRegistryDomain
import GridRegistryStore
import Journal
import Kernel
import Persistence
import RPC
import Runtime
import Wire
import WireTypes
import WorkClock

// The team of grid members: reads.

extension MemberHandlers {
  func getMember(
    _ request: GridRegistryV1.GetMemberRequest, context: ServerContext
  ) async throws -> GridRegistryV1.GetMemberResponse {
    let actor = try context.actor
    return try shell.readInline(context) { registry, reading in
      let member = try registry.member(request.memberID, for: actor, in: reading)
      let steps = try registry.members.steps(of: member.id, in: reading)
      return .init(member: try shell.shown(member, registry, in: reading), steps: steps.map { .init($0) })
    }
  }

  func listMembers(
    _ request: GridRegistryV1.ListMembersRequest, context: ServerContext
  ) async throws -> GridRegistryV1.ListMembersResponse {
    let page = try Page(size: request.pageSize, token: request.pageToken)
    let wanted = try AreaCode(filter: request.townshipCode, field: "township_code")
    let actor = try context.actor
    return try await shell.read(context) { registry, reading in
      let township = try Standing(actor, registry, in: reading).scope(wanted)
      let found = try registry.members.list(
        township: township, state: request.state.word(prefix: "STATE_"), after: page.after, limit: page.limit,
        in: reading)
      let members = try found.map { try shell.shown($0, registry, in: reading) }
      return .init(members: members, nextPageToken: page.next(found, id: \.id.text))
    }
  }

  func listMemberActions(
    _ request: GridRegistryV1.ListMemberActionsRequest, context: ServerContext
  ) async throws -> GridRegistryV1.ListMemberActionsResponse {
    let actor = try context.actor
    let now = shell.commands.time.now()
    return try await shell.read(context) { registry, reading in
      let member = try registry.member(request.memberID, for: actor, in: reading)
      let parts = try Standing(actor, registry, in: reading).parts(
        person: member.personID, nominator: member.organisationID, township: member.townshipCode)
      let actions = GridMember.allowedActions(
        on: member, by: actor, as: parts, in: try registry.outlook(for: member, at: now, in: reading), at: now)
      return .init(
        actions: actions.map { action, to, unmet in
          .init(
            action: action.rawValue, toState: .init(to, prefix: "STATE_"), unmetReasons: unmet.map { .init($0) })
        })
    }
  }

  func revealMemberTexts(
    _ request: GridRegistryV1.RevealMemberTextsRequest, context: ServerContext
  ) async throws -> GridRegistryV1.RevealMemberTextsResponse {
    try await shell.perform(request, request.requestID, context) { registrar in
      let texts = try registrar.revealTexts(of: .init(request.memberID), reason: request.revealReason)
      return .init(
        texts: texts.map {
          .init(stepNumber: Int32(clamping: $0.step.number), action: $0.step.action.rawValue, text: $0.text)
        })
    }
  }

  func rankReserve(
    _ request: GridRegistryV1.RankReserveRequest, context: ServerContext
  ) async throws -> GridRegistryV1.RankReserveResponse {
    guard let township = AreaCode(request.townshipCode) else {
      throw Refused(.invalidArgument, .areaCodeInvalid.at("township_code"))
    }
    let actor = try context.actor
    let policy = TeamPolicy.first
    return try await shell.read(context) { registry, reading in
      try Standing(actor, registry, in: reading).permitSeeing(township)
      let ranked = try registry.rankedReserve(
        of: township, lines: request.lineCodes, grid: request.gridID,
        today: CivilDate(shell.commands.time.now()), in: reading)
      return .init(
        rankedMembers: try ranked.enumerated().map { index, entry in
          .init(
            rank: Int32(clamping: index + 1), member: try shell.shown(entry.member, registry, in: reading),
            points: Double(entry.rank.hundredths) / 100, parts: entry.rank.parts.map { .init($0) })
        }, policyCode: policy.code, policyVersion: Int32(clamping: policy.version))
    }
  }

  func getTeamStatistics(
    _ request: GridRegistryV1.GetTeamStatisticsRequest, context: ServerContext
  ) async throws -> GridRegistryV1.GetTeamStatisticsResponse {
    let wanted = try AreaCode(filter: request.townshipCode, field: "township_code")
    let count = request.monthCount == 0 ? 12 : Int(request.monthCount)
    guard (1...36).contains(count) else { throw Refused(.invalidArgument, .monthsInvalid.at("month_count")) }
    let date = try shell.date(request.asOfDate, field: "as_of_date")
    let actor = try context.actor
    return try await shell.read(context) { registry, reading in
      let township = try Standing(actor, registry, in: reading).scope(wanted)
      let records = try registry.teamRecords(of: township, in: reading)
      return .init(
        months: TeamMonth.days(until: date, count: count).map {
          .init(TeamMonth(records, on: $0, policy: .first))
        })
    }
  }
}

extension GridRegistryV1.RankPart {
  fileprivate init(_ part: ReserveRank.Part) {
    self.init(
      part: part.name, points: Double(part.hundredths) / 100, mostPoints: Double(part.mostHundredths) / 100,
      textZh: part.chinese, textEn: part.english)
  }
}

extension GridRegistryV1.TeamMonth {
  fileprivate init(_ month: TeamMonth) {
    self.init(
      asOfDate: month.date.description, memberCount: Int64(month.memberCount),
      certifiedCount: Int64(month.certifiedCount), certifiedShare: month.certifiedShare,
      medianTenureMonths: month.medianTenureMonths, examBandCounts: month.examBands.map { Int64($0) })
  }
}

extension Registrar {
  /// The member as the answer to a command shows them.
  func shown(_ member: GridMember) throws -> GridRegistryV1.Member {
    let person = try registry.persons.load(member.personID, in: tx)
    let name = try person.flatMap { try command.sealedTexts.open($0.name.id, in: tx) } ?? ""
    return .init(
      member, name: name, at: Moment(calendar: try registry.calendar(in: tx), now: command.now))
  }
}

extension GridRegistryShell {
  /// The member as lists show them.
  func shown(
    _ member: GridMember, _ registry: Registry, in reading: some Reading
  ) throws -> GridRegistryV1.Member {
    let texts = SealedTexts(commands.cryptography)
    let person = try registry.persons.load(member.personID, in: reading)
    let name = try person.flatMap { try texts.open($0.name.id, in: reading) } ?? ""
    return .init(member, name: name, at: try moment(registry, in: reading, for: member))
  }

  /// Only a statement's clock needs the calendar.
  private func moment(_ registry: Registry, in reading: some Reading, for member: GridMember) throws -> Moment? {
    guard member.moveOut != nil else { return nil }
    return Moment(calendar: try registry.calendar(in: reading), now: commands.time.now())
  }

  /// A day that somebody asked for; empty: today.
  func date(_ text: String, field: String) throws(Refused) -> CivilDate {
    if text.isEmpty { return CivilDate(commands.time.now()) }
    guard let date = CivilDate(text) else { throw Refused(.invalidArgument, .dateInvalid.at(field)) }
    return date
  }
}

extension Registry {
  /// A member whom the caller may see: their own entry, or one of their township.
  func member(_ id: String, for actor: Actor, in reading: some Reading) throws -> GridMember {
    guard let member = try members.load(.init(id), in: reading) else {
      throw Refused(.notFound, .memberNotFound.at("member_id"))
    }
    let isOwn = member.personID.text == actor.personID
    let standing = try Standing(actor, self, in: reading)
    guard isOwn || actor.role != .gridMember && standing.sees(member.townshipCode) else {
      throw Refused(.permissionDenied, .jurisdictionMismatch)
    }
    return member
  }

  /// What guards can look at before anything is entered.
  func outlook(for member: GridMember, at now: Timestamp, in reading: some Reading) throws -> GridMember.World {
    let certificates = try training.certificates(of: member.personID, in: reading)
    let open = try vacancies.list(
      township: member.townshipCode, state: .open, after: "", limit: 1, in: reading)
    return GridMember.World(
      person: try persons.load(member.personID, in: reading),
      otherEntry: try members.list(ofPerson: member.personID, in: reading)
        .first { $0.id != member.id && !$0.state.isOver }?.id,
      competences: Set(certificates.filter { $0.isValid(on: CivilDate(now)) }.map(\.competence)),
      hasVacancy: !open.isEmpty, openCases: try openCases(of: member.personID, in: reading),
      livingGrids: try member.openAssignments.map(\.gridID).filter { id in
        let state = try grids.load(id, in: reading)?.state
        return state == .planned || state == .active
      }, calendar: try calendar(in: reading))
  }

  /// The reserve of a township, best first (P08).
  func rankedReserve(
    of township: AreaCode, lines: [String], grid gridID: String, today: CivilDate, in reading: some Reading
  ) throws -> [(member: GridMember, rank: ReserveRank)] {
    let catalogue = LineOfWork.catalogue(try capabilities.lines(in: reading))
    if let unknown = lines.first(where: { code in !catalogue.contains { $0.code == code } }) {
      throw Refused(.failedPrecondition, .lineNotFound.at("line_codes").with("line_code", unknown))
    }
    let place = gridID.isEmpty ? township : AreaCode(try grid(gridID, in: reading).facts.areaCode) ?? township
    let names = Dictionary(catalogue.map { ($0.code, $0.name) }) { first, _ in first }
    let wanted = Dictionary(lines.map { ($0, names[$0] ?? $0) }) { first, _ in first }
    let required = Set(TeamPolicy.first.minimumCompetence).union(wanted.values)
    let reserve = try members.list(
      township: township, state: .reserve, after: "", limit: Self.mostReserve, in: reading)
    return ReserveRank.order(
      try reserve.compactMap { member in
        guard let qualification = member.qualification else { return nil }
        let valid = try training.certificates(of: member.personID, in: reading).filter { $0.isValid(on: today) }
        let held = Set(valid.map(\.competence)).union(valid.compactMap { wanted[$0.lineCode] })
        let locality = try persons.load(member.personID, in: reading)?.locality
        let facts = ReserveRank.Facts(
          qualification: qualification, required: required, held: held, isLocal: locality?.isWithin(place) == true)
        return (member, ReserveRank(facts))
      })
  }

  /// What statistics look at, for every entry that there ever was.
  func teamRecords(of township: AreaCode?, in reading: some Reading) throws -> [TeamMonth.Record] {
    try members.list(township: township, state: nil, after: "", limit: Self.mostMembers, in: reading).map { member in
      TeamMonth.Record(
        steps: try members.steps(of: member.id, in: reading).map { ($0.time, $0.to) },
        certificates: try training.certificates(of: member.personID, in: reading),
        scores: try training.scores(of: member.personID, in: reading))
    }
  }

  /// More candidates than a township has people to look at.
  private static let mostReserve = 1_000
  /// Twice as many members as grids that a registry is built for (G08), over the years.
  private static let mostMembers = 50_000
}
