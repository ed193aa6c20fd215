import DispatchContract
import GridRegistryContract
import Kernel
package import RPC
import ResponsibilityListContract
package import Runtime
import Wire

// Before dispatch judges a call (SubmitCall, CheckAdmission), it is told what responsibility-list says of the matter: the
// determination that the call names, else a new one from its text and township. If responsibility-list does not answer, it is
// told that.

/// Fills in what dispatch needs to know and cannot know.
package struct DeterminationForCall: RPC.Service {
  private let backends: Backends
  private let asking: Asking

  package init(backends: Backends, signature: ActorSignature) {
    self.backends = backends
    asking = Asking(backends: backends, signature: signature)
  }

  package var handlers: [MethodHandler] {
    [
      .unary(DispatchV1.CallServiceMethods.submitCall) { try await submitCall($0, $1) },
      .unary(DispatchV1.CallServiceMethods.checkAdmission) { try await checkAdmission($0, $1) },
    ]
  }

  private var calls: DispatchV1.CallServiceClient { .init(backends.dispatch.channel) }

  private func submitCall(
    _ request: DispatchV1.SubmitCallRequest, _ context: ServerContext
  ) async throws -> DispatchV1.SubmitCallResponse {
    guard request.determination == nil else { throw Refused(.invalidArgument, .determinationGiven) }
    var enriched = request
    enriched.determination = try await finding(of: try await storedMatter(request.callID, context), context)
    return try await calls.submitCall(
      enriched, options: asking.options(DispatchV1.CallServiceMethods.submitCall, context))
  }

  private func checkAdmission(
    _ request: DispatchV1.CheckAdmissionRequest, _ context: ServerContext
  ) async throws -> DispatchV1.CheckAdmissionResponse {
    guard request.determination == nil else { throw Refused(.invalidArgument, .determinationGiven) }
    var matter: Asking.Matter
    if let draft = request.draft {
      matter = Asking.Matter(determinationID: draft.determinationID, text: draft.narrative, townshipCode: "")
      matter.townshipCode = await townshipCode(of: draft.townshipOrgID, context)
    } else {
      matter = try await storedMatter(request.callID, context)
    }
    matter.isDryRun = true
    var enriched = request
    enriched.determination = try await finding(of: matter, context)
    return try await calls.checkAdmission(
      enriched, options: asking.options(DispatchV1.CallServiceMethods.checkAdmission, context))
  }

  private func storedMatter(_ callID: String, _ context: ServerContext) async throws -> Asking.Matter {
    let method = DispatchV1.CallServiceMethods.getCall
    let answer = try await calls.getCall(.init(callID: callID), options: asking.options(method, context))
    let call = answer.call ?? .init()
    return Asking.Matter(
      determinationID: call.determinationID, text: call.narrative, townshipCode: call.townshipCode)
  }

  /// Empty if grid-registry does not know it or does not answer.
  private func townshipCode(of organisation: String, _ context: ServerContext) async -> String {
    let client = GridRegistryV1.OrganisationServiceClient(backends.gridRegistry.channel)
    let method = GridRegistryV1.OrganisationServiceMethods.getOrganisation
    let answer = try? await client.getOrganisation(.init(orgID: organisation), options: asking.options(method, context))
    return answer?.organisation?.townshipCode ?? ""
  }

  /// What responsibility-list says, in dispatch's words; `nil` where there is nothing to ask about.
  private func finding(of matter: Asking.Matter, _ context: ServerContext) async throws -> DispatchV1
    .DeterminationFinding?
  {
    guard !matter.determinationID.isEmpty || !matter.text.isEmpty else { return nil }
    do throws(Status) {
      guard let determination = try await asking.determination(of: matter, context) else { return nil }
      let item = await item(of: determination, context)
      return DispatchV1.DeterminationFinding(determination, item)
    } catch {
      switch error.code {
      case .invalidArgument: return nil
      case .cancelled, .unauthenticated, .permissionDenied: throw error
      default: return .init(availability: .unavailable, directoryNote: error.message)
      }
    }
  }

  /// The item with its manual; `nil` if there is none, or it cannot be had.
  private func item(
    of determination: ResponsibilityListV1.Determination, _ context: ServerContext
  ) async -> ResponsibilityListV1.Item? {
    guard !determination.itemCode.isEmpty else { return nil }
    let client = ResponsibilityListV1.ItemServiceClient(backends.responsibilityList.channel)
    let request = ResponsibilityListV1.GetItemRequest(
      itemCode: determination.itemCode, listVersionID: determination.listVersionID)
    let method = ResponsibilityListV1.ItemServiceMethods.getItem
    return try? await client.getItem(request, options: asking.options(method, context)).item
  }
}

extension DispatchV1.DeterminationFinding {
  /// responsibility-list's answer in dispatch's words.
  fileprivate init(_ determination: ResponsibilityListV1.Determination, _ item: ResponsibilityListV1.Item?) {
    self.init(
      availability: .available, determinationID: determination.determinationID, verdict: .init(determination.verdict),
      itemCode: determination.itemCode, listVersion: determination.listNumber,
      directoryNote: "directory \(determination.directoryVersion)")
    let candidates = determination.candidates
    if let best = candidates.first(where: { $0.itemCode == determination.itemCode }) ?? candidates.first { fill(best) }
    if let office = item?.manual?.offices.first {
      manualOffice = office.officeName
      manualPhone = office.phone
    }
  }

  private mutating func fill(_ best: ResponsibilityListV1.Candidate) {
    itemTitle = best.title
    if let main = best.main {
      mainLevel = main.level == .township ? .township : .county
      mainOrgID = main.level == .township ? "" : main.orgID
    }
    assistOrgIDs = best.assists.map(\.orgID)
    agencyTypes = best.agencyTypes
    townshipDuty = best.townshipDuties.map(\.text).joined(separator: "；")
    bases = best.bases.map { basis in basis.article.isEmpty ? basis.title : "\(basis.title) \(basis.article)" }
  }
}

extension DispatchV1.DeterminationFinding.Verdict {
  fileprivate init(_ verdict: ResponsibilityListV1.Determination.Verdict) {
    self =
      switch verdict {
      case .`self`: .`self`
      case .agency: .agency
      case .call: .call
      case .offList: .offList
      case .ambiguous: .ambiguous
      case .unspecified, .unrecognized: .unspecified
      }
  }
}

extension Reason {
  static let determinationGiven = Reason(
    "DETERMINATION_GIVEN", zh: "职责判定由系统填写，请勿自行提供。",
    en: "The determination is filled in by the system; do not send one.", field: "determination")
}
