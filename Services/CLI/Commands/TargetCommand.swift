import ArgumentParser
import Foundation
import Wire

/// `huying target`: servers that have names.
struct TargetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "target",
    abstract: Say.of("给服务器起名：add、list、use、remove。", "Give servers names: add, list, use, remove."),
    discussion: """
      A name goes wherever an address goes (-t NAME). The one in use is what list, describe, call and bench talk to. \
      The names are kept in ~/.config/huying/config.json (HUYING_CONFIG), readable by its owner alone.

        huying target add county --address gw.county.cn:443 --tls --ca ca.pem
        huying target add local --address unix:/run/huying/gateway.sock
        huying target add partner --address h:1 -H 'x-api-key: ${PARTNER_KEY}'
        huying target use county
        huying list -t local
      """,
    subcommands: [Add.self, Names.self, Use.self, Remove.self], defaultSubcommand: Names.self)

  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("给服务器起名，或更改名称所指。", "Give a server a name, or change what the name stands for."),
      discussion: """
        Secrets do not belong into the file: write ${NAME} in a header's value and it is taken from the environment
        when a call is made. --store-secrets keeps them in clear all the same.
        """)

    @Argument(help: "The name: letters, digits, - _ .")
    var name: String

    @Option(help: ArgumentHelp("HOST:PORT, unix:PATH or https://HOST.", valueName: "address"))
    var address: String

    @Option(help: ArgumentHelp("The :authority of the calls.", valueName: "name"))
    var authority: String?

    @Option(
      name: [.customShort("H"), .customLong("header")], parsing: .singleValue,
      help: ArgumentHelp("Metadata of every call; may be repeated.", valueName: "name: value"))
    var headers: [String] = []

    @Flag(help: "Keep secrets of headers in clear in the file.")
    var storeSecrets = false

    @Flag(help: "Use it from now on.")
    var use = false

    @OptionGroup(title: "TLS") var tls: TLSOptions

    func run() async throws {
      guard TargetBook.isName(name) else { throw Complaint("\(name) is no name: letters, digits, - _ .") }
      _ = try Endpoint.resolve(address, book: TargetBook())
      for header in headers { try check(header) }
      var book = try TargetBook.load()
      book.targets[name] = NamedTarget(
        address: address, tls: try tls.applied(to: nil).map(Self.absolute), authority: authority,
        headers: headers.isEmpty ? nil : headers)
      if use { book.current = name }
      try book.save()
      Terminal.say("\(name) is \(address)" + (use ? ", and in use" : ""))
    }

    private func check(_ header: String) throws(Complaint) {
      guard let colon = header.firstIndex(of: ":") else { throw Complaint("-H \(header): write \"name: value\"") }
      let name = header[..<colon].trimmingCharacters(in: .whitespaces).lowercased()
      let isSecret = ["authorization", "cookie", "key", "token", "secret", "password"].contains { name.contains($0) }
      if isSecret, !storeSecrets, !header[colon...].contains("${") {
        throw Complaint(
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

    @Option(name: [.short, .customLong("output")], help: "table for people, json for programs.")
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
        return Terminal.say("none yet; try: huying target add NAME --address HOST:PORT")
      }
      var table = Table("", "name", "address", "security")
      for (name, target) in book.targets.sorted(by: { $0.key < $1.key }) {
        table.add(name == book.current ? "*" : "", name, target.address, Self.security(target))
      }
      print(table.text)
    }

    private static func security(_ target: NamedTarget) -> String {
      guard let tls = target.tls else { return target.address.hasPrefix("https://") ? "TLS" : "in the clear" }
      if tls.skipsVerification == true { return "TLS, not verified" }
      return tls.certificate == nil ? "TLS" : "TLS with a certificate"
    }

    private static func json(_ book: TargetBook) -> JSONValue {
      .array(
        book.targets.sorted { $0.key < $1.key }.map { name, target in
          .object([
            .init("name", .string(name)), .init("address", .string(target.address)),
            .init("inUse", .bool(name == book.current)), .init("security", .string(security(target))),
          ])
        })
    }
  }

  struct Use: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("今后使用该服务器；不写名称则恢复为网关。", "Talk to this server from now on; without a name to the gateway again."))

    @Argument(help: "The name.", completion: Completions.targets)
    var name: String?

    func run() async throws {
      var book = try TargetBook.load()
      if let name, book.targets[name] == nil { throw TargetCommand.unknown(name, book) }
      book.current = name
      try book.save()
      Terminal.say(name.map { "in use: \($0)" } ?? "in use: the gateway")
    }
  }

  struct Remove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: Say.of("删除名称。", "Forget a name."))

    @Argument(help: "The name.", completion: Completions.targets)
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
    return Complaint("there is no target \(name)" + (names.isEmpty ? "" : "; there are: \(names)"), exitCode: 64 + 5)
  }
}
