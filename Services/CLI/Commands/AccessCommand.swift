import ArgumentParser
import Foundation
import GatewayContract
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
        huying access list
        huying access revoke 018f…
      """,
      """
      Who is invited logs in once with the secret (huying login --secret …) and from then on with a key of their own; a system
      sends the key as authorization: Bearer.
        huying access invite --as LEVEL_CLERK@town-379922001000 --person p-0001
        huying access list
        huying access revoke 018f…
      """),
    subcommands: [Invite.self, Keys.self, Revoke.self])

  struct Invite: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("生成一次性口令，交给本人。", "Make a one-time secret, to be handed over in person."))

    @Option(name: .customLong("as"), help: "ROLE@ORG: the role, and the organisation's id in the directory.")
    var identity: String

    @Option(help: "The person's id in the directory; for a system, a name of its own.")
    var person: String

    @Option(help: "Days within which the secret has to be used: 1 to 30.")
    var days = 7

    @Option(help: "Days for which the key will be good: 1 to 731.")
    var keyDays = 365

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      let parts = identity.split(separator: "@", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { throw Complaint("--as is ROLE@ORG, like LEVEL_CLERK@town-379922001000") }
      let now = Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
      let request = GatewayV1.CreateInvitationRequest(
        requestID: RequestID.fresh, personID: person, orgID: parts[1], role: parts[0].uppercased(),
        redeemByTime: GoogleProtobuf.Timestamp(now + .days(Int64(days))),
        keyExpireTime: GoogleProtobuf.Timestamp(now + .days(Int64(keyDays))))
      let answer = try await gateway.withChannel { channel in
        try await GatewayV1.AccessKeyServiceClient(channel).createInvitation(
          request, options: CallOptions(timeout: .seconds(10)))
      }
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
  }

  struct Keys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: Say.of("所有访问密钥，新的在前。", "All access keys, newest first."))

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      let keys = try await gateway.withChannel { channel in
        var keys: [GatewayV1.AccessKey] = []
        var token = ""
        repeat {
          let page = try await GatewayV1.AccessKeyServiceClient(channel).listAccessKeys(
            .init(pageSize: 200, pageToken: token), options: CallOptions(timeout: .seconds(10)))
          keys += page.accessKeys
          token = page.nextPageToken
        } while !token.isEmpty
        return keys
      }
      switch gateway.output {
      case .json: print("[" + (try keys.map { try JSONText.of($0) }).joined(separator: ",") + "]")
      case .table:
        var table = Table(
          Say.of("密钥编号", "key"), Say.of("人员", "person"), Say.of("角色", "role"), Say.of("机构", "organisation"),
          Say.of("用途", "label"), Say.of("到期", "expires"), Say.of("状态", "state"))
        for key in keys {
          table.add(
            key.accessKeyID, key.personID, key.role, key.orgID, key.label, day(key.expireTime),
            key.revokeTime.map { Say.of("已吊销 ", "revoked ") + day($0) } ?? Say.of("有效", "good"))
        }
        print(keys.isEmpty ? Say.of("还没有访问密钥", "there is no access key yet") : table.text)
      }
    }

    private func day(_ instant: GoogleProtobuf.Timestamp?) -> String {
      instant.map { String($0.kernel.shanghai.prefix(10)) } ?? ""
    }
  }

  struct Revoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("立即并永久吊销一个访问密钥。", "End an access key at once and for ever."))

    @Argument(help: "The key's id, as `huying access list` shows it.")
    var accessKey: String

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
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
