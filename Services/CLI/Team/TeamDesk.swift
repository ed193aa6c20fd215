import ArgumentParser
import DisputeContract
import GridRegistryContract
import RPC
import WireTypes

/// What the words `member`, `training` and `capability` talk to.
struct TeamDesk: Sendable {
  let members: GridRegistryV1.MemberServiceClient
  let vacancies: GridRegistryV1.VacancyServiceClient
  let training: GridRegistryV1.TrainingServiceClient
  let capability: GridRegistryV1.CapabilityServiceClient

  static let options = CallOptions(timeout: .seconds(30))

  init(_ channel: Channel) {
    members = .init(channel)
    vacancies = .init(channel)
    training = .init(channel)
    capability = .init(channel)
  }

  /// A member as it is now: what is decided stands on its version.
  func member(_ id: String) async throws -> GridRegistryV1.Member {
    try await members.getMember(.init(memberID: id), options: Self.options).member ?? .init()
  }

  /// What this person may do with the member next.
  func showNext(_ member: GridRegistryV1.Member) async {
    // A step that has been taken is not made to fail by a list that cannot be had.
    guard
      let actions = try? await members.listMemberActions(.init(memberID: member.memberID), options: Self.options)
        .actions
    else { return }
    let open = actions.filter { $0.unmetReasons.isEmpty && !MemberWords.words($0.action).isEmpty }
    guard !open.isEmpty else { return }
    print(Say.of("您接下来可以：", "What you may do next:"))
    for action in open {
      let command = MemberWords.words(action.action).replacing(" M", with: " \(member.memberID)")
      print("  \(Terminal.padded(MemberWords.title(action.action), to: 18)) huying member \(command)")
    }
  }
}

extension GatewayOptions {
  /// Opens a channel for as long as `body` runs.
  func atTeamDesk(_ body: (TeamDesk) async throws -> Void) async throws {
    try await withChannel { try await body(TeamDesk($0)) }
  }
}

/// The member that a word is about.
struct MemberOptions: ParsableArguments {
  @Argument(help: .of("网格员编号", "The member's id."))
  var member: String

  @OptionGroup var gateway: GatewayOptions

  /// Reads the member, takes one step on the version that was read, and shows what came of it and what may come next.
  func take(
    _ step: (_ desk: TeamDesk, _ before: GridRegistryV1.Member) async throws -> GridRegistryV1.Member?
  ) async throws {
    try await gateway.atTeamDesk { desk in
      let after = try await step(desk, try await desk.member(member)) ?? .init()
      try gateway.show([after]) { TeamText.table($0) }
      if gateway.output == .table { await desk.showNext(after) }
    }
  }
}

/// What the steps of a member are called, and which word of `huying member` takes them.
enum MemberWords {
  static func title(_ action: String) -> String {
    Say.of(table[action]?.chinese ?? action, action.replacing("_", with: " "))
  }

  static func words(_ action: String) -> String { table[action]?.words ?? "" }

  // swift-format-ignore
  private static let table: [String: (chinese: String, words: String)] = [
    "admit_to_reserve":  ("进入储备", "reserve M --exam 0-100 --years N"),
    "start_training":    ("开始培训", "train M --course COURSE"),
    "appoint":           ("上岗", "appoint M --grid GRID [--deputy]"),
    "assign":            ("增派网格", "assign M --grid GRID [--deputy]"),
    "end_assignment":    ("交回网格", "give-back M --grid GRID"),
    "coach":             ("帮扶", "coach M --evaluation REF --reason TEXT"),
    "recover":           ("帮扶合格", "recover M --evaluation REF --score 0-100"),
    "suspend":           ("停职", "suspend M --reason TEXT --until DAY"),
    "resume":            ("复职", "resume M"),
    "propose_move_out":  ("提出调出", "propose M --suggestion ID --standard REF --evidence REF"),
    "withdraw_proposal": ("撤回调出提议", "withdraw M --reason TEXT"),
    "statement":         ("本人陈述", "statement M --text TEXT [--final]"),
    "refuse":            ("不予调出", "decide M refuse --reason TEXT"),
    "decide":            ("决定调出", "decide M move-out --reason TEXT"),
    "order_handover":    ("移交未结事项", "hand-over M --to OTHER"),
    "leave":             ("离任", "leave M [--on DAY] [--reason TEXT]"),
    "drop":              ("退出储备", "drop M [--reason TEXT]"),
    "release":           ("网格撤销，回到储备", "release M"),
    "set_grade":         ("定级", "grade M lead|member --reason TEXT"),
    "reinstate":         ("恢复", "reinstate M --objection REF [--grid GRID]"),
  ]
}
