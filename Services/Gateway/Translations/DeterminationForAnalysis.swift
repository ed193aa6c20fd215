import DisputeContract
import Kernel
package import RPC
import ResponsibilityListContract
package import Runtime

// What a case's determination says is what responsibility-list says, not what a client writes. RecordAnalysis is told the list's answer:
// the determination that the caller names, else the case's own, else a new one from what was reported. If responsibility-list does not
// answer, the session is recorded without, and the case stays ANALYSING. RecordDetermination and AnalyseCase name one by its id.

/// Fills in what dispute needs to know of the list and cannot know.
package struct DeterminationForAnalysis: RPC.Service {
  private typealias Methods = DisputeV1.AnalysisServiceMethods

  private let backends: Backends
  private let asking: Asking

  package init(backends: Backends, signature: ActorSignature) {
    self.backends = backends
    asking = Asking(backends: backends, signature: signature)
  }

  package var handlers: [MethodHandler] {
    [
      .unary(Methods.recordAnalysis) { try await recordAnalysis($0, $1) },
      .unary(Methods.recordDetermination) { try await recordDetermination($0, $1) },
      .unary(Methods.analyseCase) { try await analyseCase($0, $1) },
    ]
  }

  private var analysis: DisputeV1.AnalysisServiceClient { .init(backends.dispute.channel) }

  private func recordAnalysis(
    _ request: DisputeV1.RecordAnalysisRequest, _ context: ServerContext
  ) async throws -> DisputeV1.RecordAnalysisResponse {
    guard request.finding == nil else { throw Refused(.invalidArgument, .determinationGiven.at("finding")) }
    var (enriched, isUnavailable) = (request, false)
    if let matter = try await matter(of: request, context) {
      do throws(Status) {
        enriched.finding = try await asking.determination(of: matter, context).map { .init($0) }
      } catch {
        switch error.code {
        // Nothing to ask about, which dispute judges.
        case .invalidArgument: break
        case .cancelled, .unauthenticated, .permissionDenied, .notFound: throw error
        default: isUnavailable = true
        }
      }
    }
    var response = try await analysis.recordAnalysis(
      enriched, options: asking.options(Methods.recordAnalysis, context))
    response.determinationUnavailable = isUnavailable
    return response
  }

  private func recordDetermination(
    _ request: DisputeV1.RecordDeterminationRequest, _ context: ServerContext
  ) async throws -> DisputeV1.RecordDeterminationResponse {
    var enriched = request
    enriched.determination = try await named(request.determination, context)
    return try await analysis.recordDetermination(
      enriched, options: asking.options(Methods.recordDetermination, context))
  }

  private func analyseCase(
    _ request: DisputeV1.AnalyseCaseRequest, _ context: ServerContext
  ) async throws -> DisputeV1.AnalyseCaseResponse {
    var enriched = request
    enriched.determination = try await named(request.determination, context)
    return try await analysis.analyseCase(enriched, options: asking.options(Methods.analyseCase, context))
  }

  /// What the list says under the id that is named; without an id there is nothing to ask.
  private func named(
    _ determination: DisputeV1.DeterminationRef?, _ context: ServerContext
  ) async throws -> DisputeV1.DeterminationRef? {
    guard let determination, !determination.determinationID.isEmpty else { return nil }
    let matter = Asking.Matter(determinationID: determination.determinationID, text: "", townshipCode: "")
    return try await asking.determination(of: matter, context).map { .init($0) }
  }

  /// What the session is about; `nil` if the caller may not see the case, or there is none: dispute says so.
  private func matter(
    of request: DisputeV1.RecordAnalysisRequest, _ context: ServerContext
  ) async throws -> Asking.Matter? {
    if let id = request.determination?.determinationID, !id.isEmpty {
      return Asking.Matter(determinationID: id, text: "", townshipCode: "")
    }
    let client = DisputeV1.CaseServiceClient(backends.dispute.channel)
    typealias Cases = DisputeV1.CaseServiceMethods
    let record = try? await client.getCase(
      .init(key: .caseID(request.caseID)), options: asking.options(Cases.getCase, context)
    ).caseRecord
    guard let record else { return nil }
    if let id = record.determination?.determinationID, !id.isEmpty {
      return Asking.Matter(determinationID: id, text: "", townshipCode: "")
    }
    // What was reported is masked in every other answer. The list is asked about the clear text on the caller's behalf, and that is
    // journaled as his reading.
    let clear = try? await client.revealCase(
      .init(
        requestID: request.requestID.prefix(56) + "-matter", caseID: record.caseID,
        purpose: "研判：按责任清单核对事项归属 / analysis: whose matter it is by the list"),
      options: asking.options(Cases.revealCase, context)
    ).caseRecord
    guard let clear else { return nil }
    return Asking.Matter(
      determinationID: "", text: [clear.title, clear.narrative].filter { !$0.isEmpty }.joined(separator: "\n"),
      townshipCode: record.townshipCode)
  }
}

extension DisputeV1.DeterminationRef {
  /// responsibility-list's answer in dispute's words.
  fileprivate init(_ determination: ResponsibilityListV1.Determination) {
    let verdict: Verdict =
      switch determination.verdict {
      case .`self`: .`self`
      case .agency: .agency
      case .call: .call
      case .offList: .offList
      case .ambiguous: .ambiguous
      case .unspecified, .unrecognized: .unspecified
      }
    self.init(
      determinationID: determination.determinationID, verdict: verdict, itemCode: determination.itemCode,
      listVersion: determination.listNumber)
  }
}
