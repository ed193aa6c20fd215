import Feed
import Kernel
package import PerformanceEvaluationContract
import PerformanceEvaluationDomain
import Persistence
package import RPC
import Runtime

/// What the facts say.
package struct ScorecardHandlers: PerformanceEvaluationV1.ScorecardService {
  private let shell: CommandShell
  private let scorebook: Scorebook
  private let inbox = Inbox()

  init(shell: CommandShell, scorebook: Scorebook) {
    self.shell = shell
    self.scorebook = scorebook
  }

  package func listIndicators(
    _ request: PerformanceEvaluationV1.ListIndicatorsRequest, context: ServerContext
  ) async throws -> PerformanceEvaluationV1.ListIndicatorsResponse {
    .init(indicators: Indicator.allCases.map { .init($0) })
  }

  package func getScorecard(
    _ request: PerformanceEvaluationV1.GetScorecardRequest, context: ServerContext
  ) async throws -> PerformanceEvaluationV1.GetScorecardResponse {
    let question = try Question(request.subject, request.scope, at: shell.time.now())
    return try await shell.read { reading in
      let (records, name) = try known(question, reading)
      let card = Scorecard(of: question.subject, in: records.within(question.scope), scope: question.scope)
      return .init(scorecard: .init(card, name: name), watermarks: try watermarks(reading))
    }
  }

  package func listScorecards(
    _ request: PerformanceEvaluationV1.ListScorecardsRequest, context: ServerContext
  ) async throws -> PerformanceEvaluationV1.ListScorecardsResponse {
    let county = PerformanceEvaluationV1.Subject(subjectClass: .county)
    let question = try Question(county, request.scope, at: shell.time.now())
    let (subjectClass, indicator) = try request.ranking
    let page = try Page(request.pageToken, size: request.pageSize, standard: 50, most: 200)
    return try await shell.read { reading in
      let lines = try ranked(subjectClass, by: indicator, question, reading)
      return .init(
        rankedScorecards: page.cut(lines), nextPageToken: page.next(of: lines.count),
        watermarks: try watermarks(reading))
    }
  }

  package func explainIndicator(
    _ request: PerformanceEvaluationV1.ExplainIndicatorRequest, context: ServerContext
  ) async throws -> PerformanceEvaluationV1.ExplainIndicatorResponse {
    let question = try Question(request.subject, request.scope, at: shell.time.now())
    let indicator = try Indicator(code: request.indicatorCode)
    let page = try Page(request.pageToken, size: request.pageSize, standard: 100, most: 1_000)
    return try await shell.read { reading in
      let records = try known(question, reading).records.within(question.scope)
      let evidence = records.evidence(of: indicator, question)
      return .init(
        value: .init(IndicatorValue(indicator, counting: evidence.map(\.contribution)), in: question.scope),
        evidence: page.cut(evidence).map { .init($0.contribution, of: $0.record) },
        nextPageToken: page.next(of: evidence.count))
    }
  }

  package func getHandlingTime(
    _ request: PerformanceEvaluationV1.GetHandlingTimeRequest, context: ServerContext
  ) async throws -> PerformanceEvaluationV1.GetHandlingTimeResponse {
    let subject = request.subject ?? .init(subjectClass: .county)
    let question = try Question(subject, request.scope, at: shell.time.now())
    if case .department = question.subject { throw Refused(.invalidArgument, .handlingTimeOfDepartment) }
    return try await shell.read { reading in
      let records = try known(question, reading).records.within(question.scope)
      let summary = HandlingSummary(of: question.subject, in: records, at: question.scope.asOfTime)
      return .init(handlingTime: .init(summary), watermarks: try watermarks(reading))
    }
  }

  // MARK: - What they share

  /// Refuses `SUBJECT_NOT_FOUND`.
  private func known(
    _ question: Question, _ reading: ReadTransaction
  ) throws -> (records: Records, name: String) {
    let records = try scorebook.records(for: question, in: reading)
    guard let name = try scorebook.name(of: question.subject, in: records, reading) else {
      throw Refused(.notFound, .subjectNotFound)
    }
    return (records, name)
  }

  private func ranked(
    _ subjectClass: SubjectClass, by indicator: Indicator, _ question: Question, _ reading: ReadTransaction
  ) throws -> [PerformanceEvaluationV1.RankedScorecard] {
    let records = try scorebook.records(for: question, in: reading).within(question.scope)
    let subjects = try scorebook.subjects(of: subjectClass, in: records, reading)
    let names = Dictionary(subjects.map { ($0.subject, $0.name) }) { first, _ in first }
    let cards = subjects.map { Scorecard(of: $0.subject, in: records, scope: question.scope) }
    return League(cards, by: indicator).lines.map { .init($0, name: names[$0.scorecard.subject] ?? "") }
  }

  private func watermarks(_ reading: ReadTransaction) throws -> [PerformanceEvaluationV1.Watermark] {
    try inbox.positions(in: reading).map { .init($0) }
  }
}

extension PerformanceEvaluationV1.ListScorecardsRequest {
  /// Refuses `SUBJECT_CLASS_MISSING`, `INDICATOR_UNKNOWN`, `INDICATOR_NOT_RANKABLE`.
  fileprivate var ranking: (SubjectClass, Indicator) {
    get throws(Refused) {
      let ranked: SubjectClass? =
        switch subjectClass {
        case .township: .township
        case .department: .department
        case .county, .grid, .unspecified, .unrecognized: nil
        }
      guard let ranked else { throw Refused(.invalidArgument, .rankedClassMissing) }
      let standard = ranked == .township ? Indicator.onTimeClosingRate : .responseRate
      let indicator = rankIndicatorCode.isEmpty ? standard : try Indicator(code: rankIndicatorCode)
      guard indicator.definition.measure == .ratio, indicator.definition.subjects.contains(ranked) else {
        throw Refused(.invalidArgument, .indicatorNotRankable)
      }
      return (ranked, indicator)
    }
  }
}

extension Records {
  /// What `indicator` counts for the subject, in the order of the records' ids.
  fileprivate func evidence(
    of indicator: Indicator, _ question: Question
  ) -> [(record: EvidenceRecord, contribution: Contribution)] {
    let (subject, now) = (question.subject, question.scope.asOfTime)
    if indicator.countsCases {
      return cases.compactMap { record in
        record.contribution(to: indicator, of: subject, at: now).map {
          (EvidenceRecord(kind: .case, id: record.caseID, number: record.number), $0)
        }
      }
    }
    return calls.flatMap { record in
      record.contributions(to: indicator, of: subject, at: now).map {
        (EvidenceRecord(kind: .call, id: record.callID, number: record.number), $0)
      }
    }
  }
}

/// A page of something that is computed whole: how many went before, how many are asked.
private struct Page {
  let offset: Int
  let size: Int

  /// Refuses `PAGE_TOKEN_INVALID`.
  init(_ token: String, size: Int32, standard: Int, most: Int) throws(Refused) {
    guard let offset = token.isEmpty ? 0 : Int(token), offset >= 0 else {
      throw Refused(.invalidArgument, .pageTokenInvalid)
    }
    self.offset = offset
    self.size = size <= 0 ? standard : min(Int(size), most)
  }

  func cut<Item>(_ items: [Item]) -> [Item] { Array(items.dropFirst(offset).prefix(size)) }

  func next(of count: Int) -> String { count - offset > size ? String(offset + size) : "" }
}
