import Access
import CSQLite
import CareVisitContract
import CommonContract
import FeedContract
import Foundation
import GridRegistryContract
import Kernel
import Persistence
import RPC
import Runtime
import TestSupport
import Testing
import Wire
import WireTypes

/// A12's part of the care-visit register (D§5, D§2.1.7), through the gateway, on the county's clock.
extension Scenarios {
  @Test func `A12 S10 care-visit: nobody is visited without a basis, looked at unseen, or kept for ever`() async throws
  {
    let on = ["HUYING_CARE_VISITS": "on"]
    try await Scenarios.withDrivenCounty(at: "2020-03-10 10:00", variables: on) { stack in
      let story = try await CareStory(stack)
      // A programme that is not thought through is refused, with everything that it lacks.
      let bare = CareStory.without(basis: true, retention: true)
      #expect(await reasons { try await story.propose(bare) } == ["LEGAL_BASIS_MISSING", "RETENTION_MISSING"])
      let proposed = try await story.propose(CareStory.programme)
      #expect(await reasons { try await story.enrol(in: proposed) } == ["PROGRAMME_NOT_ACTIVE"])
      let programme = try await story.approve(proposed)

      // Somebody is enrolled, approved, visited.
      var enrolment = try await story.enrol(in: programme)
      let token = enrolment.enrolmentID
      enrolment = try await story.approve(enrolment)
      enrolment = try await story.begin(enrolment, on: "2020-03-12")

      // Who it is comes out with a purpose only, and every look is written down.
      #expect(await reasons { try await story.reveal(token, "") } == ["REVEAL_PURPOSE_MISSING"])
      #expect(await reasons { try await story.reveal(token, "好奇", as: story.stranger) } == ["JURISDICTION_MISMATCH"])
      #expect(try await story.reveal(token, "上门回访前核对地址").identity?.name == "王秀兰花")
      let looks = try await story.looks(token)
      #expect(looks.map(\.personID) == ["person-0144"] && looks.map(\.purpose) == ["上门回访前核对地址"])

      // The visitor is suspended in the directory: no access from that moment on, until the lead names another one.
      try await story.suspendVisitor()
      #expect(await reasons { try await story.reveal(token, "再看一次") } == ["STANDING_LOST"])
      enrolment = try await story.reassign(enrolment, to: "person-0145")
      #expect(try await story.reveal(token, "接手回访", as: story.second).identity?.phone == "13900001234")

      // Nothing of it is told to anybody: no feed has it, no other journal, no clear text on the disk.
      #expect(try await story.feedTypes().allSatisfy { !$0.hasPrefix("enrolment.") && !$0.hasPrefix("programme.") })
      for text in ["王秀兰花", "13900001234", "柳庄村三组18号", "上门回访前核对地址"] {
        #expect(try story.filesWith(Array(text.utf8)) == [], "\(text)")
      }

      // It ends; a year later the token belongs to nobody any more.
      _ = try await story.end(enrolment)
      let key = try story.sealedKey(token)
      #expect(try story.filesWith(key) != [])
      #expect(await reasons { try await story.proof(token) } == ["NOT_ERASED"])
      try await stack.advance(to: "2021-03-10 09:59:59")
      #expect(await reasons { try await story.proof(token) } == ["NOT_ERASED"])
      #expect(try await story.reveal(token, "复核保存期限", as: story.officer).identity?.name == "王秀兰花")
      try await stack.advance(to: "2021-03-10 10:00:01")
      #expect(await reasons { try await story.reveal(token, "还能看到吗", as: story.officer) } == ["IDENTITY_ERASED"])
      let proof = try await story.proof(token)
      #expect(proof.unresolvable && proof.overwritten && !proof.keyDigest.isEmpty)
      #expect(try story.filesWith(key) == [])
      #expect(try await story.looks(token).map(\.purpose) == ["", "", ""])

      // The chain holds; a line that somebody changed is found.
      let whole = try await story.verify()
      #expect(whole.firstBrokenSeq == 0 && whole.verifiedCount > 8)
      try await stack.expectSoundness()
      // Without its key the file is of no use to anybody, and another key is never made for it.
      try await stack.stop(.gridRegistry)
      let keyFile = stack.dataFolder(.gridRegistry) + "/care-visit.key"
      try FileManager.default.moveItem(atPath: keyFile, toPath: keyFile + ".away")
      let keyless = try await stack.tryToStart(.gridRegistry)
      #expect(keyless.exitCode == 2)
      #expect(keyless.errors.contains("put the key back"), "\(keyless.errors)")
      try FileManager.default.moveItem(atPath: keyFile + ".away", toPath: keyFile)
      // A line that somebody has changed past the program is found before anybody is served.
      try FileManager.default.copyItem(atPath: story.file, toPath: story.file + ".whole")
      try story.tamper(seq: proof.journalSeq)
      let tampered = try await stack.tryToStart(.gridRegistry)
      #expect(tampered.exitCode == 2)
      #expect(tampered.errors.contains("chain is broken at line \(proof.journalSeq)"), "\(tampered.errors)")
      try FileManager.default.removeItem(atPath: story.file)
      try FileManager.default.moveItem(atPath: story.file + ".whole", toPath: story.file)
      try await stack.start(.gridRegistry)
      try await stack.waitUntilAllAreSeen()
      try await stack.waitUntilTimeIsEverywhere()
    }
  }

  @Test func `S10 care-visit: a lead, an officer and a visitor do it from the terminal`() async throws {
    try await Scenarios.withDrivenCounty(at: "2020-03-10 10:00", variables: ["HUYING_CARE_VISITS": "on"]) { stack in
      let story = try await CareStory(stack)
      let programme = try await story.approve(try await story.propose(CareStory.programme))
      func terminal(_ role: String, _ person: String, _ words: String...) async throws -> CommandResult {
        let session = "\(stack.folder)/\(person).json"
        let login = try await stack.huying(["login", "--as", role, "--person", person, "--quiet"], session: session)
        #expect(login.exitCode == 0, "\(login.errors)")
        return try await stack.huying(["care"] + words + ["--lang", "zh"], session: session)
      }
      let lead = "GRID_LEAD@\(CareStory.village)"
      let visitor = "CARE_VISITOR@\(CareStory.village)"
      let officer = "DPO@county-gov"
      let shown = try await terminal(officer, "care-officer", "programmes")
      #expect(shown.output.contains("独居老人关爱回访") && shown.output.contains("进行中"), "\(shown.output)\(shown.errors)")
      let file = "\(stack.folder)/identity.txt"
      try Data("name=王秀兰花\nphone=13900001234\n".utf8).write(to: URL(fileURLWithPath: file))
      let enrolled = try await terminal(
        lead, "care-lead", "enrol", programme.programmeID, "--consent", "同意书1号", "--identity", file)
      #expect(enrolled.exitCode == 0 && enrolled.output.contains("待批准"), "\(enrolled.output)\(enrolled.errors)")
      #expect(!enrolled.output.contains("王秀兰花"))
      let token = String(try #require(enrolled.output.split(separator: "\n").last).prefix(32))
      let tooEarly = try await terminal(
        lead, "care-lead", "begin", token, "--visitor", "person-0144", "--first", "2020-03-12")
      #expect(tooEarly.exitCode == 73 && tooEarly.errors.contains("ILLEGAL_TRANSITION"), "\(tooEarly.errors)")
      #expect(try await terminal(officer, "care-officer", "approve", token, "--reason", "材料齐全").exitCode == 0)
      let begun = try await terminal(
        lead, "care-lead", "begin", token, "--visitor", "person-0144", "--first", "2020-03-12")
      #expect(begun.exitCode == 0 && begun.output.contains("2020-03-12"), "\(begun.output)\(begun.errors)")
      let seen = try await terminal(visitor, "person-0144", "reveal", token, "--purpose", "上门前核对地址")
      #expect(seen.output.contains("姓名: 王秀兰花") && seen.output.contains("同意书1号"), "\(seen.output)\(seen.errors)")
      let visited = try await terminal(visitor, "person-0144", "visit", token, "--done", "--need", "JIUYI")
      #expect(visited.exitCode == 0 && visited.output.contains("2020-04-09"), "\(visited.output)\(visited.errors)")
      #expect(try await terminal(visitor, "person-0144", "list").output.contains(token))
      #expect(try await story.looks(token).map(\.purpose) == ["上门前核对地址"])
      let over = try await terminal(lead, "care-lead", "end", token, "--declined")
      #expect(over.exitCode == 0 && over.output.contains("已结束"), "\(over.output)\(over.errors)")
      #expect(try await terminal(officer, "care-officer", "verify").output.contains("流水完整"))
      let report = try await terminal(officer, "care-officer", "report", "--month", "2020-03")
      #expect(report.output.contains("person-0144"), "\(report.output)\(report.errors)")
      #expect(try await terminal(officer, "care-officer", "alerts").exitCode == 0)
      let early = try await terminal(officer, "care-officer", "proof", token)
      #expect(early.exitCode == 73 && early.errors.contains("NOT_ERASED"), "\(early.errors)")
      try await stack.advance(to: "2021-03-10 10:00:01")
      let proof = try await terminal(officer, "care-officer", "proof", token)
      #expect(proof.output.contains("无法还原: 是") && proof.output.contains("磁盘已覆写: 是"), "\(proof.output)\(proof.errors)")
    }
  }

  @Test func `S10 care-visit: programme, another visitor and the person's rights from the terminal`() async throws {
    try await Scenarios.withDrivenCounty(at: "2020-03-10 10:00", variables: ["HUYING_CARE_VISITS": "on"]) { stack in
      _ = try await CareStory(stack)
      func terminal(_ role: String, _ person: String, _ words: String...) async throws -> CommandResult {
        let session = "\(stack.folder)/\(person).json"
        let login = try await stack.huying(["login", "--as", role, "--person", person, "--quiet"], session: session)
        #expect(login.exitCode == 0, "\(login.errors)")
        return try await stack.huying(["care"] + words + ["--lang", "zh"], session: session)
      }
      func token(_ result: CommandResult, _ length: Int = 32) throws -> String {
        #expect(result.exitCode == 0, "\(result.output)\(result.errors)")
        return String(try #require(result.output.split(separator: "\n").last).prefix(length))
      }
      let controller = "DEPT_LEADER@county-gov"
      let lead = "GRID_LEAD@\(CareStory.village)"
      let visitor = "CARE_VISITOR@\(CareStory.village)"
      let officer = "DPO@county-gov"
      let help = try await stack.huying(["care", "--help", "--lang", "zh"])
      #expect(help.output.contains("care programme propose") && help.output.contains("care right file"))

      // A programme with everything missing is told everything at once.
      let bare = try await terminal(controller, "care-controller", "programme", "propose", "--name", "独居老人关爱回访")
      #expect(bare.exitCode == 73, "\(bare.errors)")
      for reason in [
        "GROUND_MISSING", "LEGAL_BASIS_MISSING", "PURPOSE_MISSING", "FIELDS_MISSING", "INTERVAL_INVALID",
        "RETENTION_MISSING", "IMPACT_ASSESSMENT_MISSING", "NEED_CODES_INVALID",
      ] { #expect(bare.errors.contains(reason), "\(reason): \(bare.errors)") }
      let proposed = try await terminal(
        controller, "care-controller", "programme", "propose", "--name", "独居老人关爱回访", "--ground", "consent",
        "--basis", "同意书2020-1号文本", "--purpose", "了解独居老人的生活困难", "--field", "name", "--field", "phone", "--every", "30",
        "--keep", "12", "--assessment", "PIA-2020-07", "--need", "JIUYI=就医协助")
      #expect(proposed.output.contains("待批准") && proposed.output.contains("JIUYI 就医协助"), "\(proposed.output)")
      let programme = try token(proposed, 36)
      let approved = try await terminal(officer, "care-officer", "programme", "approve", programme)
      #expect(approved.output.contains("进行中"), "\(approved.output)\(approved.errors)")

      let file = "\(stack.folder)/identity.txt"
      try Data("name=王秀兰花\nphone=13900001234\n".utf8).write(to: URL(fileURLWithPath: file))
      let person = try token(
        try await terminal(lead, "care-lead", "enrol", programme, "--consent", "同意书1号", "--identity", file))
      _ = try token(try await terminal(officer, "care-officer", "approve", person, "--reason", "材料齐全"))
      _ = try token(
        try await terminal(lead, "care-lead", "begin", person, "--visitor", "person-0144", "--first", "2020-03-12"))
      let other = try await terminal(lead, "care-lead", "reassign", person, "--visitor", "person-0145")
      #expect(other.output.contains("person-0145"), "\(other.output)\(other.errors)")
      #expect(try await terminal(visitor, "person-0144", "list").output.contains(person) == false)
      let visited = try await terminal(visitor, "person-0145", "visit", person, "--done", "--need", "JIUYI")
      #expect(visited.exitCode == 0, "\(visited.errors)")
      let shown = try await terminal(lead, "care-lead", "show", person)
      #expect(shown.output.contains("已回访") && shown.output.contains("reassign"), "\(shown.output)\(shown.errors)")

      // What the person asks: to see it, to have it put right, to have it deleted.
      func ask(_ kind: String) async throws -> String {
        try token(
          try await terminal(lead, "care-lead", "right", "file", person, "--kind", kind, "--document", "申请书"), 36)
      }
      let access = try await ask("access")
      let early = try await terminal(officer, "care-officer", "right", "copy", access)
      #expect(early.exitCode == 73 && early.errors.contains("ACCESS_NOT_GRANTED"), "\(early.errors)")
      let list = try await terminal(officer, "care-officer", "right", "list")
      #expect(list.output.contains(access) && list.output.contains("2020-03-31T10:00"), "\(list.output)\(list.errors)")
      let granted = try await terminal(officer, "care-officer", "right", "grant", access, "--reason", "依法准予")
      #expect(granted.output.contains("已准予"), "\(granted.output)\(granted.errors)")
      let copy = try await terminal(officer, "care-officer", "right", "copy", access)
      #expect(copy.output.contains("姓名: 王秀兰花") && copy.output.contains("已回访"), "\(copy.output)\(copy.errors)")
      let correction = try await ask("correction")
      let without = try await terminal(officer, "care-officer", "right", "grant", correction, "--reason", "属实")
      #expect(without.exitCode == 73 && without.errors.contains("IDENTITY_MISSING"), "\(without.errors)")
      try Data("name=王秀兰\nphone=13900001234\n".utf8).write(to: URL(fileURLWithPath: file))
      let corrected = try await terminal(
        officer, "care-officer", "right", "grant", correction, "--reason", "属实", "--identity", file)
      #expect(corrected.output.contains("已准予"), "\(corrected.output)\(corrected.errors)")
      let seen = try await terminal(visitor, "person-0145", "reveal", person, "--purpose", "核对更正")
      #expect(seen.output.contains("姓名: 王秀兰\n"), "\(seen.output)\(seen.errors)")
      let complaint = try await ask("complaint")
      let denied = try await terminal(officer, "care-officer", "right", "deny", complaint, "--reason", "查无此事")
      #expect(denied.output.contains("未准予"), "\(denied.output)\(denied.errors)")
      let looks = try await terminal(officer, "care-officer", "looks", person)
      #expect(looks.output.contains("核对更正"), "\(looks.output)\(looks.errors)")
      let few = try await terminal(officer, "care-officer", "statistics", programme)
      #expect(few.output.contains("不足十人"), "\(few.output)\(few.errors)")
      let busy = try await terminal(controller, "care-controller", "programme", "close", programme)
      #expect(busy.exitCode == 73 && busy.errors.contains("ENROLMENTS_REMAIN"), "\(busy.errors)")
      let deletion = try await ask("deletion")
      let deleted = try await terminal(
        officer, "care-officer", "right", "grant", deletion, "--reason", "本人要求", "-o", "json")
      #expect(deleted.output.contains("\"state\":\"STATE_GRANTED\""), "\(deleted.output)\(deleted.errors)")
      let proof = try await terminal(officer, "care-officer", "proof", person)
      #expect(proof.output.contains("无法还原: 是"), "\(proof.output)\(proof.errors)")
      let closed = try await terminal(controller, "care-controller", "programme", "close", programme)
      #expect(closed.output.contains("已结束"), "\(closed.output)\(closed.errors)")
      let unknown = try await terminal(officer, "care-officer", "programme", "approve", "no-such")
      #expect(unknown.exitCode == 64 + 5 && unknown.errors.contains("PROGRAMME_NOT_FOUND"), "\(unknown.errors)")
      let word = try await terminal(lead, "care-lead", "right", "file", person, "--kind", "everything")
      #expect(word.exitCode == 64 && word.errors.contains("correction"), "\(word.errors)")
    }
  }

  @Test func `S10 care-visit: where the county has not switched it on, it says so, and there is no file`() async throws
  {
    try await Scenarios.withCounty { stack in
      let channel = try await stack.channel(.dataProtectionOfficer)
      #expect(
        await reasons { try await CareVisitV1.ProgrammeServiceClient(channel).listProgrammes(.init()) }
          == ["CARE_VISITS_DISABLED"])
      let files = try FileManager.default.contentsOfDirectory(atPath: stack.dataFolder(.gridRegistry))
      #expect(files.filter { $0.hasPrefix("care-visit") } == [])
    }
  }
}

/// The people of the story at their desks, entered into the directory.
private struct CareStory {
  typealias V1 = CareVisitV1

  static let village = "village-379922001201"
  static let programme = V1.Programme(
    name: "独居老人关爱回访", ground: .consent, legalBasisRef: "同意书2020-1号文本", purpose: "了解独居老人的生活困难",
    allowedFields: [.name, .phone, .address], visitIntervalDays: 30, retentionMonths: 12,
    impactAssessmentRef: "PIA-2020-07", needCodes: [.init(code: "JIUYI", name: "就医协助")])

  static func without(basis: Bool, retention: Bool) -> V1.Programme {
    var programme = programme
    if basis { programme.legalBasisRef = "" }
    if retention { programme.retentionMonths = 0 }
    return programme
  }

  let stack: RunningStack
  let controller: RPC.Channel
  let officer: RPC.Channel
  let lead: RPC.Channel
  let visitor: RPC.Channel
  let second: RPC.Channel
  let stranger: RPC.Channel

  init(_ stack: RunningStack) async throws {
    self.stack = stack
    let persons = GridRegistryV1.PersonServiceClient(try await stack.channel(.countyAdmin))
    let people: [(String, String, Role)] = [
      ("care-controller", "county-gov", .departmentLeader), ("care-officer", "county-gov", .dataProtectionOfficer),
      ("care-lead", Self.village, .gridLead), ("person-0144", Self.village, .careVisitor),
      ("person-0145", Self.village, .careVisitor), ("care-stranger", "center-379922001000", .careVisitor),
    ]
    for (id, organisation, role) in people {
      let known = try? await persons.getPerson(.init(personID: id)).person
      _ = try await persons.upsertPerson(
        .init(
          requestID: requestID(),
          person: .init(
            personID: id, name: known?.name ?? "测试人员", orgID: organisation, post: known?.post ?? "",
            roles: (known?.roles ?? []) + [role.rawValue], localityAreaCode: known?.localityAreaCode ?? "",
            state: .active), expectedVersion: known?.version ?? 0))
    }
    controller = try await stack.channel(.departmentLeader, of: "county-gov", person: "care-controller")
    officer = try await stack.channel(.dataProtectionOfficer, of: "county-gov", person: "care-officer")
    lead = try await stack.channel(.gridLead, of: Self.village, person: "care-lead")
    visitor = try await stack.channel(.careVisitor, of: Self.village, person: "person-0144")
    second = try await stack.channel(.careVisitor, of: Self.village, person: "person-0145")
    stranger = try await stack.channel(.careVisitor, of: "center-379922001000", person: "care-stranger")
  }

  func propose(_ programme: V1.Programme) async throws -> V1.Programme {
    let client = V1.ProgrammeServiceClient(controller)
    return try #require(
      try await client.proposeProgramme(.init(requestID: requestID(), programme: programme)).programme)
  }

  func approve(_ programme: V1.Programme) async throws -> V1.Programme {
    let client = V1.ProgrammeServiceClient(officer)
    return try #require(
      try await client.decideProgramme(
        .init(
          requestID: requestID(), programmeID: programme.programmeID, expectedVersion: programme.version, approved: true
        )
      ).programme)
  }

  func enrol(in programme: V1.Programme) async throws -> V1.Enrolment {
    let client = V1.EnrolmentServiceClient(lead)
    return try #require(
      try await client.proposeEnrolment(
        .init(
          requestID: requestID(), programmeID: programme.programmeID, consentRef: "同意书20200311",
          identity: .init(name: "王秀兰花", phone: "13900001234", address: "柳庄村三组18号"))
      ).enrolment)
  }

  func approve(_ enrolment: V1.Enrolment) async throws -> V1.Enrolment {
    let client = V1.EnrolmentServiceClient(officer)
    return try #require(
      try await client.decideEnrolment(
        .init(
          requestID: requestID(), enrolmentID: enrolment.enrolmentID, expectedVersion: enrolment.version,
          approved: true, decisionReason: "同意书齐全")
      ).enrolment)
  }

  func begin(_ enrolment: V1.Enrolment, on day: String) async throws -> V1.Enrolment {
    let client = V1.EnrolmentServiceClient(lead)
    return try #require(
      try await client.beginEnrolment(
        .init(
          requestID: requestID(), enrolmentID: enrolment.enrolmentID, expectedVersion: enrolment.version,
          visitorPersonID: "person-0144", nextVisitDate: day)
      ).enrolment)
  }

  func reassign(_ enrolment: V1.Enrolment, to person: String) async throws -> V1.Enrolment {
    let client = V1.EnrolmentServiceClient(lead)
    return try #require(
      try await client.reassignEnrolment(
        .init(
          requestID: requestID(), enrolmentID: enrolment.enrolmentID, expectedVersion: enrolment.version,
          visitorPersonID: person)
      ).enrolment)
  }

  func end(_ enrolment: V1.Enrolment) async throws -> V1.Enrolment {
    let client = V1.EnrolmentServiceClient(lead)
    return try #require(
      try await client.endEnrolment(
        .init(
          requestID: requestID(), enrolmentID: enrolment.enrolmentID, expectedVersion: enrolment.version,
          endCause: .needOver)
      ).enrolment)
  }

  func reveal(_ token: String, _ purpose: String, as who: RPC.Channel? = nil) async throws -> V1.RevealIdentityResponse
  {
    try await V1.RevealServiceClient(who ?? visitor).revealIdentity(.init(enrolmentID: token, revealPurpose: purpose))
  }

  func looks(_ token: String) async throws -> [V1.Reveal] {
    try await V1.AuditServiceClient(officer).listReveals(.init(enrolmentID: token)).reveals
  }

  func proof(_ token: String) async throws -> V1.ErasureProof {
    try #require(try await V1.AuditServiceClient(officer).getErasureProof(.init(enrolmentID: token)).proof)
  }

  func verify() async throws -> V1.VerifyCareJournalResponse {
    try await V1.AuditServiceClient(officer).verifyCareJournal(.init())
  }

  /// The first visitor is a member of the team, whom the township suspends.
  func suspendVisitor() async throws {
    let admin = GridRegistryV1.MemberServiceClient(try await stack.channel(.countyAdmin))
    let brought = try await admin.importMembers(
      .init(
        source: "legacy",
        rows: [
          .init(
            externalRef: "m", memberID: "care-member", personID: "person-0144", gridID: "grid-379922001201R001",
            post: .primary, fromDate: "2019-01-01", grade: .member)
        ]))
    #expect(brought.outcomes.allSatisfy { $0.reasons.isEmpty })
    let member = try #require(try await admin.getMember(.init(memberID: "care-member")).member)
    let township = GridRegistryV1.MemberServiceClient(
      try await stack.channel(.townshipLeader, of: SmallCounty.chengguan, person: "care-township"))
    let suspended = try await township.suspendMember(
      .init(
        requestID: requestID(), memberID: member.memberID, expectedVersion: member.version, reasonText: "核查中",
        untilDate: "2020-12-31"))
    #expect(suspended.member?.state == .suspended)
  }

  /// What grid-registry's feed tells of.
  func feedTypes() async throws -> [String] {
    let method = FeedV1.FeedServiceMethods.pullEvents
    let metadata = try stack.signature().sign(.system(county: "379922000000"), path: method.path)
    let client = FeedV1.FeedServiceClient(await stack.direct(.gridRegistry))
    var types: [String] = []
    var position: Int64 = 0
    while true {
      let page = try await client.pullEvents(
        .init(afterSeq: position, pageSize: 500), options: CallOptions(metadata: metadata, timeout: .seconds(10)))
      types += page.events.map(\.eventType)
      position = page.readToSeq
      if position >= page.head?.seq ?? 0 { return types }
    }
  }

  /// The files of all processes that have `bytes` in them.
  func filesWith(_ bytes: [UInt8]) throws -> [String] {
    var found: [String] = []
    for identity in ServiceIdentity.all {
      let folder = stack.dataFolder(identity)
      for file in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
        let data = FileManager.default.contents(atPath: "\(folder)/\(file)") ?? Data()
        if data.range(of: Data(bytes)) != nil { found.append(file) }
      }
    }
    return found
  }

  var file: String { stack.dataFolder(.gridRegistry) + "/care-visit.sqlite" }

  /// The sealed key of an enrolment as it lies on the disk: what whoever copies the file has.
  func sealedKey(_ token: String) throws -> [UInt8] {
    let copy = stack.folder + "/copied.sqlite"
    for suffix in ["", "-wal"] { try FileManager.default.copyItem(atPath: file + suffix, toPath: copy + suffix) }
    let text = try sqlite(copy, "SELECT hex(wrapped_key) FROM vault_keys WHERE enrolment_id = '\(token)'")
    return try #require([UInt8](hexadecimal: text.lowercased()))
  }

  /// Changes a line of the register's journal, past the process, which has stopped.
  func tamper(seq: Int64) throws {
    #expect(
      try sqlite(
        file, "UPDATE journal SET actor_person_id = 'nobody' WHERE seq = \(seq) RETURNING actor_person_id")
        == "nobody")
  }

  /// The first value that a statement gives, past everything of ours.
  private func sqlite(_ path: String, _ sql: String) throws -> String {
    var handle: OpaquePointer?
    var statement: OpaquePointer?
    defer {
      sqlite3_finalize(statement)
      sqlite3_close_v2(handle)
    }
    guard sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, DatabaseFile.wayToFiles) == SQLITE_OK,
      sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK,
      sqlite3_step(statement) == SQLITE_ROW, let text = sqlite3_column_text(statement, 0)
    else { throw StackError("\(sql): \(String(cString: sqlite3_errmsg(handle)))") }
    let value = String(cString: text)
    while sqlite3_step(statement) == SQLITE_ROW {}
    return value
  }
}
