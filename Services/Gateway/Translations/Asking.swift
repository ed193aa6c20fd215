import Kernel
import RPC
import ResponsibilityListContract
import Runtime

/// Asks responsibility-list whose matter something is, on behalf of a caller.
struct Asking {
  let backends: Backends
  let signature: ActorSignature

  /// What is asked about: an answer that there is already, or a text.
  struct Matter {
    var determinationID: String
    var text: String
    var townshipCode: String
    var isDryRun = false
  }

  /// The determination that is named; a new one from the text if none is, or if it is not there.
  func determination(
    of matter: Matter, _ context: ServerContext
  ) async throws(Status) -> ResponsibilityListV1.Determination? {
    let client = ResponsibilityListV1.DeterminationServiceClient(backends.responsibilityList.channel)
    let methods = ResponsibilityListV1.DeterminationServiceMethods.self
    if !matter.determinationID.isEmpty {
      do throws(Status) {
        let request = ResponsibilityListV1.GetDeterminationRequest(determinationID: matter.determinationID)
        return try await client.getDetermination(request, options: options(methods.getDetermination, context))
          .determination
      } catch  where error.code == .notFound && !matter.text.isEmpty {
        // A determination that is not there is made anew below.
      }
    }
    let request = ResponsibilityListV1.DetermineRequest(
      question: .init(text: matter.text, townshipCode: matter.townshipCode), dryRun: matter.isDryRun)
    return try await client.determine(request, options: options(methods.determine, context)).determination
  }

  /// The time that is left, and the caller's own actor.
  func options(_ method: MethodDescriptor, _ context: ServerContext) -> CallOptions {
    var options = CallOptions(within: context)
    if let actor = try? context.actor { signature.add(actor, path: method.path, to: &options.metadata) }
    return options
  }
}
