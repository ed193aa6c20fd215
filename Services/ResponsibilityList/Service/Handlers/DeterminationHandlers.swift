import CommonContract
import Kernel
import RPC
import ResponsibilityListContract
import ResponsibilityListDomain
import Runtime

/// Whose matter is this.
struct DeterminationHandlers: ResponsibilityListV1.DeterminationService {
  /// Texts up to this size are compared here and now (under a millisecond); longer ones go to a reader's thread.
  private static let inlineBytes = 8_000
  /// Questions in one batch: more would hold a reader for too long.
  private static let mostQuestions = 200

  let determiner: Determiner

  func determine(
    _ request: ResponsibilityListV1.DetermineRequest, context: ServerContext
  ) async throws -> ResponsibilityListV1.DetermineResponse {
    let count = try Self.candidateCount(request.candidateCount, default: 3)
    let question = try Question(request.question, asOf: try day(request.asOfDate))
    let text = request.question?.text ?? ""
    let answer = try await answer(question, isShort: text.utf8.count <= Self.inlineBytes)
    if !request.dryRun { try await determiner.keep([(answer, text)], context) }
    return .init(determination: .init(answer, candidateCount: count))
  }

  func determineBatch(
    _ request: ResponsibilityListV1.DetermineBatchRequest, context: ServerContext
  ) async throws -> ResponsibilityListV1.DetermineBatchResponse {
    let count = try Self.candidateCount(request.candidateCount, default: 1)
    let day = try day(request.asOfDate)
    guard request.questions.count <= Self.mostQuestions else {
      throw Refused(.invalidArgument, .tooManyRows.at("questions").with("most", String(Self.mostQuestions)))
    }
    let answers = try await self.answers(request.questions, asOf: day)
    if !request.dryRun {
      try await determiner.keep(
        zip(answers, request.questions).compactMap { answer, question in
          (try? answer.get()).map { ($0, question.text) }
        }, context)
    }
    return .init(answers: answers.map { .init($0, candidateCount: count) })
  }

  func getDetermination(
    _ request: ResponsibilityListV1.GetDeterminationRequest, context: ServerContext
  ) async throws -> ResponsibilityListV1.GetDeterminationResponse {
    var determination = try determiner.shell.readInline { try determiner.kept(request.determinationID, in: $0) }
    if request.withText {
      determination.text = try await determiner.text(
        of: request.determinationID, reason: request.readReason, context)
    }
    return .init(determination: determination)
  }

  private func answer(_ question: Question, isShort: Bool) async throws -> Determination {
    if isShort { return try determiner.shell.readInline { try determiner.answer(question, in: $0) } }
    return try await determiner.shell.read { try determiner.answer(question, in: $0) }
  }

  /// Each question answered or refused by itself; a list that is missing refuses them all.
  private func answers(
    _ questions: [ResponsibilityListV1.Question], asOf day: CivilDate
  ) async throws -> [Result<Determination, Refused>] {
    try await determiner.shell.read { reading in
      try questions.map { message in
        let question: Question
        do throws(Refused) { question = try Question(message, asOf: day) } catch { return .failure(error) }
        return .success(try determiner.answer(question, in: reading))
      }
    }
  }

  private func day(_ text: String) throws(Refused) -> CivilDate {
    try RequestedDay.parse(text, field: "as_of_date", now: determiner.shell.time.now())
  }

  private static func candidateCount(_ asked: Int32, default fallback: Int) throws(Refused) -> Int {
    guard (0...Int32(Determination.keptCandidates)).contains(asked) else {
      throw Refused(.invalidArgument, .candidateCountInvalid)
    }
    return asked == 0 ? fallback : Int(asked)
  }
}

extension ResponsibilityListV1.BatchAnswer {
  fileprivate init(_ answer: Result<Determination, Refused>, candidateCount: Int) {
    switch answer {
    case .success(let determination): self.init(determination: .init(determination, candidateCount: candidateCount))
    case .failure(let refused): self.init(reasons: refused.reasons.map { .init($0) })
    }
  }
}

extension Reason {
  static let candidateCountInvalid = Reason(
    "CANDIDATE_COUNT_INVALID", zh: "候选事项数为1至10。", en: "1 to 10 candidates can be asked for.",
    field: "candidate_count")
}
