import Foundation
import Runtime

/// What the processes say of themselves on their admin ports.
enum ProcessCheck {
  /// What one process has shown; `nil`: nobody answers there.
  struct Reading {
    let isServing: Bool
    let isTimeDriven: Bool
    let page: MetricsPage
    /// The time here, before and after its numbers were asked for.
    let before: Double
    let after: Double
  }

  static func read(_ address: String) async throws -> Reading {
    let health = try await AdminPage.get("/health", at: address)
    let before = Date().timeIntervalSince1970
    let metrics = try await AdminPage.get("/metrics", at: address)
    return Reading(
      isServing: health.status == 200, isTimeDriven: health.text.contains("driven"),
      page: MetricsPage(metrics.text), before: before, after: Date().timeIntervalSince1970)
  }

  /// The log is folded in at 4,000 pages; ten times that means that something holds it.
  static let logPageLimit = 40_000.0

  static func findings(_ service: String, _ reading: Reading) -> [Finding] {
    var findings: [Finding] = []
    let page = reading.page
    if !reading.isServing {
      findings.append(
        Finding(
          .failure, .process, service, Say.of("在运行但不提供服务", "runs and does not serve"),
          remedy: Say.of("看它的日志（docker compose logs \(service)）", "read its log (docker compose logs \(service))")))
    }
    if reading.isTimeDriven {
      findings.append(
        Finding(
          .warning, .time, service,
          Say.of("业务时间由调用推动：仅供测试和演示", "its business time is driven: for tests and the demo county"),
          remedy: Say.of("正式使用须 --time real，换新的数据目录", "for real work: --time real, and a new data folder")))
    } else if let theirs = page.sum("process_clock_seconds") {
      findings.append(TimeCheck.finding(service, theirs: theirs, before: reading.before, after: reading.after))
    }
    let pages = page.sum("huying_storage_wal_pages") ?? 0
    if pages > logPageLimit {
      findings.append(
        Finding(
          .warning, .files, service,
          Say.of("预写日志有 \(Int(pages)) 页", "its write-ahead log has \(Int(pages)) pages"),
          remedy: Say.of("有读者长期占用；重启该服务即折叠", "a reader holds it: restart the service, which folds it in")))
    }
    let inner =
      page.sum("rpc_server_call_duration_seconds_count") { ["13", "15"].contains($0["rpc_grpc_status_code"]) } ?? 0
    if inner > 0 {
      findings.append(
        Finding(
          .warning, .process, service,
          Say.of("启动以来 \(Int(inner)) 次内部错误", "\(Int(inner)) calls failed inside since it started"),
          remedy: Say.of("日志中 level 为 error 的行说明原因", "the lines of level error in its log say why")))
    }
    if let due = page.sum("huying_timers_overdue_seconds"), due > 60 {
      findings.append(
        Finding(
          .failure, .time, service,
          Say.of("有定时已过 \(Int(due)) 秒未触发", "a timer has been due for \(Int(due)) s and does not fire"),
          remedy: Say.of("日志中 message 为 timers 的行说明原因", "the lines with message timers in its log say why")))
    }
    findings += sealing(service, page)
    let glitches = page.sum("rpc_server_connections_closed_total") { $0["reason"] == "glitches" } ?? 0
    if glitches > 0 {
      findings.append(
        Finding(
          .note, .process, service,
          Say.of("断开了 \(Int(glitches)) 个行为异常的连接", "\(Int(glitches)) connections were ended for flooding"),
          remedy: Say.of("看日志中的 peer", "its log names the peers")))
    }
    if findings.allSatisfy({ $0.severity <= .note }) {
      let memory = DiskCheck.size(UInt64(max(0, page.sum("process_resident_memory_bytes") ?? 0)))
      findings.append(
        Finding(.fine, .process, service, Say.of("正常服务，内存 \(memory)", "serves, with \(memory) of memory")))
    }
    return findings
  }

  /// How the service stands with its sealing keys.
  private static func sealing(_ service: String, _ page: MetricsPage) -> [Finding] {
    var findings: [Finding] = []
    if let refused = page.sum("huying_sealing_keys_refused"), refused > 0 {
      findings.append(
        Finding(
          .failure, .files, service,
          Say.of(
            "封存密钥文件少了仍需要的密钥：服务沿用原来的，下次启动将拒绝",
            "its sealing key file lacks a key that is needed: it goes on with those it had, and would not start again"),
          remedy: Say.of("把那一行放回密钥文件；日志写明是哪一个", "put the line back into the key file; its log says which")))
    }
    if let unreadable = page.sum("huying_sealing_unreadable"), unreadable > 0 {
      findings.append(
        Finding(
          .warning, .files, service,
          Say.of("\(Int(unreadable)) 处封存内容任何密钥都打不开", "\(Int(unreadable)) sealed pieces open with none of its keys"),
          remedy: Say.of(
            "保留全部密钥，找回缺少的密钥文件或恢复备份", "keep every key; find the key file they were sealed with, or restore a backup")))
    }
    // The register of care visits keeps all its keys.
    for series in page.all("huying_sealing_key") where series.labels["database"] == nil {
      let key = series.labels["key"] ?? ""
      switch series.labels["use"] {
      case "unused":
        findings.append(
          Finding(
            .note, .files, service, Say.of("封存密钥 \(key) 已不再需要", "the sealing key \(key) is needed no more"),
            remedy: Say.of(
              "huying keys drop secrets/\(service)-sealing.key \(key) --into 文件",
              "huying keys drop secrets/\(service)-sealing.key \(key) --into FILE")))
      case "opens":
        findings.append(
          Finding(
            .note, .files, service,
            Say.of("密钥 \(key) 封存的内容尚未全部重新封存", "what the key \(key) has sealed is not all sealed anew yet")))
      default: break
      }
    }
    return findings
  }

  /// The relay as the gateway's numbers show it: for whoever is not logged in.
  static func relay(_ page: MetricsPage) -> [Finding] {
    page.all("huying_relay_lag_events").map { lag in
      func value(_ name: String) -> Double { page.sum(name) { $0 == lag.labels } ?? 0 }
      return RelayCheck.finding(
        source: lag.labels["source"] ?? "", target: lag.labels["target"] ?? "",
        alarm: value("huying_relay_alarm") > 0 ? Say.of("停止并告警", "stands still with an alarm") : "",
        isDown: "", lag: Int64(lag.value), parked: Int64(value("huying_relay_parked_messages")))
    }
  }
}
