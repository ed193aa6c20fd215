import Access
import ArgumentParser
import Foundation
import GatewayContract
import GridRegistryContract
import Kernel
import RPC
import WireTypes

/// `huying access`: who gets in with a key of their own.
struct AccessCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "access",
    abstract: Say.of("邀请人员或系统、查看和吊销访问密钥。", "Invite people and systems, see and revoke their access keys."),
    discussion: Say.of(
      """
      受邀者用口令登录一次（huying login --secret …），此后凭自己的访问密钥进入；系统把密钥放在 authorization: Bearer 中。
        huying access invite --as LEVEL_CLERK@town-379922001000 --person p-0001
        huying access list                 密钥，以及尚未使用的邀请
        huying access withdraw 018f…       撤回给错人的邀请
        huying access revoke 018f…
      """,
      """
      Who is invited logs in once with the secret (huying login --secret …) and from then on with a key of their own; a system
      sends the key as authorization: Bearer.
        huying access invite --as LEVEL_CLERK@town-379922001000 --person p-0001
        huying access list                 keys, and invitations that are still open
        huying access withdraw 018f…       an invitation that was given to the wrong person
        huying access revoke 018f…
      """),
    subcommands: [Invite.self, Keys.self, Withdraw.self, Revoke.self])

  struct Invite: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("生成一次性口令，交给本人。", "Make a one-time secret, to be handed over in person."))

    @Option(
      name: .customLong("as"),
      help: .of("角色@组织：角色，及名录中的组织编号。", "ROLE@ORG: the role, and the organisation's id in the directory."))
    var identity: String

    @Option(help: .of("名录中的人员编号；系统用自己的名称。", "The person's id in the directory; for a system, a name of its own."))
    var person: String

    @Option(help: .of("口令须在几天内使用：1 至 30。", "Days within which the secret has to be used: 1 to 30."))
    var days = 7

    @Option(help: .of("密钥有效几天：1 至 731。", "Days for which the key will be good: 1 to 731."))
    var keyDays = 365

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      let parts = identity.split(separator: "@", maxSplits: 1).map(String.init)
      guard parts.count == 2 else {
        throw Complaint(
          "--as 应写作 角色@组织，如 LEVEL_CLERK@town-379922001000", "--as is ROLE@ORG, like LEVEL_CLERK@town-379922001000")
      }
      guard let role = Role(rawValue: parts[0].uppercased()) else {
        let known = Role.allCases.map(\.rawValue).joined(separator: ", ")
        throw Complaint("没有角色“\(parts[0])”，可用：\(known)", "there is no role \(parts[0]); the roles: \(known)")
      }
      let now = Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
      let request = GatewayV1.CreateInvitationRequest(
        requestID: RequestID.fresh, personID: person, orgID: parts[1], role: role.rawValue,
        redeemByTime: GoogleProtobuf.Timestamp(now + .days(Int64(days))),
        keyExpireTime: GoogleProtobuf.Timestamp(now + .days(Int64(keyDays))))
      let (answer, strangers) = try await gateway.withChannel { channel in
        (
          try await GatewayV1.AccessKeyServiceClient(channel).createInvitation(
            request, options: CallOptions(timeout: .seconds(10))),
          await Self.strangers(role, organisation: parts[1], person: person, channel)
        )
      }
      for stranger in strangers { Terminal.say(stranger) }
      switch gateway.output {
      case .json: print(try JSONText.of(answer))
      case .table:
        print(answer.secret)
        Terminal.say(
          Say.of(
            "只显示这一次，\(days) 天内可用一次：huying login --secret …",
            "Shown this once, good once within \(days) days: huying login --secret …"))
      }
    }

    /// What of an invitation the directory does not know, or knows otherwise. It is not refused, because the first people come before
    /// the directory; it is said, because it is a slip as often.
    private static func strangers(
      _ role: Role, organisation: String, person: String, _ channel: Channel
    ) async -> [String] {
      let options = CallOptions(timeout: .seconds(5))
      func isUnknown(_ look: () async throws -> Void) async -> Bool {
        do { try await look() } catch { return Status(error).code == .notFound }
        return false
      }
      var words: [String] = []
      if await isUnknown({
        _ = try await GridRegistryV1.OrganisationServiceClient(channel).getOrganisation(
          .init(orgID: organisation), options: options)
      }) {
        words.append(
          Say.of("注意：名录中没有组织 \(organisation)", "mind: the directory has no organisation \(organisation)"))
      }
      var known: GridRegistryV1.Person?
      if await isUnknown({
        let answer = try await GridRegistryV1.PersonServiceClient(channel).getPerson(
          .init(personID: person), options: options)
        known = answer.person
      }) {
        words.append(Say.of("注意：名录中没有人员 \(person)", "mind: the directory has no person \(person)"))
      }
      return words + (known.map { differences(of: $0, from: role, at: organisation) } ?? [])
    }

    /// What the directory says of a person and the invitation does not.
    static func differences(of person: GridRegistryV1.Person, from role: Role, at organisation: String) -> [String] {
      let id = person.personID
      var words: [String] = []
      if person.orgID != organisation {
        words.append(
          Say.of("注意：名录中 \(id) 属于 \(person.orgID)", "mind: in the directory \(id) is of \(person.orgID)"))
      }
      if !person.roles.contains(role.rawValue) {
        let roles = person.roles.joined(separator: ", ")
        words.append(Say.of("注意：名录中 \(id) 的角色是 \(roles)", "mind: in the directory \(id) is \(roles)"))
      }
      if person.state == .left {
        words.append(Say.of("注意：名录中 \(id) 已离任", "mind: in the directory \(id) has left"))
      }
      return words
    }
  }

  struct Keys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list",
      abstract: Say.of("所有访问密钥，及尚未使用的邀请，新的在前。", "All access keys, and invitations that are still open, newest first."))

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      let (keys, invitations) = try await gateway.withChannel { channel in
        let service = GatewayV1.AccessKeyServiceClient(channel)
        let options = CallOptions(timeout: .seconds(10))
        return (
          try await Pages.read { token in
            let page = try await service.listAccessKeys(.init(pageSize: 200, pageToken: token), options: options)
            return (page.accessKeys, page.nextPageToken)
          }.records,
          try await Pages.read { token in
            let page = try await service.listInvitations(.init(pageSize: 200, pageToken: token), options: options)
            return (page.invitations, page.nextPageToken)
          }.records
        )
      }
      switch gateway.output {
      case .json:
        let lines = try keys.map { try JSONText.of($0) } + invitations.map { try JSONText.of($0) }
        print("[" + lines.joined(separator: ",") + "]")
      case .table:
        print(keys.isEmpty ? Say.of("还没有访问密钥", "there is no access key yet") : Self.table(keys))
        if !invitations.isEmpty { print("\n" + Self.table(invitations)) }
      }
    }

    private static func table(_ keys: [GatewayV1.AccessKey]) -> String {
      var table = Table(
        Say.of("密钥编号", "key"), Say.of("人员", "person"), Say.of("角色", "role"), Say.of("机构", "organisation"),
        Say.of("用途", "label"), Say.of("登录", "since"), Say.of("到期", "expires"), Say.of("状态", "state"))
      // Whoever takes a lost key back must not take his own.
      let own = Session.load()?.accessKeyID
      for key in keys {
        let good = key.accessKeyID == own ? Say.of("有效，本会话所用", "good, in use here") : Say.of("有效", "good")
        table.add(
          key.accessKeyID, key.personID, key.role, key.orgID, key.label,
          key.createTime.map { String($0.kernel.shanghai.prefix(16)).replacing("T", with: " ") } ?? "",
          day(key.expireTime),
          key.revokeTime.map { Say.of("已吊销 ", "revoked ") + day($0) } ?? good)
      }
      return table.text
    }

    private static func table(_ invitations: [GatewayV1.Invitation]) -> String {
      var table = Table(
        Say.of("未用的邀请", "open invitation"), Say.of("人员", "person"), Say.of("角色", "role"),
        Say.of("机构", "organisation"), Say.of("邀请人", "invited by"), Say.of("须在此前使用", "to be used by"))
      for invitation in invitations {
        table.add(
          invitation.invitationID, invitation.personID, invitation.role, invitation.orgID,
          invitation.invitedByPersonID.isEmpty ? Say.of("安装", "installation") : invitation.invitedByPersonID,
          day(invitation.redeemByTime))
      }
      return table.text
    }

    private static func day(_ instant: GoogleProtobuf.Timestamp?) -> String {
      instant.map { String($0.kernel.shanghai.prefix(10)) } ?? ""
    }
  }

  struct Withdraw: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("撤回一个尚未使用的邀请。", "End an invitation before it is used."))

    @Argument(help: .of("邀请编号，见 huying access list。", "The invitation's id, as `huying access list` shows it."))
    var invitation: String

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      let answer = try await gateway.withChannel { channel in
        try await GatewayV1.AccessKeyServiceClient(channel).withdrawInvitation(
          .init(requestID: RequestID.fresh, invitationID: invitation), options: CallOptions(timeout: .seconds(10)))
      }
      switch gateway.output {
      case .json: print(try JSONText.of(answer))
      case .table: print(Say.of("已撤回 \(invitation)", "withdrawn \(invitation)"))
      }
    }
  }

  struct Revoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("立即并永久吊销一个访问密钥。", "End an access key at once and for ever."))

    @Argument(help: .of("密钥编号，见 huying access list。", "The key's id, as `huying access list` shows it."))
    var accessKey: String

    @Flag(help: .of("即使是本会话自己的密钥。", "Even if it is the key of this session."))
    var yes = false

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      if !yes, Session.load()?.accessKeyID == accessKey {
        throw Complaint(
          "这是本会话自己的密钥：吊销后须有新的邀请才能登录，最后一位管理员只能靠 huying init --renew administrator；确要吊销请加 --yes",
          """
          this is the key that you are logged in with: without it you need another invitation, and the last administrator gets in \
          by huying init --renew administrator only; --yes revokes it all the same
          """)
      }
      let answer = try await gateway.withChannel { channel in
        try await GatewayV1.AccessKeyServiceClient(channel).revokeAccessKey(
          .init(requestID: RequestID.fresh, accessKeyID: accessKey),
          options: CallOptions(timeout: .seconds(10)))
      }
      switch gateway.output {
      case .json: print(try JSONText.of(answer))
      case .table: print(Say.of("已吊销 \(accessKey)", "revoked \(accessKey)"))
      }
    }
  }
}
