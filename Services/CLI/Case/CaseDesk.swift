import ArgumentParser
import CommonContract
import DisputeContract
import Foundation
import Kernel
import RPC
import Wire
import WireTypes

/// The case that a word is about: its number or its id.
struct CaseOptions: ParsableArguments {
  @Argument(help: .of("案件编号（DJ-…）或标识。", "The case's number (DJ-…) or id.", as: "case"))
  var key: String

  @OptionGroup var gateway: GatewayOptions

  /// Reads the case, takes one step on the version that was read, and shows what came of it and what may come next.
  func take(
    _ step: (_ desk: CaseDesk, _ caseID: String, _ version: UInt64) async throws -> DisputeV1.Case?
  ) async throws {
    try await gateway.withChannel { channel in
      let desk = CaseDesk(channel)
      let before = try await desk.read(key)
      guard let after = try await step(desk, before.caseID, before.version) else { return }
      switch gateway.output {
      case .json: print(try JSONText.of(after))
      case .table:
        print(CaseSheet.line(after))
        try await desk.showNext(after)
      }
    }
  }
}

extension GatewayOptions {
  /// Opens a channel for as long as `body` runs.
  func atCaseDesk(_ body: (CaseDesk) async throws -> Void) async throws {
    try await withChannel { try await body(CaseDesk($0)) }
  }
}

/// Dispute's services as this person may call them.
struct CaseDesk {
  let channel: Channel

  init(_ channel: Channel) { self.channel = channel }

  var cases: DisputeV1.CaseServiceClient { .init(channel) }
  var mediation: DisputeV1.MediationServiceClient { .init(channel) }
  var escalation: DisputeV1.EscalationServiceClient { .init(channel) }
  var analysis: DisputeV1.AnalysisServiceClient { .init(channel) }
  var plans: DisputeV1.PlanServiceClient { .init(channel) }
  var merges: DisputeV1.MergeServiceClient { .init(channel) }

  var searches: DisputeV1.SearchServiceClient { .init(channel) }
  var duplicates: DisputeV1.DuplicateServiceClient { .init(channel) }
  var screening: DisputeV1.ScreeningServiceClient { .init(channel) }
  var warnings: DisputeV1.AlertServiceClient { .init(channel) }
  var partyRights: DisputeV1.PartyRightServiceClient { .init(channel) }

  static var options: CallOptions { CallOptions(timeout: .seconds(20)) }

  func read(_ key: String) async throws -> DisputeV1.Case {
    let isNumber = key.hasPrefix("DJ-")
    let answer = try await cases.getCase(
      .init(key: isNumber ? .number(key) : .caseID(key)), options: Self.options)
    return answer.caseRecord ?? .init()
  }

  /// What this person may do with the case next.
  func showNext(_ record: DisputeV1.Case) async throws {
    let answer = try await cases.listAllowedActions(.init(caseID: record.caseID), options: Self.options)
    let open = answer.actions.filter(\.allowed)
    guard !open.isEmpty else { return }
    print(Say.of("您接下来可以：", "What you may do next:"))
    for action in open {
      let (title, words) = CaseWords.action(action.action)
      guard !words.isEmpty else { continue }
      let command = words.replacingOccurrences(of: " C", with: " \(record.number)")
      print("  \(Terminal.padded(title, to: 22)) huying case \(command)")
    }
  }
}

/// A case for people.
enum CaseSheet {
  static func time(_ time: GoogleProtobuf.Timestamp?) -> String {
    time?.kernel.shanghai.prefix(16).replacingOccurrences(of: "T", with: " ") ?? ""
  }

  /// `DJ-… 调解中 村 village-room → person, due …`
  static func line(_ record: DisputeV1.Case) -> String {
    let due = record.dueTime.map { Say.of("，期限 ", ", due ") + time($0) } ?? ""
    return
      "\(record.number)  \(CaseWords.of(record.state))  \(CaseWords.of(record.level)) \(record.handlingOrgID) → "
      + "\(record.responsiblePersonID)\(due)"
  }

  /// Everything about one case but its timeline.
  static func text(_ record: DisputeV1.Case) -> String {
    var table = Table(
      Say.of("项目", "what"), Say.of("内容", "is"))
    func add(_ chinese: String, _ english: String, _ value: String) {
      if !value.isEmpty { table.add(Say.of(chinese, english), value) }
    }
    add("编号", "number", record.number)
    add("状态", "state", CaseWords.of(record.state))
    add("类别", "kind", "\(CaseWords.of(record.kind)) \(record.category)")
    add("标记", "flags", record.flags.map(CaseWords.of).joined(separator: " "))
    add("建议标记", "proposed flags", record.proposedFlags.map(CaseWords.of).joined(separator: " "))
    add("标题", "title", record.title)
    add("内容", "narrative", record.narrative)
    add("上报时间", "reported", time(record.reportTime))
    add("期限", "due", time(record.dueTime))
    add("网格", "grid", record.gridID)
    add("层级", "level", "\(CaseWords.of(record.level)) \(record.handlingOrgID)")
    add("责任人", "responsible", record.responsiblePersonID)
    add("反映人数", "reporters", record.reporterCount > 1 ? String(record.reporterCount) : "")
    add("并入", "merged into", record.survivorCaseID)
    add("恢复时间", "resumes", time(record.adjournment?.resumeTime))
    for party in record.parties {
      add("当事人", "party", "\(party.partyID) \(party.name) \(party.phone)\(party.consented ? " ✓" : "")")
    }
    for attempt in record.attempts {
      add(
        "第\(attempt.number)次调处", "attempt \(attempt.number)",
        "\(time(attempt.attemptTime)) \(CaseWords.of(attempt.level)) \(CaseWords.name(attempt.result, "RESULT_"))")
    }
    for escalation in record.escalations {
      add(
        "上报\(escalation.number)", "escalation \(escalation.number)",
        "\(escalation.fromOrgID) → \(escalation.toOrgID) \(CaseWords.name(escalation.state, "STATE_"))")
    }
    for measure in record.plan?.measures ?? [] {
      add(
        "措施\(measure.number)", "measure \(measure.number)",
        "\(measure.ownerOrgID) \(time(measure.dueTime)) \(CaseWords.name(measure.state, "STATE_")) \(measure.text)")
    }
    for invitation in record.invitations {
      add(
        "邀请\(invitation.number)", "invitation \(invitation.number)",
        "\(invitation.orgID) \(CaseWords.name(invitation.state, "STATE_"))")
    }
    for clock in record.clocks where clock.stopTime == nil {
      add("计时 \(clock.clockKind)", "clock \(clock.clockKind)", time(clock.dueTime))
    }
    if let closure = record.closure {
      add(
        "结案", "closed",
        "\(time(closure.closeTime)) \(closure.result) \(CaseWords.of(closure.resolvingLevel)) "
          + (closure.onTime
            ? Say.of("按时", "on time")
            : Say.of("超期", "late")))
    }
    return table.text
  }
}
