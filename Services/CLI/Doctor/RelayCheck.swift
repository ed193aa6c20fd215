import GatewayContract
import Kernel

/// Whether the services hear each other.
enum RelayCheck {
  /// A service that is behind by more than this for the length of a look has a reason.
  static let lagLimit: Int64 = 10_000

  static func finding(_ route: GatewayV1.RelayRoute) -> Finding {
    finding(
      source: route.source, target: route.target,
      alarm: route.state == .alarm ? RelayWords.explanation(of: route) : "",
      isDown: route.state == .sourceDown ? route.source : route.state == .targetDown ? route.target : "",
      lag: max(0, route.headSeq - route.heardSeq), parked: route.parkedCount)
  }

  /// `isDown` names who does not answer; `alarm` says why the way stands still.
  static func finding(
    source: String, target: String, alarm: String, isDown: String, lag: Int64, parked: Int64
  ) -> Finding {
    let way = "\(source) → \(target)"
    if !alarm.isEmpty {
      return Finding(
        .failure, .relay, way, alarm,
        remedy: Say.of(
          "多因恢复了旧备份：见 docs/operations.md“消息”一节", "usually an older copy was restored: docs/operations.md, \"The relay\""
        ))
    }
    if parked > 0 {
      return Finding(
        .warning, .relay, way, Say.of("滞留 \(parked) 条", "\(parked) parked"),
        remedy: Say.of(
          "huying relay parked 查看原因，消除后 huying relay retry",
          "huying relay parked says why; mend it, then huying relay retry"))
    }
    if !isDown.isEmpty {
      return Finding(
        .warning, .relay, way, Say.of("\(isDown) 未响应", "\(isDown) does not answer"),
        remedy: Say.of("启动 \(isDown)；恢复后自动补齐", "start \(isDown); what was missed is heard by itself"))
    }
    if lag > lagLimit {
      return Finding(
        .warning, .relay, way, Say.of("落后 \(lag) 条", "\(lag) events behind"),
        remedy: Say.of("稍后再查；若不减少，看 \(target) 的日志", "look again; if it does not shrink, read the log of \(target)"))
    }
    return Finding(
      .fine, .relay, way, lag == 0 ? Say.of("已到齐", "caught up") : Say.of("落后 \(lag) 条", "\(lag) events behind"))
  }
}
