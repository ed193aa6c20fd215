import Access
import ArgumentParser
import Foundation
import GatewayContract
import Kernel
import RPC
import Runtime
import WireTypes

/// `huying login`: who you are from now on.
struct Login: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: Say.of("登录：用一次性口令，或在本机的试用系统上指定角色。", "Log in, with a one-time secret, or on a stack of this machine."),
    discussion: Say.of(
      """
      用安装时的口令（首位管理员）或邀请中的口令（huying access invite）登录：换得本人的访问密钥，存于会话文件，
      到期或被吊销前有效。
        huying login --secret hyi_… --target gateway.county.cn:7900 --ca county-ca.pem

      手边有签名密钥时（本机的系统，或 HUYING_KEY_DIR=…/operator），可指定任何角色，12小时有效。角色取自固定清单
      （GRID_MEMBER、LEVEL_CLERK、TOWNSHIP_LEADER、DEPT_CLERK、CALL_OFFICE、COUNTY_ADMIN 等），组织为名录中的组织编号：
        huying login --as COUNTY_ADMIN
        huying login --as TOWNSHIP_LEADER@town-379922001000
      """,
      """
      With a secret from the installation (the first administrator) or from an invitation (huying access invite): it is traded for an
      access key of yours, which is kept in the session's file and good until it expires or is revoked.
        huying login --secret hyi_… --target gateway.county.cn:7900 --ca county-ca.pem

      With the signing key at hand (a local stack, or HUYING_KEY_DIR=…/operator), as anybody, for 12 hours. ROLE is one of the closed
      list (GRID_MEMBER, LEVEL_CLERK, TOWNSHIP_LEADER, DEPT_CLERK, CALL_OFFICE, COUNTY_ADMIN, …), ORG an organisation's id in the
      directory:
        huying login --as COUNTY_ADMIN
        huying login --as TOWNSHIP_LEADER@town-379922001000
      """))

  @Option(help: .of("一次性登录码；“-”表示从标准输入读取。", "A one-time secret; \"-\" reads it from standard input."))
  var secret: String?

  @Option(name: .customLong("as"), help: .of("角色，或 角色@单位（本机试用）。", "ROLE or ROLE@ORG (a stack of this machine)."))
  var identity: String?

  @Option(help: .of("人员标识；缺省由角色和单位组成。", "The person's id; default: made of role and organisation."))
  var person: String?

  @Option(
    help: .of(
      "登录密钥的说明，列出密钥时显示；缺省为本机名称。",
      "What the access key is for, as a list of keys will show it; default: this machine's name."))
  var label: String?

  @Option(
    help: .of(
      "网关：主机:端口、unix:路径，或 huying target list 中的名称。",
      "The gateway, HOST:PORT, unix:PATH, or a name from `huying target list`."), completion: Completions.targets)
  var target: String?

  @Option(help: .of("本县的12位代码。", "The county's 12-digit code."))
  var county: String?

  @Flag(help: .of("成功时不作声。", "Say nothing if it works."))
  var quiet = false

  @OptionGroup(title: "TLS") var tls: TLSOptions

  func validate() throws {
    if (secret == nil) == (identity == nil) {
      throw ValidationError(Say.of("请用 --secret 或 --as 之一", "either --secret or --as"))
    }
  }

  func run() async throws {
    if let secret { try await redeem(secret) } else { try await sign(identity ?? "") }
  }

  /// Trades the secret for a key that is made here: if the answer is lost, the same command gets it again.
  private func redeem(_ option: String) async throws {
    let secret = option == "-" ? readLine() ?? "" : option
    let place = target ?? ProcessInfo.processInfo.environment["HUYING_TARGET"] ?? Session.local
    let endpoint = try Session.endpoint(place, tls)
    // The same secret, the same key: a lost answer locks nobody out.
    let earlier = [Session.load(Session.pendingPath), Session.load()].lazy.compactMap(\.self)
      .first { $0.target == place && $0.secret == secret }?.token
    let key = earlier ?? Installation.random(prefix: "hyk_").trimmingCharacters(in: .whitespacesAndNewlines)
    var session = Session(target: place, token: key, tls: endpoint.tls, secret: secret)
    try session.save(to: Session.pendingPath)
    let channel = endpoint.channel()
    defer { Task { await channel.close(within: .zero) } }
    let answer = try await GatewayV1.AccessKeyServiceClient(channel).redeemInvitation(
      .init(secret: secret, accessKey: key, label: label ?? Self.machine),
      options: CallOptions(timeout: .seconds(10)))
    session.accessKeyID = answer.accessKey?.accessKeyID
    try session.save()
    try? FileManager.default.removeItem(atPath: Session.pendingPath)
    guard !quiet, let redeemed = answer.accessKey else { return }
    let day = redeemed.expireTime.map { String($0.kernel.shanghai.prefix(10)) } ?? ""
    print(
      Say.of(
        "已登录：\(redeemed.role)，\(redeemed.orgID)，\(place)，有效至 \(day)",
        "logged in as \(redeemed.role) of \(redeemed.orgID) at \(place), until \(day)"))
  }

  /// This machine's name; a container's is a number that says nothing.
  private static var machine: String {
    let host = ProcessInfo.processInfo.hostName
    return host.count == 12 && host.allSatisfy(\.isHexDigit) ? Say.of("容器", "container") : host
  }

  private func sign(_ identity: String) async throws {
    let parts = identity.split(separator: "@", maxSplits: 1).map(String.init)
    guard let role = Role(rawValue: parts.first?.uppercased() ?? ""), role != .system else {
      let known = Role.allCases.filter { $0 != .system }.map(\.rawValue).joined(separator: ", ")
      let given = parts.first ?? ""
      throw Complaint("没有角色 \(given)，可用：\(known)", "there is no role \(given); there are: \(known)")
    }
    let organisation = parts.count > 1 ? parts[1] : "county-gov"
    let person = person ?? "\(role.rawValue.lowercased().replacingOccurrences(of: "_", with: "-"))@\(organisation)"
    let county = county ?? ProcessInfo.processInfo.environment["HUYING_COUNTY"] ?? CountyFiles.builtInCode
    let token = try await LocalToken.make(role: role, organisation: organisation, person: person, county: county)
    let target = target ?? ProcessInfo.processInfo.environment["HUYING_TARGET"] ?? Session.local
    try Session(target: target, token: token, tls: try Session.endpoint(target, tls).tls).save()
    if !quiet {
      print(
        Say.of(
          "已以 \(role.rawValue)（\(organisation)）登录 \(target)，12小时内有效",
          "logged in as \(role.rawValue) of \(organisation) at \(target), for 12 hours"))
    }
  }
}
