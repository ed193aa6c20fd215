import ArgumentParser
import CommonContract
import DisputeContract
import Foundation
import Kernel
import RPC
import WireTypes

/// `huying alert`: early warnings about places and cases.
struct AlertCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "alert",
    abstract: Say.of("预警：查看、签收、处置、排除。", "Early warnings: list, acknowledge, act on, dismiss."),
    discussion: Say.of(
      """
      预警只针对地点、案件或单位，从不针对个人。一个工作日内签收，然后处置或说明理由后排除。

        huying alert list --state open
        huying alert ack 编号
        huying alert act 编号 --ref 编号或会议            已开展的专项排查、案件或会商
        huying alert dismiss 编号 --reason 同一事项重复上报
      """,
      """
      A warning is about a place, a case or an organisation, never about a person. It is acknowledged within a working day,
      then acted on, or dismissed with a reason.

        huying alert list --state open
        huying alert ack ID
        huying alert act ID --ref WHAT                     the round, case or meeting that was begun
        huying alert dismiss ID --reason 同一事项重复上报
      """),
    subcommands: [ListAlerts.self, Acknowledge.self, Act.self, Dismiss.self])

  struct ListAlerts: AsyncParsableCommand {
    static let configuration = CommandConfiguration("list", "预警清单，最新的在前。", "Warnings, newest first.")

    @Option(help: .of("镇街代码（12位）。", "12-digit code of a township."))
    var area = ""

    @Option(
      help: .of(
        "状态：open、acknowledged、acted、dismissed。", "The state: open, acknowledged, acted or dismissed."),
      completion: .words(of: DisputeV1.Alert.State.self))
    var state = ""

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atCaseDesk { desk in
        try gateway.show(try await desk.alerts(area: area, state: try .init(named: state))) { AlertText.table($0) }
      }
    }
  }

  struct Acknowledge: AsyncParsableCommand {
    static let configuration = CommandConfiguration("ack", "签收。", "Acknowledge it.")
    @OptionGroup var options: AlertOptions

    func run() async throws {
      try await options.gateway.atCaseDesk { desk in
        let alert = try await desk.alert(options.key)
        let answer = try await desk.warnings.acknowledgeAlert(
          .init(requestID: RequestID.fresh, alertID: alert.alertID, expectedVersion: alert.version),
          options: CaseDesk.options)
        try options.gateway.show(answer.alert)
      }
    }
  }

  struct Act: AsyncParsableCommand {
    static let configuration = CommandConfiguration("处置：已开展什么。", "Act on it: say what was begun.")

    @Option(help: .of("专项排查、案件或会商的编号。", "What was begun: the id of a round, a case, a meeting."))
    var ref: String

    @OptionGroup var options: AlertOptions

    func run() async throws {
      try await options.gateway.atCaseDesk { desk in
        let alert = try await desk.alert(options.key)
        let answer = try await desk.warnings.actOnAlert(
          .init(requestID: RequestID.fresh, alertID: alert.alertID, expectedVersion: alert.version, actionRef: ref),
          options: CaseDesk.options)
        try options.gateway.show(answer.alert)
      }
    }
  }

  struct Dismiss: AsyncParsableCommand {
    static let configuration = CommandConfiguration("排除，须说明理由。", "Dismiss it, with a reason.")

    @Option(help: .of("理由。", "Why it was nothing."))
    var reason: String

    @OptionGroup var options: AlertOptions

    func run() async throws {
      try await options.gateway.atCaseDesk { desk in
        let alert = try await desk.alert(options.key)
        let answer = try await desk.warnings.dismissAlert(
          .init(
            requestID: RequestID.fresh, alertID: alert.alertID, expectedVersion: alert.version, dismissReason: reason),
          options: CaseDesk.options)
        try options.gateway.show(answer.alert)
      }
    }
  }
}

/// The warning that a word is about.
struct AlertOptions: ParsableArguments {
  @Argument(help: .of("预警编号或其开头；last 为最新的。", "The warning's id or its beginning; last is the newest.", as: "alert"))
  var key: String

  @OptionGroup var gateway: GatewayOptions
}

extension CaseDesk {
  func alerts(area: String = "", state: DisputeV1.Alert.State = .unspecified) async throws -> [DisputeV1.Alert] {
    try await Pages.read { token in
      let page = try await warnings.listAlerts(
        .init(areaCode: area, state: state, pageSize: 200, pageToken: token), options: Self.options)
      return (page.alerts, page.nextPageToken)
    }.records
  }

  func alert(_ key: String) async throws -> DisputeV1.Alert {
    try Pages.one(key, of: try await alerts(), id: \.alertID)
  }
}

extension GatewayOptions {
  /// Prints the warning that a command answered with.
  func show(_ alert: DisputeV1.Alert?) throws { try show([alert ?? .init()]) { AlertText.table($0) } }
}

/// Warnings in tables.
enum AlertText {
  static func said(_ rule: DisputeV1.Alert.Rule) -> String {
    switch rule {
    case .burst: Say.of("突发增多", "burst")
    case .groupGrowth: Say.of("群体扩大", "group grows")
    case .reopened: Say.of("再次重新办理", "reopened again")
    case .respondent: Say.of("同一单位第三件", "same respondent")
    case .wageSeason: Say.of("欠薪季", "wage season")
    case .unspecified, .unrecognized: ""
    }
  }

  static func said(_ state: DisputeV1.Alert.State) -> String {
    switch state {
    case .open: Say.of("待签收", "open")
    case .acknowledged: Say.of("已签收", "acknowledged")
    case .acted: Say.of("已处置", "acted on")
    case .dismissed: Say.of("已排除", "dismissed")
    case .unspecified, .unrecognized: ""
    }
  }

  static func table(_ alerts: [DisputeV1.Alert]) -> String {
    var table = Table(
      Say.of("编号", "id"), Say.of("预警", "warning"), Say.of("状态", "state"), Say.of("对象", "about"),
      Say.of("类别", "category"), Say.of("发出", "raised"), Say.of("签收期限", "to be acknowledged by"),
      Say.of("依据", "figures"))
    for alert in alerts {
      table.add(
        alert.alertID, said(alert.rule), said(alert.state), alert.subject, alert.category,
        CaseSheet.time(alert.raiseTime), CaseSheet.time(alert.clocks.last?.dueTime), figures(alert))
    }
    return alerts.isEmpty ? Say.of("没有预警", "there is no warning") : table.text
  }

  /// `7 ≥ 5, expected 1.2 in 14 days`
  private static func figures(_ alert: DisputeV1.Alert) -> String {
    guard let figures = alert.figures else { return "" }
    var text = "\(figures.count) ≥ \(figures.threshold)"
    if alert.rule == .burst {
      let mean = String(format: "%.2f", figures.expectedMean)
      text += Say.of(
        "，\(figures.windowDays)天预期 \(mean)", ", \(mean) expected in \(figures.windowDays) days")
    }
    return text
  }
}
