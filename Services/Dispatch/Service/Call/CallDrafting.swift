import Access
import CommonContract
import DispatchContract
import DispatchDomain
import DispatchStore
import Kernel
import Runtime

extension Desk {
  /// A new call, or the one that the other system has named before (I7: double delivery gives the same call).
  func draft(_ draft: DispatchV1.CallDraft) throws -> Call {
    guard !draft.townshipOrgID.isEmpty else { throw Refused(.invalidArgument, .missing("draft.township_org_id")) }
    if !draft.externalRef.isEmpty, let channel = draft.channel.named(Call.Channel.self),
      let known = try records.calls.find(
        importSource: "", channel: channel, externalRef: draft.externalRef, in: command.tx)
    {
      return try records.call(known.text)
    }
    let parts = try Call.parts(
      of: actor, townshipOrgID: draft.townshipOrgID, call: nil, in: records.directory)
    let id = ID<Call>(UUIDv7.make(at: now))
    let content = try CallContent(draft, seal: sealing(id))
    let identity = Call.Identity(
      id: id, number: try records.calls.nextNumber(year: CivilDate(now).year, in: command.tx),
      townshipOrgID: draft.townshipOrgID, townshipCode: try records.townshipCode(draft.townshipOrgID),
      externalRef: draft.externalRef)
    return try open(identity, content, circumstances(as: parts))
  }

  /// A department speaks for itself only.
  func expectOwn(department orgID: String) throws {
    guard try records.directory.isOfDepartment(actor.organisationID, orgID) else {
      throw Refused(.permissionDenied, .jurisdictionMismatch)
    }
  }
}

extension Records {
  /// What surrounds `call`; a finding that nobody filled in is one that could not be had.
  func surroundings(
    _ finding: DispatchV1.DeterminationFinding?, of call: Call, at now: Timestamp
  ) throws -> AdmissionSurroundings {
    try surroundings(
      finding?.domain ?? .unavailable, townshipOrgID: call.identity.townshipOrgID,
      townshipCode: call.identity.townshipCode, caseIDs: call.content.caseIDs, at: now)
  }

  /// What `SubmitCall` would answer now: the same function on the same facts, nothing written.
  func checkAdmission(
    _ request: DispatchV1.CheckAdmissionRequest, for actor: Actor, at now: Timestamp
  ) throws -> DispatchV1.CheckAdmissionResponse {
    let call = try request.callID.isEmpty ? unwritten(request.draft ?? .init(), at: now) : self.call(request.callID)
    guard try !parts(of: actor, call).isEmpty else { throw Refused(.permissionDenied, .jurisdictionMismatch) }
    let facts = AdmissionFacts(call.content, try surroundings(request.determination, of: call, at: now), at: now)
    return .init(
      admission: .init(facts.judge(round: call.submissionRound + 1, at: now)),
      missing: call.missingForSubmission(by: actor).map { CommonV1.RefusalReason($0) })
  }

  /// The draft as a call that is nowhere.
  private func unwritten(_ draft: DispatchV1.CallDraft, at now: Timestamp) throws -> Call {
    guard !draft.townshipOrgID.isEmpty else { throw Refused(.invalidArgument, .missing("draft.township_org_id")) }
    let content = try CallContent(draft) { text, field, _ in
      text.isEmpty ? nil : SealedText(id: field, digest: [])
    }
    let identity = Call.Identity(
      id: "", number: "", townshipOrgID: draft.townshipOrgID, townshipCode: try townshipCode(draft.townshipOrgID))
    return Call(identity: identity, version: 0, state: .draft, content: content, draftTime: now)
  }
}
