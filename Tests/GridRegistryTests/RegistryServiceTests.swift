import Runtime
import FeedContract
import CommonContract
import Access
import GridRegistryContract
import GridRegistryService
import Journal
import Kernel
import RPC
import TestSupport
import Testing
import Wire
import WireTypes

@Suite struct RegistryServiceTests {
  typealias V1 = GridRegistryV1

  @Test func `a room that closes changes the paths of its grids, once`() async throws {
    let county = try await RegistryBench.withCounty()
    let before = try county.journal().count
    let close = V1.CloseOrganisationRequest(
      requestID: "close-1", orgID: "community-room-379922001-01", expectedVersion: 1)
    let context = county.context(V1.OrganisationServiceMethods.closeOrganisation, as: .gridCentre)
    let closed = try await county.service.organisations.closeOrganisation(close, context: context)
    #expect(closed.organisation?.state == .closed)
    let lines = try county.journal().dropFirst(before)
    #expect(lines.map(\.draft.eventType).first == "org.changed")
    // Five urban grids; the community's dedicated grid goes through its industry's room.
    #expect(lines.filter { $0.draft.eventType == "path.changed" }.count == 5)
    #expect(try await county.service.organisations.closeOrganisation(close, context: context) == closed)
    #expect(try county.journal().count == before + lines.count)
    let path = try await county.service.organisations.getMediationPath(
      .init(gridID: "379922001001U001"), context: county.context(V1.OrganisationServiceMethods.getMediationPath))
    #expect(path.mediationPath?.skippedLevels.contains { $0.reason == "NO_ACTIVE_ROOM" } == true)
  }

  @Test func `a stale version and a second body under one request id are refused`() async throws {
    let county = try await RegistryBench.withCounty()
    let context = county.context(V1.OrganisationServiceMethods.closeOrganisation)
    let stale = await county.reasons {
      try await county.service.organisations.closeOrganisation(
        .init(requestID: "1", orgID: "hotline", expectedVersion: 7), context: context)
    }
    #expect(stale == ["VERSION_CONFLICT"])
    _ = try await county.service.organisations.closeOrganisation(
      .init(requestID: "2", orgID: "supervision", expectedVersion: 1), context: context)
    let other = await county.reasons {
      try await county.service.organisations.closeOrganisation(
        .init(requestID: "2", orgID: "bianban", expectedVersion: 1), context: context)
    }
    #expect(other == ["IDEMPOTENCY_MISMATCH"])
  }

  @Test func `a row with an id longer than any is refused by itself, in every import`() async throws {
    let county = try await RegistryBench.withCounty()
    let before = try county.journal().count
    let long = String(repeating: "x", count: 129)
    func expect(_ outcomes: [CommonV1.ImportOutcome], _ fields: [String]) {
      #expect(outcomes.map(\.result) == fields.map { _ in .refused })
      #expect(outcomes.map { $0.reasons.map(\.reason) } == fields.map { _ in ["ID_TOO_LONG"] })
      #expect(outcomes.map { $0.reasons.map(\.field) } == fields.map { [$0] })
    }
    let organisations = try await county.service.organisations.importOrganisations(
      .init(
        source: "oa",
        rows: [
          .init(externalRef: long, organisation: .init(orgID: "one", name: "一")),
          .init(externalRef: "2", organisation: .init(orgID: "two", name: "二", businessParentID: long)),
        ]), context: county.context(V1.OrganisationServiceMethods.importOrganisations))
    expect(organisations.outcomes, ["external_ref", "organisation.business_parent_id"])
    let persons = try await county.service.persons.importPersons(
      .init(source: "oa", rows: [.init(person: .init(personID: long, name: "王"))]),
      context: county.context(V1.PersonServiceMethods.importPersons))
    expect(persons.outcomes, ["person.person_id"])
    let grids = try await county.service.grids.importGrids(
      .init(
        source: "oa",
        rows: [
          .init(externalRef: "g", grid: .init(gridID: long, units: [.init(unitID: long)]), predecessorIDs: [long])
        ],
        unitRows: [.init(unit: .init(unitID: long))]),
      context: county.context(V1.GridServiceMethods.importGrids))
    #expect(Set(grids.outcomes[0].reasons.map(\.field)) == ["grid.grid_id", "grid.units.unit_id", "predecessor_ids"])
    expect(grids.unitOutcomes, ["unit.unit_id"])
    let source = await county.reasons {
      try await county.service.persons.importPersons(
        .init(source: long, rows: []), context: county.context(V1.PersonServiceMethods.importPersons))
    }
    #expect(source == ["ID_TOO_LONG"])
    #expect(try county.journal().count == before)
  }

  @Test func `a row that is refused leaves nothing, the others go in`() async throws {
    let county = try await RegistryBench.withCounty()
    let before = try county.journal().count
    let answer = try await county.service.organisations.importOrganisations(
      .init(
        source: "oa",
        rows: [
          .init(
            externalRef: "1",
            organisation: .init(
              orgID: "second-center", name: "第二综治中心", orgType: .townshipCenter,
              businessParentID: "county-center", dailyParentID: "town-379922001000", areaCodes: ["379922001000"])),
          .init(
            externalRef: "2",
            organisation: .init(
              name: "法制科", orgType: .office, businessParentID: "dept-sfj",
              dailyParentID: "dept-sfj", areaCodes: ["379922000000"])),
          .init(externalRef: ""),
        ]), context: county.context(V1.OrganisationServiceMethods.importOrganisations))
    #expect(answer.outcomes.map(\.result) == [.refused, .added, .refused])
    #expect(answer.outcomes[0].reasons.map(\.reason) == ["MEDIATION_ROOM_EXISTS"])
    #expect(answer.outcomes[2].reasons.map(\.reason) == ["EXTERNAL_REF_MISSING"])
    #expect(try county.journal().count == before + 1)
    let office = try await county.service.organisations.getOrganisation(
      .init(orgID: answer.outcomes[1].recordID), context: county.context(V1.OrganisationServiceMethods.getOrganisation))
    #expect(office.organisation?.departmentID == "dept-sfj")
  }

  @Test func `a telephone is masked in lists and shown only with a reason, in one's own township`() async throws {
    let county = try await RegistryBench.withCounty()
    let list = try await county.service.persons.listPersons(
      .init(orgID: "center-379922200000"), context: county.context(V1.PersonServiceMethods.listPersons))
    let person = try #require(list.persons.first)
    #expect(person.maskedPhone.hasPrefix("000****"))
    #expect(!person.name.isEmpty)
    let request = V1.RevealPhoneRequest(requestID: "r1", personID: person.personID, revealReason: "回访")
    let method = V1.PersonServiceMethods.revealPhone
    let foreign = await county.reasons {
      try await county.service.persons.revealPhone(
        request, context: county.context(method, as: .levelClerk, of: "center-379922001000"))
    }
    #expect(foreign == ["JURISDICTION_MISMATCH"])
    let own = try await county.service.persons.revealPhone(
      request, context: county.context(method, as: .levelClerk, of: "center-379922200000"))
    #expect(own.phone.hasPrefix("000-0000"))
    #expect(try county.journal().last?.draft.eventType == "personal_fields.read")
    let silent = await county.reasons {
      try await county.service.persons.revealPhone(
        .init(requestID: "r2", personID: person.personID), context: county.context(method))
    }
    #expect(silent == ["REVEAL_REASON_MISSING"])
  }

  @Test(arguments: [
    ("2020-03-10T10:00", 1, "2020-03-11T10:00", false), ("2020-05-08T15:00", 1, "2020-05-09T15:00", false),
    ("2019-04-25T10:00", 5, "2019-05-05T10:00", false), ("2021-02-05T10:00", 5, "2021-02-12T10:00", true),
  ])
  func `working days are added by the imported calendar`(start: String, days: Int, due: String, provisional: Bool)
    async throws
  {
    let county = try await RegistryBench.withCounty()
    let answer = try await county.service.calendars.addTime(
      .init(startTime: .init(instant(start)), budget: .init(amount: Int32(days), unit: .workingDay)),
      context: county.context(V1.CalendarServiceMethods.addTime))
    #expect(answer.dueTime?.kernel == instant(due))
    #expect(answer.provisional == provisional)
  }

  @Test func `a year that nobody announced is Monday to Friday and not confirmed`() async throws {
    let county = try await RegistryBench.withCounty()
    let answer = try await county.service.calendars.getCalendar(
      .init(year: 2022), context: county.context(V1.CalendarServiceMethods.getCalendar))
    #expect(answer.calendar?.confirmed == false)
    #expect(answer.calendar?.days.count == 365)
    #expect(answer.calendar?.days.filter { $0.kind == .work }.count == 260)
    #expect(answer.confirmedThroughYear == 2020)
  }

  @Test func `the grid centre enters a grid, under the full rule`() async throws {
    let county = try await RegistryBench.withCounty()
    let method = V1.GridServiceMethods.createGrid
    var grid = V1.Grid(
      gridCode: "379922001001U099", name: "新网格", gridType: .urban, orgID: "community-379922001-01",
      areaCode: "379922001001", householdCount: 600)
    let refused = await county.reasons {
      try await county.service.grids.createGrid(
        .init(requestID: "g1", grid: grid), context: county.context(method, as: .gridCentre))
    }
    #expect(refused == ["HOUSEHOLDS_OUT_OF_RANGE"])
    grid.householdCount = 350
    let created = try await county.service.grids.createGrid(
      .init(requestID: "g1", grid: grid), context: county.context(method, as: .gridCentre))
    #expect(created.grid?.state == .active)
    let taken = await county.reasons {
      try await county.service.grids.createGrid(
        .init(requestID: "g2", grid: grid), context: county.context(method, as: .gridCentre))
    }
    #expect(taken == ["GRID_CODE_TAKEN"])
  }

  @Test func `the inbox moves its position and nothing else`() async throws {
    let county = try RegistryBench()
    let system = county.context(V1.InboxServiceMethods.receiveMessages, as: .system)
    let message = V1.Message(
      origin: .init(source: "dispute", sourceEpoch: "e", seq: 3, eventID: "x", occurTime: .init(seconds: 1)),
      content: .heartbeat(.init()))
    let answer = try await county.service.inbox.receiveMessages(.init(messages: [message]), context: system)
    #expect(answer.appliedCount == 1)
    let position = try await county.service.inbox.getPosition(.init(source: "dispute"), context: system)
    #expect(position.position?.seq == 3)
  }

  @Test func `every RPC has an access rule`() throws {
    let county = try RegistryBench()
    for method in county.service.parts.services.flatMap(\.handlers).map(\.method) {
      #expect(county.service.parts.accessRules[method.path] != nil, "\(method.path)")
    }
  }

  private func instant(_ text: String) -> Timestamp {
    let parts = text.split(separator: "T")
    let clock = parts[1].split(separator: ":").compactMap { Int($0) }
    return CivilDate(parts[0])?.instant(minute: clock[0] * 60 + clock[1]) ?? Timestamp(microseconds: 0)
  }
}
