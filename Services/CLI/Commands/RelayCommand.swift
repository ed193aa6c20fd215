import ArgumentParser
import Foundation
import GatewayContract
import Kernel
import RPC
import WireTypes

/// `huying relay`: how far the services have heard each other.
struct RelayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "relay",
    abstract: Say.of(
      "各服务之间的消息：进度、滞留、重送。", "See what the services have told each other, and what could not be delivered."),
    subcommands: [StatusOfRelay.self, Parked.self, Retry.self, Accept.self, Lost.self],
    defaultSubcommand: StatusOfRelay.self)

  struct StatusOfRelay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "status",
      abstract: Say.of("每条线路：进度、差多少、有无告警。", "Every source and target: how far, how much is missing, which alarm."))

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.withChannel { channel in
        let answer = try await GatewayV1.RelayServiceClient(channel).getRelayStatus(
          .init(), options: CallOptions(timeout: .seconds(10)))
        switch gateway.output {
        case .json: print(try JSONText.of(answer))
        case .table:
          var table = Table(
            Say.of("来源", "source"), Say.of("目标", "target"), Say.of("状态", "state"), Say.of("已到", "heard"),
            Say.of("共有", "head"), Say.of("滞留", "parked"), Say.of("说明", "what to know"))
          for route in answer.routes {
            table.add(
              route.source, route.target, RelayWords.of(route.state), String(route.heardSeq), String(route.headSeq),
              String(route.parkedCount),
              route.alarm.isEmpty ? Terminal.cut(RelayWords.explanation(of: route), to: 48) : route.alarm)
          }
          print(table.text)
          // What an alarm means is said once, below: in the table nobody could read it.
          for line in RelayWords.alarmLines(answer.routes) { print(line) }
        }
      }
    }
  }

  struct Parked: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("目标拒收而滞留的消息，最早的在前。", "Messages that their target refused, oldest first."))

    @Option(help: .of("只限发给这个服务的。", "Only this service's."))
    var target = ""

    @OptionGroup var gateway: RelayGatewayOptions

    func run() async throws {
      try await gateway.withChannel { channel in
        let client = GatewayV1.RelayServiceClient(channel)
        var messages: [GatewayV1.ParkedMessage] = []
        var token = ""
        repeat {
          let page = try await client.listParkedMessages(
            .init(target: target, pageSize: 200, pageToken: token), options: CallOptions(timeout: .seconds(10)))
          messages += page.messages
          token = page.nextPageToken
        } while !token.isEmpty
        switch gateway.output {
        case .json: print("[" + (try messages.map { try JSONText.of($0) }).joined(separator: ",") + "]")
        case .table:
          var table = Table(
            Say.of("来源", "source"), Say.of("目标", "target"), Say.of("序号", "seq"), Say.of("事件", "event"),
            Say.of("原因", "reason"), Say.of("次数", "tried"), Say.of("说明", "explanation"))
          for message in messages {
            table.add(
              message.source, message.target, String(message.seq), message.eventType, message.reason,
              String(message.attemptCount), Terminal.cut(RelayWords.explanation(of: message), to: 60))
          }
          print(messages.isEmpty ? Say.of("没有滞留的消息", "nothing is parked") : table.text)
        }
      }
    }
  }

  struct Retry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: Say.of("重送滞留的消息。", "Deliver parked messages again."))

    @Option(help: .of("只限发给这个服务的。", "Only this service's."))
    var target = ""

    @OptionGroup var gateway: RelayGatewayOptions

    func run() async throws {
      try await gateway.withChannel { channel in
        let answer = try await GatewayV1.RelayServiceClient(channel).retryParkedMessages(
          .init(requestID: RequestID.fresh, target: target), options: CallOptions(timeout: .seconds(60)))
        switch gateway.output {
        case .json: print(try JSONText.of(answer))
        case .table:
          print(
            Say.of(
              "已送达 \(answer.deliveredCount)，仍滞留 \(answer.stillParkedCount)",
              "delivered \(answer.deliveredCount), still parked \(answer.stillParkedCount)"))
        }
        if answer.stillParkedCount > 0 { throw ExitCode(1) }
      }
    }
  }
}

extension RelayCommand {
  struct Accept: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("来源有意恢复过旧备份：从共同的最后一条起继续。", "Go on with a source that was restored on purpose."),
      discussion: Say.of(
        "解除 SOURCE_REWOUND、SOURCE_EPOCH_CHANGED：各目标退回到双方都知道的最后一条，再继续接收。多收到的逐条登记（huying relay lost），其影响保留。",
        """
        Ends SOURCE_REWOUND and SOURCE_EPOCH_CHANGED of one source: each target goes back to the last event that both know and \
        hears on from there. What it had heard beyond is written down (huying relay lost), and what that did stays.
        """))

    @Argument(help: ArgumentHelp(Say.of("恢复过的服务。", "The service that was restored.")))
    var source: String

    @Option(help: ArgumentHelp(Say.of("只限这个目标。", "Only this service's way.")))
    var target = ""

    @OptionGroup var gateway: RelayGatewayOptions

    func run() async throws {
      try await gateway.withChannel { channel in
        let answer = try await GatewayV1.RelayServiceClient(channel).acceptSource(
          .init(requestID: RequestID.fresh, source: source, target: target),
          options: CallOptions(timeout: .seconds(120)))
        switch gateway.output {
        case .json: print(try JSONText.of(answer))
        case .table:
          var table = Table(
            Say.of("来源", "source"), Say.of("目标", "target"), Say.of("从此之后继续", "goes on after"),
            Say.of("已失去的事件", "lost events"))
          for route in answer.routes {
            table.add(route.source, route.target, String(route.commonSeq), String(route.lostCount))
          }
          print(answer.routes.isEmpty ? Say.of("\(source) 没有告警", "no alarm of \(source)") : table.text)
        }
      }
    }
  }

  struct Lost: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("目标收到过、而恢复后的来源已不知道的事件。", "What services had heard and their restored source no longer knows."),
      discussion: Say.of(
        "每一条都要有人核对：它在目标处的影响仍在。有记录则退出码 1。",
        "Somebody has to look at each: what it did at the target is still there. Exit code 1 if there is one."))

    @Option(help: ArgumentHelp(Say.of("只限这个目标。", "Only what this service had heard.")))
    var target = ""

    @OptionGroup var gateway: RelayGatewayOptions

    func run() async throws {
      try await gateway.withChannel { channel in
        let answer = try await GatewayV1.RelayServiceClient(channel).listLostEvents(
          .init(target: target), options: CallOptions(timeout: .seconds(60)))
        switch gateway.output {
        case .json: print(try JSONText.of(answer))
        case .table:
          var table = Table(
            Say.of("来源", "source"), Say.of("目标", "target"), Say.of("序号", "seq"), Say.of("事件", "event"),
            Say.of("对象", "of"), Say.of("发现时间", "found out"))
          for event in answer.events {
            table.add(
              event.source, event.target, String(event.seq), event.eventType.isEmpty ? "-" : event.eventType,
              event.aggregateID, event.noteTime?.kernel.shanghai ?? "")
          }
          print(answer.events.isEmpty ? Say.of("没有失去的事件", "nothing is lost") : table.text)
          for name in answer.missingServices {
            Terminal.say(Say.of("huying: \(name) 没有应答", "huying: \(name) does not answer"))
          }
        }
        if !answer.events.isEmpty || !answer.missingServices.isEmpty { throw ExitCode(1) }
      }
    }
  }
}

/// What stands on the relay's board, in the person's language.
enum RelayWords {
  static func of(_ state: GatewayV1.RelayRoute.State) -> String {
    let word = state.bare
    return Say.of(states[word] ?? word, word)
  }

  /// What county IT should know and do: the alarm's code, then its sentence; of who does not answer, why.
  static func explanation(of route: GatewayV1.RelayRoute) -> String {
    guard !route.alarm.isEmpty else { return Technical.said(route.explanation) }
    guard Terminal.language == .chinese, let alarm = alarms[route.alarm] else {
      return "\(route.alarm): \(route.explanation)"
    }
    let divergence =
      route.lostCount == 0 && route.commonSeq == 0
      ? "" : "；双方都知道 \(route.source) 的第 \(route.commonSeq) 条，此后 \(route.target) 多收到 \(route.lostCount) 条"
    return "\(route.alarm)：\(alarm)\(divergence)"
  }

  /// Each alarm once, then the ways that it is about.
  static func alarmLines(_ routes: [GatewayV1.RelayRoute]) -> [String] {
    let alarmed = routes.filter { !$0.alarm.isEmpty }
    return Set(alarmed.map(\.alarm)).sorted().flatMap { alarm -> [String] in
      let about = alarmed.filter { $0.alarm == alarm }
      let meaning = Terminal.language.pick(
        chinese: alarms[alarm] ?? "", english: about[0].explanation.components(separatedBy: "; both")[0])
      return ["", "\(alarm)\(Say.of("：", ": "))\(meaning)"]
        + about.map { route in
          Say.of(
            "  \(route.source) → \(route.target)：双方都知道第 \(route.commonSeq) 条，此后 \(route.target) 多收到 \(route.lostCount) 条",
            "  \(route.source) → \(route.target): both know up to \(route.commonSeq), \(route.target) has heard \(route.lostCount) later events"
          )
        }
    }
  }

  /// Why the target refused a message.
  static func explanation(
    of message: GatewayV1.ParkedMessage, in language: Terminal.Language = Terminal.language
  ) -> String {
    language.pick(chinese: message.explanationZh, english: message.explanation)
  }

  static let states = [
    "CAUGHT_UP": "已到齐", "RELAYING": "传送中", "SOURCE_DOWN": "来源不应答", "TARGET_DOWN": "目标不应答", "ALARM": "告警",
  ]

  private static let alarms = [
    "SOURCE_EPOCH_CHANGED": "来源换了数据库文件，与此前收听的不是同一个：放回原来的文件，或确认今后用这一个（huying relay accept）",
    "SOURCE_REWOUND": "来源被恢复到目标已收到的内容之前：把目标恢复到同一时刻，或从双方都知道的最后一条继续（huying relay accept）",
  ]
}

/// Waits until targets have heard what their sources have written.
struct RelayWait {
  private let client: GatewayV1.RelayServiceClient

  init(_ channel: Channel) { client = GatewayV1.RelayServiceClient(channel) }

  /// Returns when every way from `sources` (all, if empty) to `targets` is caught up. An alarm, or `limit`, ends it with one
  /// clear line.
  func untilCaughtUp(
    sources: Set<String> = [], targets: Set<String>, limit: Duration = .seconds(600)
  ) async throws {
    let deadline = ContinuousClock.now + limit
    let patience = ContinuousClock.now + .seconds(5)
    var isSaid = false
    var bar = ProgressBar(Say.of("消息", "relay"))
    defer { bar.clear() }
    // The relay looks at a source when it grows: what was written this very moment may not be on the board yet.
    try await Task.sleep(for: .milliseconds(300))
    while true {
      let routes = try await client.getRelayStatus(.init(), options: CallOptions(timeout: .seconds(10))).routes
        .filter { targets.contains($0.target) && (sources.isEmpty || sources.contains($0.source)) }
      if let alarm = routes.first(where: { $0.state == .alarm }) {
        let what = RelayWords.explanation(of: alarm)
        throw Complaint(
          "\(alarm.source) → \(alarm.target)：\(what)", "\(alarm.source) → \(alarm.target): \(what)", exitCode: 1)
      }
      if routes.allSatisfy({ $0.state == .caughtUp }) { return }
      guard ContinuousClock.now < deadline else {
        let behind = routes.filter { $0.state != .caughtUp }.map { "\($0.source) → \($0.target)" }
        let ways = behind.joined(separator: ", ")
        throw Complaint("等了 \(limit)，消息仍未送到：\(ways)", "still on its way after \(limit): \(ways)", exitCode: 1)
      }
      if !isSaid, ContinuousClock.now >= patience {
        isSaid = true
        let behind = routes.filter { $0.state != .caughtUp }.map {
          "\($0.source) → \($0.target) \(RelayWords.of($0.state))"
        }.joined(separator: Say.of("、", ", "))
        Terminal.say(Say.of("等待消息送达：\(behind)", "waiting for what is on its way: \(behind)"))
      }
      let heard = routes.reduce(0) { $0 + $1.heardSeq }
      bar.show(done: heard, of: max(1, routes.reduce(0) { $0 + $1.headSeq }), items: Int(heard))
      try await Task.sleep(for: .milliseconds(200))
    }
  }
}
