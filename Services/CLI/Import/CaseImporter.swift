import CommonContract
import Crypto
import DispatchContract
import DisputeContract
import Foundation
import Kernel
import RPC
import ResponsibilityListContract
import WireTypes

/// The main job on real input: each message is determined, becomes a matter with its whole way replayed, and, where an agency
/// or the county had to help, a coordination task or a call.
///
/// What waits: a service that does not answer (gateway, dispute, responsibility-list) is waited for, and the batch is sent
/// again; rows are unique by (source, id), so nothing happens twice. dispatch is fed beside it and may be down for a while.
struct CaseImporter: Sendable {
  /// Rows sent at once.
  static let batchRows = 200
  /// Text sent at once: well below the largest message.
  static let batchBytes = 1 << 20

  let source: String
  let township: Township
  let client: ImportClients
  let patience: Patience

  /// The township that the messages were sent to.
  struct Township: Sendable {
    let orgID: String
    let code: String
    let name: String
  }

  /// What became of one line.
  struct Outcome: Sendable {
    enum Result: Sendable, Equatable {
      case added
      case alreadyThere
      case refused(String)
    }
    let line: CaseLine
    let result: Result
    let verdict: DisputeV1.DeterminationRef.Verdict
    /// What dispatch is to be told; `nil` where it has no part.
    let errand: DispatchErrand?
  }

  /// Takes in one batch. Returns only when dispute has everything, however long it takes.
  func take(_ lines: [CaseLine]) async throws -> [Outcome] {
    let known = try await lookUp(lines)
    let new = lines.filter { known[$0.id] == nil }
    var outcomes: [Outcome] = []
    for line in lines {
      guard let there = known[line.id] else { continue }
      let determination = try await stored(there)
      outcomes.append(
        Outcome(
          line: line, result: .alreadyThere, verdict: there.determination?.verdict ?? .unspecified,
          errand: determination.flatMap { errand(for: line, $0) }))
    }
    return outcomes + (new.isEmpty ? [] : try await add(new))
  }

  private func lookUp(_ lines: [CaseLine]) async throws -> [String: DisputeV1.ImportedCase] {
    let request = DisputeV1.LookupImportsRequest(source: source, externalRefs: lines.map(\.id))
    let answer = try await patience.keepTrying("dispute") { () async throws(Status) in
      try await client.disputeImports.lookupImports(request, options: .batch)
    }
    return Dictionary(answer.importedCases.map { ($0.externalRef, $0) }, uniquingKeysWith: { first, _ in first })
  }

  private func add(_ lines: [CaseLine]) async throws -> [Outcome] {
    let questions = lines.map { line in
      ResponsibilityListV1.Question(text: line.question, townshipCode: township.code)
    }
    let request = ResponsibilityListV1.DetermineBatchRequest(
      requestID: RequestID.fresh, questions: questions, candidateCount: 1)
    let answers = try await patience.keepTrying("responsibility-list") { () async throws(Status) in
      try await client.determinations.determineBatch(request, options: .batch)
    }.answers
    var rows: [DisputeV1.CaseRow] = []
    var taken: [(CaseLine, ResponsibilityListV1.Determination)] = []
    var outcomes: [Outcome] = []
    for (line, answer) in zip(lines, answers) {
      guard let determination = answer.determination else {
        outcomes.append(refused(line, answer.reasons))
        continue
      }
      rows.append(row(line, determination))
      taken.append((line, determination))
    }
    let imported = try await importCases(rows)
    for result in imported where taken.indices.contains(Int(result.row)) {
      let (line, determination) = taken[Int(result.row)]
      guard result.result != .refused else {
        outcomes.append(refused(line, result.reasons))
        continue
      }
      outcomes.append(
        Outcome(
          line: line, result: result.result == .added ? .added : .alreadyThere,
          verdict: .init(determination.verdict), errand: errand(for: line, determination)))
    }
    return outcomes
  }

  /// A township that dispute has not heard of yet is UNAVAILABLE there, and waited for like a service that is down.
  private func importCases(_ rows: [DisputeV1.CaseRow]) async throws -> [CommonV1.ImportOutcome] {
    guard !rows.isEmpty else { return [] }
    let request = DisputeV1.ImportCasesRequest(
      requestID: RequestID.fresh, source: source, rows: rows)
    return try await patience.keepTrying("dispute") { () async throws(Status) in
      try await client.disputeImports.importCases(request, options: .batch)
    }.outcomes
  }

  private func refused(_ line: CaseLine, _ reasons: [CommonV1.RefusalReason]) -> Outcome {
    return Outcome(
      line: line, result: .refused(RefusalText.of(reasons)), verdict: .unspecified, errand: nil)
  }

  private func row(_ line: CaseLine, _ determination: ResponsibilityListV1.Determination) -> DisputeV1.CaseRow {
    let verdict = DisputeV1.DeterminationRef.Verdict(determination.verdict)
    return DisputeV1.CaseRow(
      externalRef: line.id, caseID: name("case", line), kind: .matter, discovery: .hotline,
      townshipOrgID: township.orgID, title: line.title, narrative: line.text,
      reportTime: GoogleProtobuf.Timestamp(line.time), closeTime: line.replyTime.map { GoogleProtobuf.Timestamp($0) },
      determination: .init(
        determinationID: determination.determinationID, verdict: verdict, itemCode: determination.itemCode,
        listVersion: determination.listNumber),
      taskID: verdict == .agency ? name("task", line) : "", callID: verdict == .call ? name("call", line) : "",
      settlementText: line.reply)
  }

  /// The determination of a case that is here already, if dispatch has a part in it: an earlier run may have ended between the two.
  private func stored(_ there: DisputeV1.ImportedCase) async throws -> ResponsibilityListV1.Determination? {
    guard !there.taskID.isEmpty || !there.callID.isEmpty, let id = there.determination?.determinationID else {
      return nil
    }
    return try await patience.keepTrying("responsibility-list") { () async throws(Status) in
      try await client.determinations.getDetermination(.init(determinationID: id), options: .batch)
    }.determination
  }

  private func errand(
    for line: CaseLine, _ determination: ResponsibilityListV1.Determination
  ) -> DispatchErrand? {
    switch determination.verdict {
    case .agency: .task(taskRow(line, determination))
    case .call: .call(callRow(line, determination))
    default: nil
    }
  }

  private func taskRow(
    _ line: CaseLine, _ determination: ResponsibilityListV1.Determination
  ) -> DispatchV1.CoordinationTaskRow {
    let agency = determination.agencies.first
    let finish = line.replyTime.map { GoogleProtobuf.Timestamp($0) }
    return DispatchV1.CoordinationTaskRow(
      externalRef: line.id, taskID: name("task", line), townshipOrgID: township.orgID, townshipCode: township.code,
      agencyOrgID: agency?.orgID ?? "", agencyType: agency?.agencyType ?? "", itemCode: determination.itemCode,
      determinationID: determination.determinationID, caseID: name("case", line), ask: line.title,
      requestTime: GoogleProtobuf.Timestamp(line.time), finishTime: finish,
      result: finish == nil ? "" : line.answer)
  }

  private func callRow(_ line: CaseLine, _ determination: ResponsibilityListV1.Determination) -> DispatchV1.CallRow {
    let finish = line.replyTime.map { GoogleProtobuf.Timestamp($0) }
    return DispatchV1.CallRow(
      externalRef: line.id, callID: name("call", line), townshipOrgID: township.orgID, townshipCode: township.code,
      kind: .reasoned, channel: .online, ground: .noAuthority, caseIDs: [name("case", line)],
      narrative: line.text.isEmpty ? line.subject : line.text, determination: .init(imported: determination),
      submitTime: GoogleProtobuf.Timestamp(line.time), closeTime: finish, result: finish == nil ? "" : line.answer,
      outcome: finish == nil ? .unspecified : .solved)
  }

  /// The id that a record of this line has, whoever asks and however often: made of source and line id.
  private func name(_ kind: String, _ line: CaseLine) -> String {
    UUIDv7.named(digest: SHA256.hash(data: Data("\(kind)\u{0}\(source)\u{0}\(line.id)".utf8)))
  }
}

extension CaseLine {
  /// What is asked of the list.
  var question: String { subject.isEmpty ? text : "\(subject)\n\(text)" }
  /// A message without a subject is titled by its first characters.
  var title: String { subject.isEmpty ? String(text.prefix(40)) : subject }
  var answer: String { reply.isEmpty ? "已答复" : reply }
}

extension DisputeV1.DeterminationRef.Verdict {
  init(_ verdict: ResponsibilityListV1.Determination.Verdict) {
    self =
      switch verdict {
      case .`self`: .`self`
      case .agency: .agency
      case .call: .call
      case .ambiguous: .ambiguous
      case .offList: .offList
      case .unspecified, .unrecognized: .unspecified
      }
  }
}

extension DispatchV1.DeterminationFinding {
  /// What the list said at the import, for the record.
  init(imported determination: ResponsibilityListV1.Determination) {
    let best = determination.candidates.first
    self.init(
      availability: .available, determinationID: determination.determinationID, verdict: .call,
      itemCode: determination.itemCode, itemTitle: best?.title ?? "", listVersion: determination.listNumber)
    mainLevel = .county
    mainOrgID = best?.main?.orgID ?? ""
    assistOrgIDs = best?.assists.map(\.orgID) ?? []
    agencyTypes = best?.agencyTypes ?? []
  }
}

extension CallOptions {
  /// A batch takes a second or two; half a minute is for a busy disk.
  static var batch: CallOptions { CallOptions(timeout: .seconds(30)) }
}

/// The clients that an import uses.
struct ImportClients: Sendable {
  let determinations: ResponsibilityListV1.DeterminationServiceClient
  let disputeImports: DisputeV1.ImportServiceClient
  let dispatchImports: DispatchV1.ImportServiceClient

  init(_ channel: Channel) {
    determinations = .init(channel)
    disputeImports = .init(channel)
    dispatchImports = .init(channel)
  }
}
