import DisputeContract
package import GatewayContract
import Kernel
package import RPC
package import Runtime
import WireTypes

/// `JourneyService`: one matter's way, put together from the services' own answers. Reads only.
package struct JourneyHandlers: GatewayV1.JourneyService {
  /// How long a journey waits for its services where the caller sets no deadline.
  static let patience: Duration = .seconds(5)

  private let sources: JourneySources

  package init(backends: Backends, signature: ActorSignature) {
    sources = JourneySources(backends: backends, signature: signature)
  }

  package func getJourney(
    _ request: GatewayV1.GetJourneyRequest, context: ServerContext
  ) async throws -> GatewayV1.GetJourneyResponse {
    guard !request.number.isEmpty else { throw Refused(.invalidArgument, .journeyNumberMissing) }
    // Everything else is asked with a little less time than the caller has, so that a slow service costs its part, not the whole.
    let deadline = min(context.deadline ?? .now + Self.patience, .now + Self.patience) - .milliseconds(100)
    let record = try await sources.caseRecord(request.number, context, deadline)
    // A part that stands still leaves time for the names: whose turn it was not is not missing.
    let parts = await sources.parts(of: record, context, deadline - (deadline - .now) / 4)
    var entries = parts.flatMap { (try? $0.entries.get()) ?? [] }
    entries.sort(by: GatewayV1.JourneyEntry.precedes)
    let names = await sources.names(of: Set(entries.map(\.orgID)), context, deadline)
    for index in entries.indices {
      entries[index].orgName = names.found[entries[index].orgID] ?? entries[index].orgID
    }
    var missing = parts.compactMap { part in (try? part.entries.get()) == nil ? part.service : nil }
    if names.isMissing { missing.append("grid-registry") }
    return .init(
      caseID: record.caseID, number: record.number, title: record.title,
      state: String(record.state.protoName.dropFirst("STATE_".count)), entries: entries, partial: !missing.isEmpty,
      missingServices: Set(missing).sorted())
  }
}

extension GatewayV1.JourneyEntry {
  /// The order of a journey: (occur_time, service, seq).
  static func precedes(_ left: Self, _ right: Self) -> Bool {
    let times = (left.occurTime?.kernel ?? .init(seconds: 0), right.occurTime?.kernel ?? .init(seconds: 0))
    if times.0 != times.1 { return times.0 < times.1 }
    return (left.service, left.seq) < (right.service, right.seq)
  }
}

extension Reason {
  static let journeyNumberMissing = Reason(
    "JOURNEY_NUMBER_MISSING", zh: "请提供案件编号。", en: "Say which case: its number or id.", field: "number")
}
