package import Kernel
package import RPC
package import TimeContract
import WireTypes

/// `huying.time.v1` of one process: its own time, and its own timers.
struct TimeHandlers: TimeV1.TimeService {
  let time: DrivenTime
  let timers: TimerSet

  func getTime(_ request: TimeV1.GetTimeRequest, context: ServerContext) async throws -> TimeV1.GetTimeResponse {
    .init(nowTime: .init(time.now), nextTimerTime: try await timers.next().map { .init($0) })
  }

  func advanceTime(
    _ request: TimeV1.AdvanceTimeRequest, context: ServerContext
  ) async throws -> TimeV1.AdvanceTimeResponse {
    let target = try request.target
    let fired = try await timers.advance(time, to: target)
    return .init(
      nowTime: .init(time.now), nextTimerTime: try await timers.next().map { .init($0) }, firedCount: Int64(fired))
  }
}

extension TimeV1.AdvanceTimeRequest {
  /// Where to; refuses `TARGET_TIME_MISSING`.
  package var target: Timestamp {
    get throws(Refused) {
      guard let target = toTime?.kernel else { throw Refused(.invalidArgument, .targetTimeMissing) }
      return target
    }
  }
}

/// How business time travels with a call: `huying-now`, RFC 3339. Read only where time is driven.
package enum NowMetadata {
  /// The metadata's name.
  package static let name = "huying-now"
}

/// Takes "now" from the metadata of calls that were let in; it never goes back.
struct DrivenTimeInterceptor: ServerInterceptor {
  let time: DrivenTime

  func begin(_ context: inout ServerContext) throws {
    guard !context.method.isOpen, let text = context.metadata[NowMetadata.name] else { return }
    guard let instant = Timestamp(rfc3339: text) else { throw Refused(.invalidArgument, .nowInvalid) }
    time.move(to: instant)
    context.metadata.remove(NowMetadata.name)
  }
}

/// Tells with every call what time it is: the gateway's calls to the services, where time is driven.
package struct NowTeller: ClientInterceptor {
  private let time: DrivenTime

  package init(_ time: DrivenTime) { self.time = time }

  package func begin(_ method: MethodDescriptor, _ options: inout CallOptions) throws(Status) {
    options.metadata.remove(NowMetadata.name)
    options.metadata.append(NowMetadata.name, time.now.rfc3339)
  }
}

extension Reason {
  static let targetTimeMissing = Reason(
    "TARGET_TIME_MISSING", zh: "请说明时间推进到何时。", en: "Say which instant time moves to.", field: "to_time")
  static let nowInvalid = Reason(
    "NOW_INVALID", zh: "元数据 huying-now 不是有效时间。", en: "The metadata huying-now is no RFC 3339 instant.")
}
