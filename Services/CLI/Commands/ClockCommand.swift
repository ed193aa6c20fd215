import ArgumentParser
import CommonContract
import DisputeContract
import Foundation
import GridRegistryContract
import Kernel
import RPC
import TimeContract
import WireTypes

/// `huying clock`: how much time each duty has, when a budget is used up, how far the calendar holds.
struct ClockCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clock",
    abstract: Say.of("时限：规定、到期推算、工作日历、演示时间", "Terms: the policy, when a budget ends, the work calendar, driven time."),
    discussion: Say.of(
      """
        huying clock policy                                        现行时限规定
        huying clock policy --versions                             历次版本
        huying clock due --from "2019-04-25 10:00" --days 5        五个工作日到何时
        huying clock calendar                                      工作日历有效至何年
        huying clock time --to "2020-03-11 10:00"                  推进演示时间（仅限 --time driven 的系统）
      """,
      """
        huying clock policy                                        the terms in force
        huying clock policy --versions                             every version
        huying clock due --from "2019-04-25 10:00" --days 5        when five working days are over
        huying clock calendar                                      how far the work calendar holds
        huying clock time --to "2020-03-11 10:00"                  moves driven time (only where it is driven)
      """),
    subcommands: [Policy.self, Due.self, Calendar.self, Time.self])

  private static let patience = CallOptions(timeout: .seconds(30))

  struct Policy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("矛盾调处各环节的时限和预警", "How much time each duty of a case has, and when it warns."))

    @Flag(help: .init(Say.of("列出历次版本", "List every version.")))
    var versions = false

    @Option(help: .init(Say.of("该时刻的规定（年-月-日 时:分）", "As it was then (YYYY-MM-DD HH:MM).")))
    var asOf: String?

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.withChannel { channel in
        let client = DisputeV1.ClockPolicyServiceClient(channel)
        if versions {
          let answer = try await client.listClockPolicies(.init(), options: ClockCommand.patience)
          if gateway.output == .json { return print(try JSONText.of(answer)) }
          return print(Self.table(answer.policies).text)
        }
        let time = try asOf.map { GoogleProtobuf.Timestamp(try ClockCommand.instant($0)) }
        let answer = try await client.getClockPolicy(.init(asOfTime: time), options: ClockCommand.patience)
        if gateway.output == .json { return print(try JSONText.of(answer)) }
        print(Self.text(answer.policy ?? .init()))
      }
    }

    private static func table(_ policies: [DisputeV1.ClockPolicy]) -> Table {
      var table = Table(
        Say.of("版本", "version"), Say.of("生效", "effective"), Say.of("适用于在办", "open clocks"), Say.of("依据", "basis"))
      for policy in policies {
        table.add(
          String(policy.version), policy.effectiveTime.map { ClockCommand.wall($0.kernel) } ?? "",
          policy.appliesToOpen ? Say.of("是", "yes") : "", policy.basis)
      }
      return table
    }

    private static func text(_ policy: DisputeV1.ClockPolicy) -> String {
      var table = Table(Say.of("环节", "clock"), Say.of("层级", "level"), Say.of("时限", "budget"))
      for line in policy.budgets {
        let level = line.emergency ? Say.of("紧急", "EMERGENCY") : Self.word(line.level)
        table.add(
          Say.of(clocks[line.clockKind] ?? line.clockKind, line.clockKind), Say.word(level),
          ClockCommand.text(line.budget))
      }
      let warnings = [policy.warnings, policy.emergencyWarnings].map { rule in
        "\(rule?.yellowPercent ?? 0) % · 100 % · +\(ClockCommand.text(rule?.redMargin))"
      }
      return """
        \(policy.policyCode) \(policy.version)
        \(table.text)
        \(Say.of("预警", "warnings")): \(warnings[0])    \(Say.of("紧急", "emergencies")): \(warnings[1])
        """
    }

    // swift-format-ignore
    private static let clocks = [
      "CASE": "全案", "ACCEPT": "受理", "SELF_HANDLE": "网格员自行办理", "MEDIATION": "调解", "PEOPLES_MEDIATION": "人民调解",
      "ESCALATE": "调解不成上报", "HAND_UP": "网格员上报", "RECEIPT": "接收", "INFORM_TOWNSHIP": "紧急事项报乡镇",
      "ANALYSIS": "研判", "REGISTER_CLOSE": "登记结案", "JOINT_PLAN": "拟定联合化解方案", "JOINT_HANDLING": "联合化解",
      "FOLLOW_UP": "回访", "ACKNOWLEDGE": "预警签收", "ANSWER": "答复个人信息申请",
    ]

    private static func word(_ level: DisputeV1.Case.Level) -> String {
      level == .unspecified ? "" : String(level.protoName.dropFirst("LEVEL_".count))
    }
  }

  struct Due: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("推算到期时间", "When a budget of time is used up."))

    @Option(help: .init(Say.of("起算时间（年-月-日 时:分）", "When it starts (YYYY-MM-DD HH:MM).")))
    var from: String

    @Option(help: .init(Say.of("工作日", "Working days.")))
    var days: Int32?

    @Option(help: .init(Say.of("自然日", "Calendar days.")))
    var calendarDays: Int32?

    @Option(help: .init(Say.of("工作分钟", "Minutes of office time.")))
    var minutes: Int32?

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      let budgets: [(Int32?, CommonV1.TimeBudget.Unit)] = [
        (days, .workingDay), (calendarDays, .calendarDay), (minutes, .workingMinute),
      ]
      let given = budgets.compactMap { amount, unit in amount.map { CommonV1.TimeBudget(amount: $0, unit: unit) } }
      guard given.count == 1 else {
        throw Complaint("请填写 --days、--calendar-days、--minutes 之一", "say one of --days, --calendar-days, --minutes")
      }
      let start = try ClockCommand.instant(from)
      try await gateway.withChannel { channel in
        let answer = try await GridRegistryV1.CalendarServiceClient(channel).addTime(
          .init(startTime: .init(start), budget: given[0]), options: ClockCommand.patience)
        if gateway.output == .json { return print(try JSONText.of(answer)) }
        let note = answer.provisional ? Say.of("（暂定：放假安排尚未公布）", " (provisional: no notice yet)") : ""
        print((answer.dueTime.map { ClockCommand.wall($0.kernel) } ?? "") + note)
      }
    }
  }

  struct Calendar: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("工作日历有效至何年", "How far the work calendar holds."))

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.withChannel { channel in
        let answer = try await GridRegistryV1.CalendarServiceClient(channel).getCalendarValidity(
          .init(), options: ClockCommand.patience)
        if gateway.output == .json { return print(try JSONText.of(answer)) }
        print(Say.of("工作日历有效至 \(answer.confirmedThroughYear) 年", "confirmed through \(answer.confirmedThroughYear)"))
        let missing = answer.missingYears.map(String.init).joined(separator: ", ")
        if !missing.isEmpty {
          print(Say.of("缺少：\(missing)（按周一至周五暂定）", "missing: \(missing) (Monday to Friday, provisional)"))
        }
      }
    }
  }

  struct Time: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("查看或推进演示时间", "See or move driven time; where time is real there is none."))

    @Option(help: .init(Say.of("推进到该时刻（年-月-日 时:分）", "Move it to this instant (YYYY-MM-DD HH:MM).")))
    var to: String?

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      let target = try to.map { try ClockCommand.instant($0) }
      try await gateway.withChannel { channel in
        let client = TimeV1.TimeServiceClient(channel)
        if let target {
          let moved = try await client.advanceTime(.init(toTime: .init(target)), options: .init(timeout: .seconds(600)))
          if gateway.output == .json { return print(try JSONText.of(moved)) }
          print(Self.text(moved.nowTime, moved.nextTimerTime, moved.missingServices))
          return print(Say.of("期间触发 \(moved.firedCount) 次", "fired on the way: \(moved.firedCount)"))
        }
        let answer = try await client.getTime(.init(), options: ClockCommand.patience)
        if gateway.output == .json { return print(try JSONText.of(answer)) }
        print(Self.text(answer.nowTime, answer.nextTimerTime, answer.missingServices))
      }
    }

    private static func text(
      _ now: GoogleProtobuf.Timestamp?, _ next: GoogleProtobuf.Timestamp?, _ missing: [String]
    ) -> String {
      var lines = [Say.of("现在：", "now: ") + (now.map { ClockCommand.wall($0.kernel) } ?? "")]
      if let next { lines.append(Say.of("下一个定时：", "next timer: ") + ClockCommand.wall(next.kernel)) }
      if !missing.isEmpty {
        lines.append(Say.of("未响应：", "do not answer: ") + missing.joined(separator: ", "))
      }
      return lines.joined(separator: "\n")
    }
  }

  // MARK: - Words

  /// `2020-03-11 10:00` on the county's wall clock, with seconds if wanted; RFC 3339 as well.
  static func instant(_ text: String) throws -> Timestamp {
    let seconds = text.utf8.count == 16 ? text + ":00" : text
    guard let instant = Timestamp(rfc3339: seconds + "+08:00") ?? Timestamp(rfc3339: text) else {
      throw Complaint("时间格式应为 年-月-日 时:分，例如 2020-03-11 10:00", "no time: \(text); write it as 2020-03-11 10:00")
    }
    return instant
  }

  static func wall(_ instant: Timestamp) -> String {
    let text = String(instant.shanghai.prefix(19)).replacingOccurrences(of: "T", with: " ")
    return text.hasSuffix(":00") ? String(text.dropLast(3)) : text
  }

  /// `5 working days`
  static func text(_ budget: CommonV1.TimeBudget?) -> String {
    guard let budget else { return "" }
    let unit =
      switch budget.unit {
      case .workingDay: Say.of("个工作日", " wd")
      case .workingMinute: Say.of("工作分钟", " working min")
      case .calendarMinute: Say.of("分钟", " min")
      case .calendarDay: Say.of("个自然日", " calendar days")
      case .unspecified, .unrecognized: ""
      }
    return "\(budget.amount)\(unit)"
  }
}
