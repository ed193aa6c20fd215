import Access
import Journal
import Kernel
import Persistence
import RPC
import ResponsibilityListContract
import ResponsibilityListDomain
import ResponsibilityListStore
import Runtime
import Wire

/// Answers questions and keeps the answers.
struct Determiner: Sendable {
  /// Candidates that are stored with an answer.
  static let storedCandidates = 3

  let shell: CommandShell
  let content: ListContent
  let library: ListLibrary
  let store: DeterminationStore

  /// Compares the question with the list in force on its day.
  func answer(_ question: Question, in reading: some Reading) throws -> Determination {
    let list = try content.list(inForceOn: question.asOf, in: reading)
    return Determination.decide(
      question, against: try library.index(of: list, in: reading), of: list.reference,
      in: try library.view(ofTownship: question.townshipCode, in: reading), engineVersion: library.engineVersion,
      digest: shell.cryptography.sha256)
  }

  /// Keeps the answers that are not kept yet, with their texts, sealed: asking twice writes one row.
  func keep(_ answers: [(determination: Determination, text: String)], _ context: ServerContext) async throws {
    let missing = try shell.readInline { reading in
      try answers.filter { !(try store.exists($0.determination.id, in: reading)) }
    }
    guard !missing.isEmpty else { return }
    try await shell.apply(as: context.actor) { command in
      for (determination, text) in missing where !(try store.exists(determination.id, in: command.tx)) {
        try keep(determination, text, command)
      }
    }
  }

  private func keep(_ determination: Determination, _ text: String, _ command: CommandTransaction) throws {
    let answer = ResponsibilityListV1.Determination(determination, candidateCount: Self.storedCandidates).stripped
    let sealed = try command.sealedTexts.seal(
      text, kind: "determination.text", aggregateID: determination.id, in: command.tx)
    try store.save(
      .init(
        id: determination.id, townshipCode: determination.townshipCode, askerPersonID: command.actor.personID,
        askerOrganisationID: command.actor.organisationID, listVersionID: determination.list.id,
        verdict: determination.verdict.rawValue, itemCode: answer.itemCode, makeTime: command.now,
        sealedTextID: sealed.id, answer: answer.encoded()), in: command.tx)
    let made = ResponsibilityListV1.DeterminationMade(
      determinationID: determination.id, townshipCode: determination.townshipCode,
      asOfDate: determination.asOf.description, verdict: answer.verdict, itemCode: answer.itemCode,
      mainLevel: determination.best.map { .init($0.main.level, prefix: "SUBJECT_LEVEL_") } ?? .unspecified,
      mainOrgID: determination.best?.main.organisationID ?? "", confidencePermille: answer.confidencePermille,
      listVersionID: answer.listVersionID, listNumber: answer.listNumber, engineVersion: answer.engineVersion,
      directoryVersion: answer.directoryVersion, text: .init(sealedID: sealed.id, digest: sealed.digest),
      answer: answer)
    try command.record(
      eventType: "determination.made", aggregateType: "determination", aggregateID: determination.id, version: 1,
      correlationID: determination.id, payload: ResponsibilityListV1.DeterminationEvent(event: .made(made)).encoded())
  }
}
