import ArgumentParser
import Backup
import BackupContract
import Foundation
import Kernel
import RPC
import Runtime

/// `huying backup`: everything that has to be kept, as one set, made while the county works.
struct BackupCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: Say.of(
      "备份：不停机地生成一套完整备份，查看、校验备份。",
      "Make a backup of everything while it runs; list and verify backups."),
    discussion: Say.of(
      """
        huying backup /backups --to backup.pub     生成一套，并用公钥加密
        huying backup verify /backups/huying-…     校验（加密的另加 --key backup.key）
      备份中没有任何密钥：封存密钥（sealing）另行保管，否则恢复后封存的文字无法打开。
      """,
      """
        huying backup /backups --to backup.pub     makes a set, sealed to a public key
        huying backup verify /backups/huying-…     verifies one (a sealed one with --key backup.key)
      There are no keys in a set: keep the sealing keys elsewhere, or sealed texts cannot be opened after a restore.
      """),
    subcommands: [Make.self, Verify.self, ListSets.self, Keys.self], defaultSubcommand: Make.self)

  struct Make: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("生成一套备份。", "Make a set."),
      discussion: Say.of(
        "需要 COUNTY_IT 或 COUNTY_ADMIN。有一个服务不应答就不会生成备份（退出码 1）。",
        "Needs COUNTY_IT or COUNTY_ADMIN. If a service does not answer there is no set (exit code 1)."))

    @Argument(
      help: ArgumentHelp(
        Say.of("存放备份的目录。", "The folder for sets; made if missing."), valueName: "dir")
    )
    var folder: String

    @Option(
      help: ArgumentHelp(
        Say.of(
          "公钥文件 backup.pub：备份加密给它。（HUYING_BACKUP_TO）",
          "A file with a public key, backup.pub: the set is sealed to it. (HUYING_BACKUP_TO)"),
        valueName: "file"))
    var to: String?

    @Option(
      help: ArgumentHelp(
        Say.of(
          "把这个目录中的密钥文件也放入备份（只限加密的备份）。",
          "Put the key files of this folder into the set, too (sealed sets only)."), valueName: "dir"))
    var withKeys: String?

    @Option(
      help: ArgumentHelp(
        Say.of("只保留目录中最新的几套。", "Afterwards take all but the last sets of the folder away."),
        valueName: "count")
    )
    var keep: Int?

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      let to = to ?? ProcessInfo.processInfo.environment["HUYING_BACKUP_TO"].flatMap { $0.isEmpty ? nil : $0 }
      let key = try complaining { try to.map { try BackupPublicKey(file: $0) } }
      if withKeys != nil, key == nil {
        throw Complaint("密钥只能放入加密的备份：请给出 --to backup.pub", "keys go into a sealed set only: give --to backup.pub")
      }
      if let keep, keep < 1 { throw Complaint("--keep 至少为 1", "--keep is at least 1") }
      let channel = try gateway.channel()
      var writer = try complaining { try SetWriter(in: folder, at: TimeSource.real.now(), sealedTo: key) }
      let path: String
      do {
        path = try await fill(&writer, BackupV1.BackupServiceClient(channel))
      } catch {
        writer.discard()
        throw (error as? BackupFailure).map { Complaint($0) } ?? error
      }
      await channel.close(within: .seconds(1))
      let gone = keep.map { BackupShelf(folder).keepLast($0, at: TimeSource.real.now()) } ?? []
      try BackupText.show(try complaining { try BackupManifest(in: path) }, path, gateway.output)
      for set in gone { Terminal.say("- \(set)") }
    }

    private func fill(_ writer: inout SetWriter, _ client: BackupV1.BackupServiceClient) async throws -> String {
      var bar = ProgressBar(Say.of("备份", "backup"))
      defer { bar.clear() }
      var (done, total, note): (Int64, Int64, String) = (0, 0, "")
      for try await message in client.copyDatabases(.init()) {
        if case .fileBegin(let begin) = message.content {
          total += begin.byteCount
          note = begin.fileName
        }
        if case .chunk(let bytes) = message.content { done += Int64(bytes.count) }
        bar.show(done: done, of: total, items: Int(done >> 20), note: note)
        try writer.take(message)
      }
      if let withKeys { _ = try writer.add(keysOf: withKeys) }
      return try writer.finish(at: TimeSource.real.now())
    }
  }

  struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("逐字节校验一套备份。", "Look at every byte of a set."),
      discussion: Say.of(
        "校验摘要、数据库结构、行数、迁移、日志链，以及各服务的副本是否属于同一时刻。有问题则退出码 1。",
        """
        Digests, the databases' own check, counts, migrations, the journals' chains, and whether the copies are of one moment. \
        Exit code 1 if anything does not hold.
        """))

    @Argument(
      help: ArgumentHelp(Say.of("一套备份的目录。", "The set's folder."), valueName: "set"))
    var set: String

    @OptionGroup var opening: SetOpening

    @Option(
      name: [.short, .customLong("output")], help: .of("table 供人看，json 供程序读。", "table for people, json for programs."))
    var output: OutputFormat = .table

    func run() async throws {
      let backup = try opening.open(set)
      if output == .table { Terminal.say("\(set)  \(backup.manifest.beginTime)") }
      let findings = try complaining { try backup.verify(workFolder: opening.workFolder) { _ in } }
      let gaps = backup.manifest.complaints(expecting: ServiceIdentity.all.map(\.name))
      switch output {
      case .json:
        print(try BackupText.json(findings))
        for gap in gaps { Terminal.complain([gap.sentence]) }
      case .table:
        var table = Table(
          Say.of("服务", "service"), Say.of("文件", "file"), Say.of("字节", "bytes"), Say.of("日志", "journal"),
          Say.of("状态", "state"))
        for finding in findings {
          let file = finding.file
          table.add(
            file.service, file.name, String(file.bytes), file.journal.map { String($0.seq) } ?? "", state(of: finding))
        }
        print(table.text)
        for gap in gaps { Terminal.complain([gap.sentence]) }
        for finding in findings {
          for complaint in finding.complaints {
            Terminal.complain([Say.of("\(finding.file.path)：", "\(finding.file.path): ") + complaint.sentence])
          }
        }
        if findings.contains(where: \.isUnopened) {
          Terminal.say(
            Say.of(
              "文件已加密，只校验了外层；加 --key backup.key 可全部校验。",
              "The files are sealed and only their outside was looked at; --key backup.key looks inside."))
        }
      }
      if !gaps.isEmpty || findings.contains(where: { !$0.complaints.isEmpty }) { throw ExitCode(1) }
    }

    private func state(of finding: BackupSet.Finding) -> String {
      if let first = finding.complaints.first?.sentence { return Say.of("已损坏：\(first)", "BROKEN: \(first)") }
      return finding.isUnopened ? Say.of("已加密，未打开", "sealed, not opened") : Say.of("完好", "holds")
    }
  }

  struct ListSets: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list",
      abstract: Say.of("列出目录中的备份。", "List the sets of a folder."),
      discussion: Say.of(
        "列出的只是各套备份自己所写的；是否完好请用 verify。", "It shows what each set says of itself; verify looks whether that holds."))

    @Argument(help: .of("存放备份的目录。", "The folder of sets.", as: "dir"))
    var folder: String

    func run() throws {
      guard (try? FileManager.default.contentsOfDirectory(atPath: folder)) != nil else {
        throw Complaint("没有可读的目录 \(folder)", "there is no readable folder \(folder)")
      }
      let shelf = BackupShelf(folder)
      var table = Table(
        Say.of("备份", "set"), Say.of("开始时间", "begun"), Say.of("文件", "files"), Say.of("字节", "bytes"),
        Say.of("加密给", "sealed to"), Say.of("版本", "version"))
      for set in (shelf.sets + shelf.unreadable).sorted() {
        let name = (set as NSString).lastPathComponent
        let path = "\(set)/\(BackupManifest.fileName)"
        if let manifest = try? BackupManifest(in: set) {
          table.add(
            name, manifest.beginTime, String(manifest.files.count),
            String(manifest.files.reduce(0) { $0 + $1.storedBytes }), manifest.recipient, manifest.programVersion)
        } else if FileManager.default.isReadableFile(atPath: path) {
          table.add(name, Say.of("已损坏", "damaged"), "", "", "", "")
        } else {
          table.add(name, Say.of("不可读", "not readable"), "", "", "", "")
        }
      }
      print(table.text)
    }
  }

  struct Keys: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("生成备份密钥对 backup.key、backup.pub。", "Make a pair of backup keys: backup.key and backup.pub."))

    @Argument(help: .of("存放密钥对的目录。", "The folder for the pair; made if missing.", as: "dir"))
    var folder: String

    func run() throws {
      let paths = try complaining { try BackupPrivateKey.makePair(in: folder) }
      print(
        Say.of(
          "\(paths.publicPath)：放在生成备份的机器上（--to 或 HUYING_BACKUP_TO）。\n\(paths.privatePath)：只有它能打开备份。请离线保存两份，不要留在服务器上。",
          """
          \(paths.publicPath): stays where backups are made (--to, HUYING_BACKUP_TO).
          \(paths.privatePath): the only thing that opens them. Keep it twice, off this machine.
          """))
    }
  }
}

/// How a set is opened.
struct SetOpening: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      Say.of("打开加密备份的私钥文件 backup.key。", "The file that opens a sealed set, backup.key."),
      valueName: "file"))
  var key: String?

  @Option(
    name: .customLong("work-dir"),
    help: ArgumentHelp(
      Say.of("解开加密文件的临时目录。（TMPDIR）", "Where sealed files are opened for a look, then taken away. (TMPDIR)"),
      valueName: "dir"))
  var work: String?

  var workFolder: String { work ?? NSTemporaryDirectory() }

  func open(_ set: String) throws -> BackupSet {
    try complaining { try BackupSet(set, key: try key.map { try BackupPrivateKey(file: $0) }) }
  }
}

/// Runs `body`; what is wrong with a backup is a line for the person, exit code 1.
func complaining<R>(_ body: () throws -> R) throws -> R {
  do { return try body() } catch let failure as BackupFailure { throw Complaint(failure) }
}

extension BackupFailure {
  /// What is wrong, in the person's language; the file is named beside it.
  var sentence: String { Say.of(chinese, english) }
}

extension Complaint {
  /// What is wrong with a backup: exit code 1.
  init(_ failure: BackupFailure) {
    let file = failure.file
    self.init((file.isEmpty ? "" : Say.of("\(file)：", "\(file): ")) + failure.sentence, exitCode: 1)
  }
}

enum BackupText {
  static func show(_ manifest: BackupManifest, _ path: String, _ output: OutputFormat) throws {
    if output == .json {
      print(try manifest.text())
      return
    }
    var table = Table(
      Say.of("服务", "service"), Say.of("文件", "file"), Say.of("字节", "bytes"), Say.of("行数", "rows"),
      Say.of("日志", "journal"), Say.of("链头", "head"))
    for file in manifest.files {
      table.add(
        file.service, file.name, String(file.bytes), String(file.tables.values.reduce(0, +)),
        file.journal.map { String($0.seq) } ?? "", file.journal.map { String($0.hash.prefix(16)) } ?? "")
    }
    print(table.text)
    print(path)
  }

  static func json(_ findings: [BackupSet.Finding]) throws -> String {
    struct Line: Encodable {
      var service: String
      var file: String
      var holds: Bool
      var opened: Bool
      var complaints: [String]
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let lines = findings.map {
      Line(
        service: $0.file.service, file: $0.file.name, holds: $0.complaints.isEmpty, opened: !$0.isUnopened,
        complaints: $0.complaints.map(\.english))
    }
    return String(decoding: try encoder.encode(lines), as: UTF8.self)
  }
}
