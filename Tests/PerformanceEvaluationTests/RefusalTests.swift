import Access
import Feed
import FeedContract
import Journal
import Kernel
import PerformanceEvaluationContract
import PerformanceEvaluationService
import PerformanceEvaluationStore
import Persistence
import RPC
import Runtime
import TestSupport
import Testing
import WireTypes

/// What is refused, and why.
struct RefusalTests {
  typealias V1 = PerformanceEvaluationV1

  static func codes(_ body: () async throws -> Void) async -> [String] {
    do {
      try await body()
      return []
    } catch let refused as Refused {
      return refused.reasons.map(\.code)
    } catch {
      return ["\(error)"]
    }
  }

  // swift-format-ignore
  @Test(arguments: [
    (V1.Subject(),                                                      V1.Scope(),  ["SUBJECT_CLASS_MISSING"]),
    (V1.Subject(subjectClass: .township),                               V1.Scope(),  ["SUBJECT_ID_MISSING"]),
    (V1.Subject(subjectClass: .department),                             V1.Scope(),  ["SUBJECT_ID_MISSING"]),
    (V1.Subject(subjectClass: .township, subjectID: "379922000000"),    V1.Scope(),  ["TOWNSHIP_CODE_INVALID"]),
    (V1.Subject(subjectClass: .township, subjectID: "379922009000"),    V1.Scope(),  ["SUBJECT_NOT_FOUND"]),
    (V1.Subject(subjectClass: .department, subjectID: "D9"),            V1.Scope(),  ["SUBJECT_NOT_FOUND"]),
    (V1.Subject(), V1.Scope(fromTime: .init(Story.day(2)), toTime: .init(Story.day(2))), ["SUBJECT_CLASS_MISSING", "WINDOW_INVALID"]),
  ])
  func `a scorecard of nobody is refused with every reason`(
    subject: V1.Subject, scope: V1.Scope, expected: [String]
  ) async throws {
    let relay = try Relay()
    #expect(await Self.codes { _ = try await relay.scorecard(subject, scope) } == expected)
  }

  @Test(arguments: [
    (V1.Subject.SubjectClass.county, "", "", ["SUBJECT_CLASS_MISSING"]), (.township, "K99", "", ["INDICATOR_UNKNOWN"]),
    (.township, "K09", "", ["INDICATOR_NOT_RANKABLE"]), (.department, "K12", "", ["INDICATOR_NOT_RANKABLE"]),
    (.township, "", "x", ["PAGE_TOKEN_INVALID"]), (.department, "", "", []),
  ])
  func `a ranking needs a class and a ratio of it`(
    subjectClass: V1.Subject.SubjectClass, code: String, token: String, expected: [String]
  ) async throws {
    let relay = try Relay()
    let context = relay.bench.context(V1.ScorecardServiceMethods.listScorecards, as: .auditor)
    let codes = await Self.codes {
      _ = try await relay.service.scorecards.listScorecards(
        .init(subjectClass: subjectClass, rankIndicatorCode: code, pageToken: token), context: context)
    }
    #expect(codes == expected)
  }

  @Test func `handling time is no department's, and an unknown indicator has no evidence`() async throws {
    let relay = try Relay()
    let context = relay.bench.context(V1.ScorecardServiceMethods.getHandlingTime, as: .auditor)
    let department = V1.Subject(subjectClass: .department, subjectID: "D1")
    #expect(
      await Self.codes {
        _ = try await relay.service.scorecards.getHandlingTime(.init(subject: department), context: context)
      } == ["HANDLING_TIME_OF_DEPARTMENT"])
    #expect(
      await Self.codes {
        _ = try await relay.service.scorecards.explainIndicator(
          .init(subject: department, indicatorCode: "K98"), context: context)
      } == ["INDICATOR_UNKNOWN"])
  }

  @Test func `an incomplete fact stops the batch behind what went before`() async throws {
    let relay = try Relay()
    let right = relay.fact("1", .reported, on: 1)
    let wrong = relay.message("dispute", .caseFact(.init(change: .closed, caseID: "2")), on: 2)
    let response = try await relay.deliver([right, wrong])
    #expect(response.appliedCount == 1)
    #expect(response.refusal?.reason == "FACT_INCOMPLETE")
    #expect(response.refusal?.retriable == false)
  }

  @Test func `a wrong calendar is refused`() async throws {
    let relay = try Relay()
    let wrong = relay.message("grid-registry", .calendar(.init(year: 2020, restDates: ["2021-05-01"])))
    #expect(try await relay.deliver([wrong]).refusal?.reason == "CALENDAR_INVALID")
  }

  @Test func `every RPC says who may call it`() {
    let methods =
      V1.ScorecardServiceMethods.all + V1.RebuildServiceMethods.all + V1.InboxServiceMethods.all
    #expect(Set(V1.accessRules.keys) == Set(methods.map(\.path)))
    for method in V1.InboxServiceMethods.all { #expect(V1.accessRules[method.path]?.roles == [.system]) }
    #expect(V1.accessRules.values.allSatisfy { $0.everyRole || !$0.roles.isEmpty })
  }

  @Test func `no statement walks over a growing table`() throws {
    let bench = try ServiceBench(migrations: PerformanceEvaluationService.migrations)
    #expect(try bench.database.unindexedScans(in: PerformanceEvaluationMigrations.statements) == [])
  }
}
