import Access
import CommonContract
import FeedContract
import Journal
import Kernel
import Persistence
import RPC
import ResponsibilityListContract
import ResponsibilityListDomain
import Runtime
import TestSupport
import Testing
import Wire
import WireTypes

@testable import ResponsibilityListService

/// Questions asked of a published list, on a real database.
struct DeterminationServiceTests {
  typealias V1 = ResponsibilityListV1

  static let environment = V1.OrganisationHeard(
    orgID: "dept-env", name: "市生态环境局沭安分局", organisationKind: "COUNTY_DEPT")
  static let agency = V1.OrganisationHeard(
    orgID: "agency-env", name: "城关街道生态环境所", organisationKind: "DISPATCHED_AGENCY", townshipCode: "379922001000",
    agencyType: "生态环境所", departmentOrgID: "dept-env")

  static func published() async throws -> Stack {
    let stack = try Stack()
    try await stack.draft()
    try await stack.publish("2019-1", effective: "2019-04-20")
    return stack
  }

  @Test func `asking twice keeps one answer, a dry run none, and all three are the same bytes`() async throws {
    let stack = try await Self.published()
    try await stack.hear([Self.environment, Self.agency])
    let before = try stack.journal().count
    let dry = try await stack.ask("村口有人偷倒工业污水到河里", dryRun: true)
    #expect(try stack.journal().count == before)
    let first = try await stack.ask("村口有人偷倒工业污水到河里")
    let second = try await stack.ask("村口有人偷倒工业污水到河里")
    #expect(first.encoded() == dry.encoded() && second.encoded() == first.encoded())
    #expect(try stack.journal().count == before + 1)
    #expect(first.verdict == .agency && first.itemCode == "ST-04" && first.directoryVersion == 2)
    #expect(first.agencies.map(\.orgID) == ["agency-env"])
    #expect(first.candidates.first?.main?.orgID == "dept-env")
    #expect(first.candidates.first?.townshipDuties.isEmpty == false)
    let kept = try await stack.determinations.getDetermination(
      .init(determinationID: first.determinationID), context: stack.by(.callOffice)
    ).determination
    #expect(kept?.candidates == first.candidates && kept?.makeTime?.kernel == stack.bench.clock.now)
    #expect(kept?.text.isEmpty == true)
  }

  @Test func `the directory decides between agency and call, and old answers stay`() async throws {
    let stack = try await Self.published()
    let before = try await stack.ask("偷排")
    #expect(before.verdict == .call && before.directoryVersion == 0)
    try await stack.hear([Self.environment, Self.agency])
    let after = try await stack.ask("偷排")
    #expect(after.verdict == .agency && after.determinationID != before.determinationID)
    var closed = Self.agency
    closed.closed = true
    let delivery = try await stack.hear([closed], from: 3)
    #expect(delivery.appliedCount == 1 && delivery.refusal == nil && delivery.position?.seq == 3)
    #expect(try await stack.ask("偷排").verdict == .call)
    let kept = try await stack.determinations.getDetermination(
      .init(determinationID: before.determinationID), context: stack.by(.levelClerk))
    #expect(kept.determination?.verdict == .call)
  }

  @Test func `F03 authority is the county's or the township's: a village heard of changes no answer`() async throws {
    #expect(SubjectLevel.allCases == [.county, .township])
    let stack = try await Self.published()
    try await stack.hear([
      .init(orgID: "village", name: "某村", organisationKind: "VILLAGE", townshipCode: "379922001000")
    ])
    #expect(try await stack.ask("偷排").directoryVersion == 0)
  }

  @Test func `the day decides which list is asked`() async throws {
    let stack = try await Self.published()
    var moved = DemoList.rows
    let row = try #require(moved.firstIndex { $0.externalRef == "ST-04" })
    moved[row].item?.subjects[0].orgName = "水利局"
    try await stack.draft("2020-1", moved)
    try await stack.publish("2020-1", effective: "2020-06-01")
    let before = try await stack.ask("偷排", on: "2020-05-31")
    let after = try await stack.ask("偷排", on: "2020-06-01")
    #expect(before.candidates.first?.main?.orgName == "市生态环境局沭安分局" && before.listNumber == "2019-1")
    #expect(after.candidates.first?.main?.orgName == "水利局" && after.listNumber == "2020-1")
    #expect(try await stack.ask("偷排", on: "2020-05-31").encoded() == before.encoded())
  }

  @Test func `without a list nothing is determined`() async throws {
    let stack = try Stack()
    await #expect { try await stack.ask("偷排") } throws: {
      ListVersionLifecycleTests.codes($0) == ["NO_LIST_IN_FORCE"]
    }
  }

  @Test func `the citizen's words lie sealed, and reading them is written down`() async throws {
    let stack = try await Self.published()
    let text = "我是张三，村口有人偷倒工业污水到河里"
    let asked = try await stack.ask(text)
    for entry in try stack.journal() {
      #expect(!String(decoding: entry.payload, as: UTF8.self).contains("张三"))
    }
    let request = V1.GetDeterminationRequest(
      determinationID: asked.determinationID, withText: true, readReason: "核对")
    let read = try await stack.determinations.getDetermination(request, context: stack.by(.callOffice))
    #expect(read.determination?.text == text)
    #expect(try stack.journal().last?.eventType == JournalDraft.personalReadType)
    await #expect {
      try await stack.determinations.getDetermination(
        request, context: stack.by(.departmentClerk, person: "other", org: "elsewhere"))
    } throws: { ListVersionLifecycleTests.codes($0) == ["TEXT_NOT_YOURS"] }
  }

  @Test func `a batch answers each question by itself`() async throws {
    let stack = try await Self.published()
    let questions = ["偷排", "", "路边垃圾成堆没人清", "偷排"].map {
      V1.Question(text: $0, townshipCode: "379922001000")
    }
    let before = try stack.journal().count
    let answers = try await stack.determinations.determineBatch(
      .init(questions: questions), context: stack.by(.integration)
    ).answers
    #expect(answers.map { $0.determination?.itemCode ?? "" } == ["ST-04", "", "CJ-06", "ST-04"])
    #expect(answers[1].reasons.map(\.reason) == ["TEXT_MISSING"])
    #expect(try stack.journal().count == before + 2)
    await #expect {
      try await stack.determinations.determineBatch(
        .init(questions: Array(repeating: questions[0], count: 201)), context: stack.by(.integration))
    } throws: { ListVersionLifecycleTests.codes($0) == ["BATCH_SIZE_INVALID"] }
  }
}
