import ArgumentParser
import Foundation
import Wire

/// `huying target`: servers that have names.
struct TargetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "target",
    abstract: Say.of("给服务器起名：add、list、use、remove。", "Give servers names: add, list, use, remove."),
    discussion: Say.of(
      """
      凡可写地址之处都可写名称（-t 名称）。list、describe、call、bench 缺省与正在使用的那个通信。 \
      名称存于 ~/.config/huying/config.json（HUYING_CONFIG），只有其所有者可读。

        huying target add county --address gw.county.cn:443 --tls --ca ca.pem
        huying target add local --address unix:/run/huying/gateway.sock
        huying target add partner --address h:1 -H 'x-api-key: ${PARTNER_KEY}'
        huying target use county
        huying list -t local
      """,
      """
      A name goes wherever an address goes (-t NAME). The one in use is what list, describe, call and bench talk to. \
      The names are kept in ~/.config/huying/config.json (HUYING_CONFIG), readable by its owner alone.

        huying target add county --address gw.county.cn:443 --tls --ca ca.pem
        huying target add local --address unix:/run/huying/gateway.sock
        huying target add partner --address h:1 -H 'x-api-key: ${PARTNER_KEY}'
        huying target use county
        huying list -t local
      """),
    subcommands: [Add.self, Names.self, Use.self, Remove.self], defaultSubcommand: Names.self)

  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("给服务器起名，或更改名称所指。", "Give a server a name, or change what the name stands for."),
      discussion: Say.of(
        """
        密码不应写入文件：元数据的值写作 ${名称}，调用时取自环境变量。--store-secrets 则照样明文保存。
        """,
        """
        Secrets do not belong into the file: write ${NAME} in a header's value and it is taken from the environment
        when a call is made. --store-secrets keeps them in clear all the same.
        """))

    @Argument(help: .of("名称：字母、数字、- _ .", "The name: letters, digits, - _ ."))
    var name: String

    @Option(help: .of("主机:端口、unix:路径 或 https://主机。", "HOST:PORT, unix:PATH or https://HOST.", as: "address"))
    var address: String

    @Option(help: .of("调用的 :authority。", "The :authority of the calls.", as: "name"))
    var authority: String?

    @Option(
      name: [.customShort("H"), .customLong("header")], parsing: .singleValue,
      help: .of("每次调用都带的元数据，可重复。", "Metadata of every call; may be repeated.", as: "name: value"))
    var headers: [String] = []

    @Flag(help: .of("允许把元数据中的密码明文存入文件。", "Keep secrets of headers in clear in the file."))
    var storeSecrets = false

    @Flag(help: .of("今后即使用它。", "Use it from now on."))
    var use = false

    @OptionGroup(title: "TLS") var tls: TLSOptions

    func run() async throws {
      guard TargetBook.isName(name) else {
        throw Complaint("\(name) 不能作名称：只用字母、数字、- _ .", "\(name) is no name: letters, digits, - _ .")
      }
      _ = try Endpoint.resolve(address, book: TargetBook())
      for header in headers { try check(header) }
      var book = try TargetBook.load()
      book.targets[name] = NamedTarget(
        address: address, tls: try tls.applied(to: nil).map(Self.absolute), authority: authority,
        headers: headers.isEmpty ? nil : headers)
      if use { book.current = name }
      try book.save()
      Terminal.say(
        Say.of("\(name) 即 \(address)", "\(name) is \(address)") + (use ? Say.of("，正在使用", ", and in use") : ""))
    }

    private func check(_ header: String) throws(Complaint) {
      guard let colon = header.firstIndex(of: ":") else {
        throw Complaint("-H \(header)：应写作“名称: 值”", "-H \(header): write \"name: value\"")
      }
      let name = header[..<colon].trimmingCharacters(in: .whitespaces).lowercased()
      let isSecret = ["authorization", "cookie", "key", "token", "secret", "password"].contains { name.contains($0) }
      if isSecret, !storeSecrets, !header[colon...].contains("${") {
        throw Complaint(
          "-H \(name)：值请写作 ${名称}，取自环境变量；或加 --store-secrets",
          "-H \(name): write its value as ${NAME} to take it from the environment, or add --store-secrets")
      }
    }

    /// Files are found from everywhere.
    private static func absolute(_ settings: TLSSettings) -> TLSSettings {
      func path(_ path: String?) -> String? { path.map { URL(fileURLWithPath: $0).standardizedFileURL.path } }
      return TLSSettings(
        authorities: path(settings.authorities), certificate: path(settings.certificate), key: path(settings.key),
        serverName: settings.serverName, skipsVerification: settings.skipsVerification)
    }
  }

  struct Names: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: Say.of("列出名称。", "Show the names."))

    @Option(
      name: [.short, .customLong("output")], help: .of("table 供人看，json 供程序读。", "table for people, json for programs."))
    var output: OutputFormat = .table

    func run() async throws {
      let book = try TargetBook.load()
      switch output {
      case .table: show(book)
      case .json: print(Self.json(book).pretty)
      }
    }

    private func show(_ book: TargetBook) {
      guard !book.targets.isEmpty else {
        return Terminal.say(
          Say.of(
            "还没有。请用：huying target add 名称 --address 主机:端口",
            "none yet; try: huying target add NAME --address HOST:PORT"))
      }
      var table = Table("", Say.of("名称", "name"), Say.of("地址", "address"), Say.of("安全", "security"))
      for (name, target) in book.targets.sorted(by: { $0.key < $1.key }) {
        table.add(name == book.current ? "*" : "", name, target.address, Self.security(target).said)
      }
      print(table.text)
    }

    private enum Security: String {
      case clear = "in the clear"
      case tls = "TLS"
      case unverified = "TLS, not verified"
      case mutual = "TLS with a certificate"

      /// For people; programs read the raw value.
      var said: String {
        switch self {
        case .clear: Say.of("明文", rawValue)
        case .tls: rawValue
        case .unverified: Say.of("TLS，不验证", rawValue)
        case .mutual: Say.of("TLS，出示证书", rawValue)
        }
      }
    }

    private static func security(_ target: NamedTarget) -> Security {
      guard let tls = target.tls else { return target.address.hasPrefix("https://") ? .tls : .clear }
      if tls.skipsVerification == true { return .unverified }
      return tls.certificate == nil ? .tls : .mutual
    }

    private static func json(_ book: TargetBook) -> JSONValue {
      .array(
        book.targets.sorted { $0.key < $1.key }.map { name, target in
          .object([
            .init("name", .string(name)), .init("address", .string(target.address)),
            .init("inUse", .bool(name == book.current)), .init("security", .string(security(target).rawValue)),
          ])
        })
    }
  }

  struct Use: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("今后使用该服务器；不写名称则恢复为网关。", "Talk to this server from now on; without a name to the gateway again."))

    @Argument(help: .of("名称。", "The name."), completion: Completions.targets)
    var name: String?

    func run() async throws {
      var book = try TargetBook.load()
      if let name, book.targets[name] == nil { throw TargetCommand.unknown(name, book) }
      book.current = name
      try book.save()
      Terminal.say(Say.of("正在使用：\(name ?? "网关")", "in use: \(name ?? "the gateway")"))
    }
  }

  struct Remove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: Say.of("删除名称。", "Forget a name."))

    @Argument(help: .of("名称。", "The name."), completion: Completions.targets)
    var name: String

    func run() async throws {
      var book = try TargetBook.load()
      guard book.targets.removeValue(forKey: name) != nil else { throw TargetCommand.unknown(name, book) }
      if book.current == name { book.current = nil }
      try book.save()
    }
  }

  private static func unknown(_ name: String, _ book: TargetBook) -> Complaint {
    let names = book.targets.keys.sorted().joined(separator: ", ")
    return Complaint(
      "没有名称 \(name)" + (names.isEmpty ? "" : "，已有：\(names)"),
      "there is no target \(name)" + (names.isEmpty ? "" : "; there are: \(names)"), exitCode: 64 + 5)
  }
}
