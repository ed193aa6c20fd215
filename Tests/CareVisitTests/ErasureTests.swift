import Access
import CareVisitContract
import CareVisitDomain
import CareVisitService
import CommonContract
import Journal
import Kernel
import Lifecycle
import Persistence
import RPC
import Runtime
import TestSupport
import Testing
import Wire
import WireTypes
import WorkClock

@Suite struct ErasureTests {
  typealias V1 = CareVisitV1
  let bench: CareBench

  init() throws { bench = try CareBench() }

  /// The bytes of what is to be gone, as they lie on the disk while it is there.
  private func bytes(_ token: String) async throws -> [[UInt8]] {
    let bytes = [try #require(try bench.wrappedKey(token)), try #require(try bench.sealedIdentity(token))]
    for known in bytes { #expect(try bench.onDisk(known) != []) }
    return bytes
  }

  private func expectGone(_ token: String, _ bytes: [[UInt8]]) async throws {
    for known in bytes { #expect(try bench.onDisk(known) == []) }
    let enrolment = try #require(try await bench.get(token).enrolment)
    #expect(enrolment.state == .erased && enrolment.eraseTime != nil)
    #expect(await reasons { try await bench.reveal(token, as: Staff.officer) } == ["IDENTITY_ERASED"])
    let proof = try await bench.proof(token)
    #expect(proof.unresolvable && proof.overwritten)
    // The key that was destroyed is the one that was made when the person was proposed.
    let lines = try bench.journal().filter { $0.aggregateID == token }
    let first = try V1.EnrolmentEvent(decoding: try #require(lines.first).payload)
    #expect(first.keyDigest == proof.keyDigest && proof.keyDigest == Cryptography.testing.sha256(bytes[0]))
    let line = try #require(lines.last { $0.eventType == "enrolment.erased" })
    #expect(proof.journalSeq == line.seq && proof.journalHash == line.hash)
    try await bench.expectReplayed()
  }

  @Test func `A12 S10: when the retention is over the identity is destroyed, and no file has the bytes`() async throws {
    var enrolment = try await bench.activeEnrolment()
    let token = enrolment.enrolmentID
    _ = try await bench.reveal(token)
    enrolment = try #require(try await bench.visit(enrolment).enrolment)
    _ = try await bench.end(enrolment)
    let bytes = try await bytes(token)
    #expect(await reasons { try await bench.proof(token) } == ["NOT_ERASED"])
    let timer = try #require(bench.service.parts.timers.first)
    let due = try #require(try await timer.next())
    #expect(due == CareVisitPolicy.later(bench.now, months: 12))
    bench.bench.clock.now = due
    #expect(try await timer.fire(at: due) == 0)
    #expect(try await bench.reveal(token, as: Staff.officer).identity == CareBench.identity)
    bench.bench.clock.now = due + .instant
    #expect(try await timer.fire(at: due + .instant) == 1)
    #expect(try await timer.next() == nil)
    try await expectGone(token, bytes)
    // The log of looks stays, without why; the visits stay, and belong to nobody.
    #expect(try await bench.reveals(token).map(\.purpose) == ["", ""])
    #expect(try await timer.fire(at: due + .days(1)) == 0)
  }

  @Test(arguments: [false, true])
  func `S10: a proposal that nobody decides, or begins, lapses after ninety days and is forgotten at once`(
    isApproved: Bool
  ) async throws {
    var enrolment = try await bench.enrol(in: try await bench.activeProgramme())
    let token = enrolment.enrolmentID
    if isApproved {
      // Approved on its last day: it has as long again to be begun.
      #expect(try await bench.advance(days: 90) == 0)
      enrolment = try await bench.decide(enrolment)
    }
    #expect(enrolment.eraseDueTime?.kernel == bench.now + .days(90))
    let bytes = try await bytes(token)
    let timer = try #require(bench.service.parts.timers.first)
    #expect(try await timer.next() == bench.now + .days(90))
    #expect(try await timer.count(before: bench.now + .days(90)) == 0)
    #expect(try await timer.count(before: bench.now + .days(90) + .instant) == 1)
    #expect(try await bench.advance(days: 90) == 0)
    #expect(try await bench.reveal(token, as: Staff.lead).identity == CareBench.identity)
    #expect(try await bench.advance(days: 1) == 1)
    try await expectGone(token, bytes)
    #expect(try await timer.count(before: bench.now + .days(90)) == 0)
    #expect(try await bench.get(token).enrolment?.endCause == .lapsed)
    let types = try bench.journal().filter { $0.aggregateID == token }.map(\.eventType)
    #expect(types.suffix(2) == ["enrolment.ended", "enrolment.erased"])
  }

  @Test func `S10: who is visited does not lapse, and nobody ends anything as lapsed by hand`() async throws {
    let enrolment = try await bench.activeEnrolment()
    #expect(enrolment.eraseDueTime == nil)
    #expect(try await bench.advance(days: 400) == 0)
    #expect(await reasons { try await bench.end(enrolment, .lapsed) } == ["END_CAUSE_MISSING"])
    #expect(try await bench.get(enrolment.enrolmentID).enrolment?.state == .active)
  }

  @Test func `S10: what waited before proposals lapsed is given its ninety days by its own journal`() async throws {
    let folder = TemporaryFolder()
    let path = folder.file("before.sqlite")
    let earlier = CareVisitService.migrations.filter { $0.name != "m0002_waiting_proposals" }
    let old = try Database.open(path: path, migrations: earlier, configuration: CareVisitService.configuration)
    let time = Timestamp(seconds: 1_583_805_600)
    _ = try await old.write { transaction in
      for (token, state) in [("a", "PROPOSED"), ("b", "ACTIVE")] {
        try transaction.run(Self.oldEnrolment, [.text(token), .text(state)])
        _ = try Journal(.testing).append(
          JournalDraft(
            eventType: "enrolment.proposed", aggregateType: "enrolment", aggregateID: token, aggregateVersion: 1,
            actor: .system(county: "379922000000"), occurTime: time, correlationID: token, payload: []),
          to: transaction, recordTime: time)
      }
    }
    old.close()
    let new = try Database.open(
      path: path, migrations: CareVisitService.migrations, configuration: CareVisitService.configuration)
    let due = try await new.read { reading in
      try reading.all(Self.dueTimes, []) { $0.optionalTime(0) }
    }
    new.close()
    #expect(due == [time + .days(90), nil])
  }

  private static let oldEnrolment = Statement(
    "test.old_enrolment",
    """
    INSERT INTO enrolments (
      county_code, enrolment_id, programme_id, org_id, lead_person_id, visitor_person_id, state, version
    ) VALUES ('379922000000', $1, 'p', 'village-1', 'lead', '', $2, 1)
    """)
  private static let dueTimes = Statement(
    "test.due_times", "SELECT erase_due_time FROM enrolments ORDER BY enrolment_id")

  @Test func `S10: who was rejected is forgotten after the same time`() async throws {
    let enrolment = try await bench.decide(
      try await bench.enrol(in: try await bench.activeProgramme()), approved: false)
    let bytes = try await bytes(enrolment.enrolmentID)
    #expect(try await bench.advance(days: 365) == 0)
    #expect(try await bench.advance(days: 1) == 1)
    try await expectGone(enrolment.enrolmentID, bytes)
  }

  @Test(arguments: ["PROPOSED", "APPROVED", "ACTIVE", "ENDED", "REJECTED"])
  func `S10: a deletion that is granted is carried out at once, in every state`(state: String) async throws {
    var enrolment = try await bench.enrol(in: try await bench.activeProgramme())
    if state == "REJECTED" { enrolment = try await bench.decide(enrolment, approved: false) }
    if ["APPROVED", "ACTIVE", "ENDED"].contains(state) { enrolment = try await bench.decide(enrolment) }
    if ["ACTIVE", "ENDED"].contains(state) { enrolment = try await bench.begin(enrolment) }
    if state == "ENDED" { enrolment = try await bench.end(enrolment) }
    #expect(enrolment.state.protoName == "STATE_\(state)")
    let token = enrolment.enrolmentID
    let bytes = try await bytes(token)
    let right = try await bench.file(token, .deletion)
    let answer = try await bench.answer(right)
    #expect(answer.rightRequest?.state == .granted && answer.enrolment?.state == .erased)
    if !["ENDED", "REJECTED"].contains(state) { #expect(answer.enrolment?.endCause == .deletionGranted) }
    try await expectGone(token, bytes)
    #expect(await reasons { try await bench.file(token, .access) } == ["IDENTITY_ERASED"])
  }

  @Test func `S10: of hundreds who are forgotten no byte is left, and who stays is untouched`() async throws {
    let programme = try await bench.activeProgramme()
    var gone: [(token: String, bytes: [[UInt8]])] = []
    var kept: [String] = []
    // Enough rows that the tables' pages split and merge.
    for index in 0..<400 {
      let enrolment = try await bench.enrol(in: programme, .init(name: "张\(index)", address: "柳庄村\(index)号"))
      let token = enrolment.enrolmentID
      if index % 4 == 0 {
        // Nobody who is visited is forgotten.
        _ = try await bench.begin(try await bench.decide(enrolment))
        kept.append(token)
      } else {
        gone.append(
          (token, [try #require(try bench.wrappedKey(token)), try #require(try bench.sealedIdentity(token))]))
        _ = try await bench.end(enrolment)
      }
    }
    #expect(try await bench.advance(days: 366) == 300)
    let left = try gone.filter { try bench.isAnyOnDisk($0.bytes) }
    #expect(left.count == 0, "\(left.count) of 300 are still on the disk")
    for token in kept.prefix(10) {
      #expect(try await bench.reveal(token, as: Staff.lead).identity?.name.hasPrefix("张") == true)
    }
  }

  @Test func `S10: what a kill left in the log of changes is overwritten by the next process`() async throws {
    let enrolment = try await bench.end(try await bench.activeEnrolment())
    let token = enrolment.enrolmentID
    let bytes = try await bytes(token)
    // A reader holds the log back, as a long list would.
    let held = Held()
    let reading = Task {
      try await bench.bench.database.read { reading in
        _ = try reading.first(Statement("test.any", "SELECT county_code FROM programmes LIMIT 1"), []) { $0.text(0) }
        held.begin()
        held.waitForEnd()
      }
    }
    await held.untilBegun()
    try await bench.advance(days: 366)
    #expect(try await bench.proof(token).unresolvable)
    #expect(try await bench.proof(token).overwritten == false)
    #expect(try bench.isAnyOnDisk(bytes))
    held.end()
    try await reading.value
    // Another service over the same file has nothing to remember it by but the file.
    let next = CareVisitService(bench.bench.shell, county: "379922000000", directory: bench.staff.directory)
    #expect(try await next.parts.timers.first?.fire(at: bench.now) == 0)
    try await expectGone(token, bytes)
  }
}
