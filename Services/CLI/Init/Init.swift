import ArgumentParser
import Backup
import Foundation
import Kernel
import Runtime

/// `huying init`: what compose needs before its first `up`.
struct Init: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: Say.of("在 DIR 中生成密钥、证书和设置，供首次启动使用。", "Make keys, certificate and settings in DIR, for the first start."),
    discussion: Say.of(
      """
      生成 .env、docker-compose.yml、secrets/（服务读取的密钥）和 operator/（只属于管理员，请移出服务器保存）。
      已有的文件不会被覆盖。首个管理员的一次性口令只显示一次，七天内有效。
        huying init /srv/huying --county 379922000000 --name huying.example.gov.cn
        huying init /srv/huying --renew certificate     到期前换新证书，无需停机
      """,
      """
      Makes .env, docker-compose.yml, secrets/ (keys that services read) and operator/ (the administrator's alone: keep it off the
      server). Nothing that exists is overwritten. The first administrator's one-time secret is shown once, and good for seven days.
        huying init /srv/huying --county 379922000000 --name huying.example.gov.cn
        huying init /srv/huying --renew certificate     a new certificate before the old one ends; nothing stops
      """))

  @Argument(help: .of("安装的文件夹。", "The folder of the installation."), completion: .directory)
  var directory: String

  @Option(
    help: .of(
      "县的12位代码；不写则为虚构的沭安县（演示）。", "The county's 12-digit code; without it the fictional 沭安县, to look at."))
  var county: String?

  /// The county of the built-in files.

  @Option(
    name: .customLong("name"),
    help: .of(
      "客户端访问网关所用的主机名或 IP 地址，可多次。",
      "A host name or IP address under which clients reach the gateway; may be repeated."))
  var names: [String] = []

  @Option(
    help: .of(
      "本单位自己的证书（PEM，含到签发机构的各级证书），不用自制的。",
      "The county's own certificate (PEM, with those up to its authority) in place of a self-made one."))
  var certificate: String?

  @Option(help: .of("--certificate 的私钥（PEM，未加密）。", "The private key of --certificate (PEM, not encrypted)."))
  var key: String?

  @Option(
    help: .of(
      "签发 --certificate 的机构（PEM），供客户端信任；缺省为证书文件本身。",
      "The authorities (PEM) that --certificate is signed by, for clients; default: the certificate's own chain."))
  var ca: String?

  @Option(
    name: .customLong("set"),
    help: .of(
      "写入 .env 的设置，名称=值，可多次。", "A setting for .env, NAME=VALUE; may be repeated.", as: "name=value"))
  var settings: [String] = []

  @Option(
    help: .of(
      """
      在已有的安装中换新一样：certificate（证书，机构不变）、administrator（首位管理员的口令）、tokens（签名密钥，旧的到下一次换新前有效）、\
      compose（本版本的 docker-compose.yml，旧文件留作 .old）。
      """,
      """
      Make one thing anew in an installation that is there: certificate (by the same authority), administrator (another one-time \
      secret), tokens (another signing key; the one before stays good until the next renewal), compose (this version's \
      docker-compose.yml; the one before stays as .old).
      """))
  var renew: Renewal?

  enum Renewal: String, ExpressibleByArgument, CaseIterable {
    case certificate
    case administrator
    case tokens
    case compose
  }

  func validate() throws {
    if (certificate == nil) != (key == nil) {
      throw ValidationError(Say.of("--certificate 与 --key 须同时给出", "--certificate and --key go together"))
    }
    if renew != nil, county != nil || certificate != nil || ca != nil || !settings.isEmpty {
      throw ValidationError(
        Say.of(
          "--renew 只换新一样，不与 --county、--set、--certificate、--ca 合用：设置请改 .env",
          "--renew makes one thing anew and goes with none of --county, --set, --certificate, --ca: settings are changed in .env"
        ))
    }
    var faults = names.compactMap(InstallationValues.fault(ofName:))
    faults += [county].compactMap { $0.flatMap(InstallationValues.fault(ofCounty:)) }
    for setting in settings {
      guard setting.contains("=") else {
        faults.append(Say.of("--set \(setting)：应写作 名称=值", "--set \(setting): NAME=VALUE was expected"))
        continue
      }
      let (name, value) = CaseCommand.pair(setting)
      faults += [InstallationValues.fault(of: name, value)].compactMap(\.self)
    }
    guard faults.isEmpty else { throw ValidationError(faults.joined(separator: "\n")) }
  }

  func run() async throws {
    let installation = Installation(folder: directory)
    if let renew { return try self.renew(renew, installation) }
    guard installation.existing.isEmpty else {
      throw Complaint(
        "\(directory) 中已有 \(installation.existing.joined(separator: "、"))：不会覆盖，什么也没有改动。",
        """
        \(directory) has \(installation.existing.joined(separator: ", ")) already: nothing is overwritten, nothing was changed
        """)
    }
    let secret = Installation.random(prefix: "hyi_")
    let tokens = try TokenKeySet.renewed(nil)
    let backup = BackupKeys.make()
    let own = try await countyCertificate()
    let settings = try settings(own)
    var files = Installation.keys() + (try certificateFiles(own))
    files += [
      .init("secrets/first-administrator", secret), .init("secrets/jwks.json", tokens.keySet),
      .init("operator/jwt-signing.pem", tokens.privateKey, for: .operatorOnly),
      .init("operator/jwt-signing.kid", tokens.name + "\n", for: .operatorOnly),
      .init("secrets/backup.pub", backup.publicText),
      .init("operator/backup.key", backup.privateText, for: .operatorOnly),
      .init(".env", settings, for: .operatorOnly),
    ]
    let compose = "\(directory)/docker-compose.yml"
    if !FileManager.default.fileExists(atPath: compose) {
      files.append(.init("docker-compose.yml", Self.compose, for: .everybody))
    }
    try installation.make(files)
    try FileManager.default.createDirectory(atPath: "\(directory)/import", withIntermediateDirectories: true)
    tell(files, secret: secret.trimmingCharacters(in: .whitespacesAndNewlines))
  }

  // MARK: What is made

  /// This version's compose file.
  private static var compose: String { String(decoding: PackageResources.docker_compose_yml, as: UTF8.self) }

  /// The names in a certificate of our own: those that were given, and those by which this server and its containers know it.
  private var certificateNames: [String] {
    var names = self.names
    // In a container the host's name is not known; twelve hexadecimal digits are the container's.
    let host = ProcessInfo.processInfo.hostName
    let isContainer = host.count == 12 && host.allSatisfy(\.isHexDigit)
    for usual in (isContainer || InstallationValues.fault(ofName: host) != nil ? [] : [host]) + [
      "localhost", "gateway", "127.0.0.1", "::1",
    ]
    where !names.contains(usual) { names.append(usual) }
    return names
  }

  private func countyCertificate() async throws -> CountyCertificate? {
    guard let certificate, let key else { return nil }
    return try await CountyCertificate(certificate: certificate, key: key, authority: ca, names: names)
  }

  private func certificateFiles(_ county: CountyCertificate?) throws -> [Installation.File] {
    guard let county else {
      let own = try GatewayCertificate(names: certificateNames)
      return [
        .init("secrets/gateway-certificate.pem", own.certificate), .init("secrets/gateway-key.pem", own.key),
        .init("secrets/county-ca.pem", own.authority),
        .init("operator/county-ca.key", own.authorityKey, for: .operatorOnly),
      ]
    }
    return [
      .init("secrets/gateway-certificate.pem", county.certificate), .init("secrets/gateway-key.pem", county.key),
      .init("secrets/county-ca.pem", county.authority),
    ]
  }

  /// The settings' example with what is known of this installation.
  private func settings(_ own: CountyCertificate?) throws -> String {
    var settings = InstallationSettings(example: String(decoding: PackageResources.env_example, as: UTF8.self))
    try settings.set("HUYING_COUNTY", county ?? CountyFiles.builtInCode)
    // The county's certificate is not for the name that the containers have for the gateway.
    if let name = own?.serverName { try settings.set("HUYING_SERVER_NAME", name) }
    for setting in self.settings {
      let (name, value) = CaseCommand.pair(setting)
      try settings.set(name, value)
    }
    return settings.text
  }

  // MARK: Renewals

  private func renew(_ what: Renewal, _ installation: Installation) throws {
    if what == .certificate || what == .tokens { try installation.expectOperator(for: what) }
    switch what {
    case .certificate:
      let known = try GatewayCertificate.names(in: installation.text("secrets/gateway-certificate.pem"))
      let own = try GatewayCertificate(
        names: names + known.filter { !names.contains($0) }, authority: installation.text("secrets/county-ca.pem"),
        authorityKey: installation.text("operator/county-ca.key"))
      try installation.replace(.init("secrets/gateway-key.pem", own.key))
      try installation.replace(.init("secrets/gateway-certificate.pem", own.certificate))
      print(
        Say.of(
          "新证书有效期 \(GatewayCertificate.days) 天，网关一秒内启用，连接不断。",
          "The new certificate is good for \(GatewayCertificate.days) days; the gateway uses it within a second, connections stay."
        ))
    case .administrator:
      let secret = Installation.random(prefix: "hyi_")
      try installation.replace(.init("secrets/first-administrator", secret))
      print(secret, terminator: "")
      Terminal.say(
        Say.of(
          "重启网关后，七天内可用一次：docker compose restart gateway",
          "After a restart of the gateway it is good once, for seven days: docker compose restart gateway"))
    case .compose:
      try bringWhat(Self.compose, needs: installation)
      guard try installation.renewCompose(Self.compose) else {
        print(
          Say.of(
            "docker-compose.yml 已是本版本的，没有改动。", "docker-compose.yml is this version's already: nothing was changed."))
        return
      }
      print(
        Say.of(
          "docker-compose.yml 已换为本版本的；旧文件为 docker-compose.yml.old，自己改过的地方请重新写入（最好写在 docker-compose.override.yml 中）。",
          """
          docker-compose.yml is this version's now; the one before is docker-compose.yml.old. Changes of your own belong into \
          docker-compose.override.yml.
          """))
    case .tokens:
      let tokens = try TokenKeySet.renewed(installation.text("secrets/jwks.json"))
      // The public half first: no token is signed that nobody can check.
      try installation.replace(.init("secrets/jwks.json", tokens.keySet))
      try installation.replace(.init("operator/jwt-signing.pem", tokens.privateKey, for: .operatorOnly))
      try installation.replace(.init("operator/jwt-signing.kid", tokens.name + "\n", for: .operatorOnly))
      print(
        Say.of(
          "已换新签名密钥。旧密钥签发的令牌仍有效，再换一次后失效。",
          "Tokens are signed with the new key. Those of the key before stay good; renew once more to end them."))
    }
  }

  /// The secrets that a compose file names. The backup's pair is made where an older version made none; any other that is missing is
  /// refused before anything is changed: a key that has sealed something is never made anew.
  private func bringWhat(_ compose: String, needs installation: Installation) throws {
    let missing = installation.missingSecrets(of: compose)
    let backup = "\(Installation.secrets)/backup.pub"
    let privateKey = "\(Installation.operatorFolder)/backup.key"
    let others = missing.filter { $0 != backup }
    guard others.isEmpty else {
      let list = others.joined(separator: Say.of("、", ", "))
      throw Complaint(
        "新的 docker-compose.yml 需要 \(list)，而 \(directory) 中没有：请从备份放回。什么也没有改动",
        "the new docker-compose.yml needs \(list), which \(directory) does not have: put it back from its copy. Nothing was changed"
      )
    }
    guard missing.contains(backup) else { return }
    guard !installation.has(privateKey) else {
      throw Complaint(
        "新的 docker-compose.yml 需要 \(backup)，它与已有的 \(privateKey) 是一对：请从备份放回。什么也没有改动",
        """
        the new docker-compose.yml needs \(backup), the other half of \(privateKey): put it back from its copy. Nothing was changed
        """)
    }
    let keys = BackupKeys.make()
    try installation.add(.init(privateKey, keys.privateText, for: .operatorOnly))
    try installation.add(.init(backup, keys.publicText))
    print(
      Say.of(
        "已生成备份密钥：\(backup)（网关用它加密备份）和 \(privateKey)（打开备份；请移出服务器，存两份）。",
        """
        Backup keys were made: \(backup), which the gateway seals backups to, and \(privateKey), which opens them: keep it off this \
        server, twice.
        """))
  }

  // MARK: What is said

  private func tell(_ files: [Installation.File], secret: String) {
    var table = Table(Say.of("文件", "file"), Say.of("用途", "what"), Say.of("保管", "keep"))
    for (path, what, keep) in Self.legend where files.contains(where: { $0.path.hasPrefix(path) }) {
      table.add(path, what, keep)
    }
    print(table.text)
    if county == nil, !settings.contains(where: { $0.hasPrefix("HUYING_COUNTY=") }) {
      print(
        Say.of(
          "\n没有写 --county：这是虚构的沭安县（\(CountyFiles.builtInCode)），只供演示。有了数据就不能再改。",
          """

          Without --county this is the fictional 沭安县 (\(CountyFiles.builtInCode)), to look at. It cannot be changed once there is \
          data.
          """))
    }
    print(
      Say.of(
        """

        首个管理员的一次性口令（只显示这一次，七天内有效）：
          \(secret)

        下一步，在 docker-compose.yml 所在的文件夹中：
          docker compose up -d
          docker compose run --rm huying health --wait 60
          docker compose run --rm huying login --secret \(secret.prefix(12))…
        请将 operator/ 移出本服务器，并把 secrets/ 备份到与数据库备份不同的地方：丢失密封密钥就打不开居民所述。
        """,
        """

        The first administrator's one-time secret (shown this once, good for seven days):
          \(secret)

        Next, in the folder of docker-compose.yml:
          docker compose up -d
          docker compose run --rm huying health --wait 60
          docker compose run --rm huying login --secret \(secret.prefix(12))…
        Move operator/ off this server, and keep a copy of secrets/ apart from the backups of the data: without the sealing keys
        nobody can read what residents told.
        """))
  }

  private static var legend: [(path: String, what: String, keep: String)] {
    [
      (".env", Say.of("设置", "settings"), Say.of("与系统一起", "with the system")),
      ("docker-compose.yml", Say.of("服务", "services"), Say.of("与系统一起", "with the system")),
      ("secrets/actor-signing.key", Say.of("网关与服务之间", "between gateway and services"), Say.of("备份", "back up")),
      (
        "secrets/dispute-sealing.key", Say.of("打开居民所述（每个服务一个）", "opens what residents told (one per service)"),
        Say.of("必须备份，与数据分开", "back up, apart from the data")
      ),
      (
        "secrets/care-visit.key", Say.of("关爱回访台账（默认关闭）", "the care-visit register (off)"),
        Say.of("必须备份，与数据分开", "back up, apart from the data")
      ),
      (
        "secrets/gateway-certificate.pem", Say.of("网关的 TLS 证书和私钥", "the gateway's TLS certificate and key"),
        Say.of("可重新生成", "can be made anew")
      ),
      ("secrets/county-ca.pem", Say.of("客户端信任它", "what clients trust"), Say.of("可公开", "may be given away")),
      (
        "secrets/jwks.json",
        Say.of(
          "检验令牌的公钥；本县有统一登录时换成其密钥集", "public keys that tokens are checked with; the place for the county's own login's"),
        Say.of("可公开", "may be given away")
      ),
      (
        "secrets/first-administrator", Say.of("首个管理员的一次性口令", "the first administrator's one-time secret"),
        Say.of("用后即废", "worthless once used")
      ),
      ("operator/jwt-signing.pem", Say.of("可签发任何人的令牌", "signs tokens for anybody"), Say.of("移出服务器", "off this server")),
      (
        "operator/county-ca.key", Say.of("换发网关证书", "signs the gateway's next certificate"),
        Say.of("移出服务器", "off this server")
      ),
      (
        "operator/backup.key", Say.of("打开加密的备份", "opens the sealed backups"),
        Say.of("移出服务器，存两份", "off this server, twice")
      ),
    ]
  }
}
