import Access
import FeedContract
import Kernel
import PerformanceEvaluationContract
import PerformanceEvaluationService
import Persistence
import RPC
import Runtime
import TestSupport
import WireTypes

/// A running performance-evaluation and its neighbours' journals, as the relay would bring them.
final class Relay {
  typealias V1 = PerformanceEvaluationV1

  static let town = "379922001000"
  static let village = "379922200000"

  let bench: ServiceBench
  let service: PerformanceEvaluationService
  /// Everything sent so far, so that it can be sent again.
  private(set) var sent: [V1.Message] = []
  private var seqs: [String: Int64] = [:]
  private var heard: [String: Int64] = [:]

  init(configuration: DatabaseConfiguration = DatabaseConfiguration()) throws {
    bench = try ServiceBench(migrations: PerformanceEvaluationService.migrations, configuration: configuration)
    service = PerformanceEvaluationService(shell: bench.shell, county: AreaCode("379922000000") ?? Self.unreachable)
  }

  private static var unreachable: AreaCode { preconditionFailure("twelve digits are a code") }

  /// A message of `source` that happened on `day`.
  func message(_ source: String, _ content: V1.Message.OneOfContent, on day: Double = 0) -> V1.Message {
    let seq = seqs[source, default: 0] + 1
    seqs[source] = seq
    return V1.Message(
      origin: FeedV1.Origin(
        source: source, sourceEpoch: "\(source)-epoch", seq: seq, eventID: "\(source)-\(seq)",
        occurTime: .init(Story.day(day))), content: content)
  }

  func fact(
    _ caseID: String, _ change: V1.CaseFact.Change, on day: Double, reported: Double = 20,
    township: String = Relay.town, source: String = "", verdict: V1.Verdict = .unspecified, onTime: Bool = true,
    grid: String = "", level: V1.CaseFact.Level = .unspecified, found: V1.CaseFact.Discovery = .unspecified
  ) -> V1.Message {
    message(
      "dispute",
      .caseFact(
        V1.CaseFact(
          change: change, caseID: caseID, number: "DJ-\(caseID)", townshipCode: township, gridID: grid, level: level,
          discovery: found, importSource: source, reportTime: .init(Story.day(reported)),
          dueTime: [.reported, .moved, .taken].contains(change) ? .init(Story.day(reported + 30)) : nil,
          verdict: verdict,
          closing: change == .closed ? V1.CaseClosing(closeTime: .init(Story.day(day)), onTime: onTime) : nil)),
      on: day)
  }

  func call(
    _ callID: String, _ event: V1.CallFact.OneOfEvent, on day: Double, department: String = "D1", source: String = ""
  ) -> V1.Message {
    message(
      "dispatch",
      .callFact(
        V1.CallFact(
          callID: callID, number: "HY-\(callID)", townshipCode: Self.town, mainOrgID: department, importSource: source,
          event: event)), on: day)
  }

  /// Brings `messages`; each says how far its source was heard before it.
  @discardableResult
  func deliver(_ batch: [V1.Message]) async throws -> V1.ReceiveMessagesResponse {
    let messages = batch.map { message in
      var message = message
      guard let origin = message.origin, !origin.parked else { return message }
      message.origin?.afterSeq = heard[origin.source, default: 0]
      heard[origin.source] = max(heard[origin.source, default: 0], origin.seq)
      return message
    }
    let response = try await service.inbox.receiveMessages(
      .init(messages: messages), context: bench.context(V1.InboxServiceMethods.receiveMessages, as: .system))
    sent += batch
    return response
  }

  /// What the relay does after a failure: it asks anew where the target stands, which here is nowhere.
  func forgetWhatWasHeard() { heard = [:] }

  func scorecard(_ subject: V1.Subject, _ scope: V1.Scope? = nil) async throws -> V1.Scorecard {
    let response = try await service.scorecards.getScorecard(
      .init(subject: subject, scope: scope),
      context: bench.context(V1.ScorecardServiceMethods.getScorecard, as: .levelClerk))
    return response.scorecard ?? .init()
  }

  /// Of the county, of a township and of a grid, on day 60.
  func cards() async throws -> [V1.Scorecard] {
    var cards: [V1.Scorecard] = []
    for subject in [
      V1.Subject(subjectClass: .county), .init(subjectClass: .township, subjectID: Self.town),
      .init(subjectClass: .grid, subjectID: "g1"),
    ] {
      cards.append(try await scorecard(subject, .init(asOfTime: .init(Story.day(60)))))
      cards[cards.count - 1].scope = nil
    }
    return cards
  }

  func checksum() async throws -> String {
    try await service.rebuild.getWatermarks(
      .init(), context: bench.context(V1.RebuildServiceMethods.getWatermarks, as: .levelClerk)
    ).checksum
  }

  /// The twelve reports of the worked example, as facts.
  func twelve() -> [V1.Message] {
    [
      fact("01", .reported, on: 20, grid: "g1", found: .patrol), fact("01", .taken, on: 20, grid: "g1", level: .grid),
      fact("01", .closed, on: 21, grid: "g1", level: .grid),
      fact("02", .reported, on: 20, found: .patrol), fact("02", .taken, on: 20, level: .village),
      fact("02", .closed, on: 24, level: .village),
      fact("03", .reported, on: 20, verdict: .self, found: .round), fact("03", .taken, on: 20, level: .village),
      fact("03", .taken, on: 25, level: .community), fact("03", .closed, on: 30, level: .community),
      fact("04", .reported, on: 20, verdict: .call, found: .citizen), fact("04", .taken, on: 20, level: .village),
      fact("04", .closed, on: 55, onTime: false, level: .village),
      fact("05", .reported, on: 35, reported: 35, found: .hotline),
      fact("05", .taken, on: 35, reported: 35, level: .village),
      fact("05", .taken, on: 36, reported: 35, level: .community),
      fact("05", .taken, on: 37, reported: 35, level: .township),
      fact("05", .closed, on: 38, reported: 35, level: .township), fact("05", .reopened, on: 58, reported: 35),
      fact("06", .reported, on: 20, found: .patrol), fact("06", .taken, on: 21, level: .village),
      fact("07", .reported, on: 50, reported: 50, found: .citizen),
      fact("07", .taken, on: 51, reported: 50, level: .village),
      fact("08", .reported, on: 20, found: .industry), fact("08", .taken, on: 21, level: .industry),
      fact("08", .terminated, on: 40), fact("09", .reported, on: 20), fact("09", .merged, on: 21),
      fact("10", .reported, on: 20), fact("10", .withdrawn, on: 21), fact("11", .reported, on: 20),
      fact("11", .rejected, on: 21),
      fact("12", .reported, on: 20, township: Relay.village, source: "file.jsonl", grid: "g2", found: .patrol),
      fact("12", .taken, on: 20, township: Relay.village, source: "file.jsonl", grid: "g2", level: .grid),
      fact("12", .closed, on: 22, township: Relay.village, source: "file.jsonl", grid: "g2", level: .grid),
    ]
  }

  /// A call in time, solved at once; and one refused by N1.
  func twoCalls() -> [V1.Message] {
    [
      call("1", .submitted(.init()), on: 20, department: ""), call("1", .dispatched(.init()), on: 21),
      call("1", .signed(.init(responseClock: .init(round: 1, dueTime: .init(Story.day(23))))), on: 21),
      call("1", .responded(.init(round: 1, onTime: true, workingMinutes: 90, rated: true)), on: 22),
      call("1", .verified(.init(verdict: .solved, workRound: 1)), on: 24), call("1", .closed(.init()), on: 24),
      call("2", .submitted(.init()), on: 20, department: ""),
      call("2", .refused(.init(refusedRules: ["N1"])), on: 20, department: ""),
    ]
  }
}
