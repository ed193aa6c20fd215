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
import WireTypes

extension Determiner {
  /// A kept answer, whole again.
  func kept(_ id: String, in reading: some Reading) throws -> ResponsibilityListV1.Determination {
    let stored = try stored(id, in: reading)
    let list = try content.list(id: stored.listVersionID, in: reading)
    let answer = try ResponsibilityListV1.Determination(decoding: stored.answer)
    var whole = answer.completed(from: try library.index(of: list, in: reading).items)
    whole.makeTime = .init(stored.makeTime)
    return whole
  }

  /// The asked text, for those who may read it; the reading is written down in the same transaction.
  func text(of id: String, reason: String, _ context: ServerContext) async throws -> String {
    guard !reason.allSatisfy(\.isWhitespace) else { throw Refused(.invalidArgument, .readReasonMissing) }
    return try await shell.apply(as: context.actor) { command in
      let stored = try stored(id, in: command.tx)
      guard Self.mayRead(stored, command.actor) else { throw Refused(.permissionDenied, .textNotYours) }
      try command.recordPersonalRead(
        of: ["text"], aggregateType: "determination", aggregateID: id, version: 1, reason: reason, correlationID: id)
      return try command.sealedTexts.open(stored.sealedTextID, in: command.tx) ?? ""
    }
  }

  private func stored(_ id: String, in reading: some Reading) throws -> DeterminationStore.Stored {
    guard let stored = try store.load(id, in: reading) else { throw Refused(.notFound, .determinationNotFound) }
    return stored
  }

  private static func mayRead(_ stored: DeterminationStore.Stored, _ actor: Actor) -> Bool {
    switch actor.role {
    case .callOffice, .bianban, .countyAdmin: true
    default:
      stored.askerPersonID == actor.personID
        || (!actor.organisationID.isEmpty && stored.askerOrganisationID == actor.organisationID)
    }
  }
}

extension Reason {
  static let determinationNotFound = Reason(
    "DETERMINATION_NOT_FOUND", zh: "没有这份职责判定。", en: "There is no such determination.")
  static let textNotYours = Reason(
    "TEXT_NOT_YOURS", zh: "原文只有判定人所在单位、呼叫受理办公室、编办和县管理员可以查看。",
    en: "The text is only for who asked it, the call office, the list's keepers and the administrator.")
  static let readReasonMissing = Reason(
    "READ_REASON_MISSING", zh: "请说明查看原文的理由。", en: "Say why the text is read.", field: "read_reason")
}
