import GatewayContract
import Kernel
import WireTypes

/// Whether the services hear each other.
enum RelayCheck {
  /// A service that is behind by more than this for the length of a look has a reason.
  static let lagLimit: Int64 = 10_000

  /// So long is somebody reminded of events that a restored source no longer knows; looking at them takes days, not months.
  static let reminderDays = 30.0

  /// What services had heard and their source no longer knows: each is to be looked at by somebody.
  static func findings(lost events: [GatewayV1.LostEvent], now: Double) -> [Finding] {
    Dictionary(grouping: events) { "\($0.source) → \($0.target)" }.sorted { $0.key < $1.key }.map { way, events in
      let last = events.compactMap { $0.noteTime?.kernel.microseconds }.max() ?? 0
      let isNews = now - Double(last) / 1_000_000 < reminderDays * 86_400
      let end = Timestamp(microseconds: last) + .days(Int64(reminderDays))
      let until = isNews ? Say.of("（提醒至 \(end.shanghai.prefix(10))）", " (said until \(end.shanghai.prefix(10)))") : ""
      return Finding(
        isNews ? .warning : .note, .relay, way,
        Say.of(
          "来源恢复后失去 \(events.count) 条事件\(until)", "\(events.count) events were lost when the source was restored\(until)"
        ),
        remedy: Say.of(
          "huying relay lost 逐条列出：核对其影响，需要的重新录入",
          "huying relay lost names them: look at what each did, and enter again what is needed"))
    }
  }

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
