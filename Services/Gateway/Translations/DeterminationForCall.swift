import DispatchContract
package import RPC
import ResponsibilityListContract
import Kernel
import Runtime

// Before dispatch judges a call (SubmitCall, CheckAdmission), it is told what responsibility-list says of the matter: the
// determination that the call names, else a new one from its text and township. If responsibility-list does not answer, it is told that.

/// Fills in what dispatch needs to know and cannot know.
package struct DeterminationForCall: RPC.Service {
  private let backends: Backends
  private let signature: ActorSignature

  package init(backends: Backends, signature: ActorSignature) {
    self.backends = backends
    self.signature = signature
  }

  package var handlers: [MethodHandler] {
    [
      .unary(DispatchV1.CallServiceMethods.submitCall) { try await submitCall($0, $1) },
      .unary(DispatchV1.CallServiceMethods.checkAdmission) { try await checkAdmission($0, $1) },
    ]
  }

  private func submitCall(
    _ request: DispatchV1.SubmitCallRequest, _ context: ServerContext
  ) async throws -> DispatchV1.SubmitCallResponse {
    guard request.determination == nil else { throw Refused(.invalidArgument, .determinationGiven) }
    let call = try await storedCall(request.callID, context)
    var enriched = request
    enriched.determination = try await finding(
      determinationID: call.content.determinationID, text: call.text, townshipCode: call.townshipCode, context)
    return try await calls.submitCall(
      enriched, options: options(DispatchV1.CallServiceMethods.submitCall, context))
  }

  private func checkAdmission(
    _ request: DispatchV1.CheckAdmissionRequest, _ context: ServerContext
  ) async throws -> DispatchV1.CheckAdmissionResponse {
    guard request.determination == nil else { throw Refused(.invalidArgument, .determinationGiven) }
    var enriched = request
    if let draft = request.draft {
      enriched.determination = try await finding(
        determinationID: draft.determinationID, text: draft.narrative, townshipCode: draft.townshipCode, context)
    } else {
      let call = try await storedCall(request.callID, context)
      enriched.determination = try await finding(
        determinationID: call.content.determinationID, text: call.text, townshipCode: call.townshipCode, context)
    }
    return try await calls.checkAdmission(
      enriched, options: options(DispatchV1.CallServiceMethods.checkAdmission, context))
  }
}
