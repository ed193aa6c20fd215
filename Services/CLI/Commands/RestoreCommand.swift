import ArgumentParser
import Backup
import Foundation
import Kernel
import Runtime

/// `huying restore`: a set back into data folders that are empty.
struct RestoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: Say.of("把一套备份恢复到空的数据目录。", "Lay a backup into empty data folders."),
    discussion: Say.of(
      """
        huying restore SET --into /volumes                全部：/volumes/<服务名>/…
        huying restore SET --only dispute --data-dir /data 只恢复一个服务
      服务必须已停止。已有数据库的目录会被拒绝，什么也不会写。恢复前请把封存密钥放回原处。
      """,
      """
        huying restore SET --into /volumes                 everything: /volumes/<service>/…
        huying restore SET --only dispute --data-dir /data  one service alone
      The services have to be stopped. A folder with a database in it is refused, and then nothing is written at all. Put the \
      sealing keys back where they were before you start the services.
      """))

  @Argument(
    help: ArgumentHelp(Say.of("一套备份的目录。", "The set's folder."), valueName: "set"))
  var set: String

  @Option(
    help: ArgumentHelp(
      Say.of("各服务数据目录的上级目录。", "The folder that has one folder for each service."), valueName: "dir"))
  var into: String?

  @Option(
    help: ArgumentHelp(
      Say.of("只恢复这个服务（可重复）。", "Only this service; may be repeated."),
      valueName: "service"))
  var only: [String] = []

  @Option(
    help: ArgumentHelp(
      Say.of("一个服务的数据目录（与一个 --only 合用）。", "The data folder of the one service that --only names."),
      valueName: "dir"))
  var dataDir: String?

  @Option(
    help: ArgumentHelp(
      Say.of("把备份中的密钥文件放到这个目录。", "Lay the key files of the set, if it has any, into this folder."),
      valueName: "dir"))
  var keysInto: String?

  @OptionGroup var opening: SetOpening

  func run() async throws {
    let backup = try opening.open(set)
    let places = try places(backup.manifest)
    var table = Table(
      Say.of("服务", "service"), Say.of("文件", "file"), Say.of("字节", "bytes"), Say.of("日志", "journal"),
      Say.of("位置", "place"))
    try complaining {
      try backup.restore(places) { place in
        table.add(
          place.file.service, place.file.name, String(place.file.bytes),
          place.file.journal.map { String($0.seq) } ?? "", place.path)
      }
    }
    print(table.text)
    Terminal.say(
      Say.of(
        "已恢复到 \(backup.manifest.beginTime) 的状态。启动服务前请确认封存密钥在原处；启动后看 huying relay status。",
        """
        Restored as of \(backup.manifest.beginTime). Before you start the services: are their sealing keys in place? \
        Afterwards look at huying relay status.
        """))
  }

  private func places(_ manifest: BackupManifest) throws -> [BackupSet.Place] {
    let known = Set(manifest.files.map(\.service)).subtracting(["keys"])
    for name in only where !known.contains(name) {
      let services = known.sorted().joined(separator: ", ")
      throw Complaint("这套备份中没有 \(name)，有：\(services)", "there is no \(name) in this set; there are: \(services)")
    }
    if dataDir != nil, only.count != 1 {
      throw Complaint("--data-dir 须与一个 --only 合用", "--data-dir goes with exactly one --only")
    }
    let gaps = manifest.complaints(expecting: ServiceIdentity.all.map(\.name))
    if only.isEmpty, !gaps.isEmpty {
      throw Complaint(
        (gaps.map(\.sentence) + [
          Say.of("什么也没有恢复；单个服务可用 --only 恢复", "nothing was restored; one service alone can be, with --only")
        ]).joined(separator: "\n"), exitCode: 1)
    }
    guard (into == nil) != (dataDir == nil) else {
      throw Complaint("请给出 --into，或 --only 与 --data-dir", "give --into DIR, or --only SERVICE with --data-dir DIR")
    }
    var places: [BackupSet.Place] = []
    for file in manifest.files {
      if file.service == "keys" {
        if let keysInto { places.append(.init(file: file, path: "\(keysInto)/\(file.name)")) }
      } else if only.isEmpty || only.contains(file.service) {
        let folder = dataDir ?? "\(into ?? "")/\(file.service)"
        places.append(.init(file: file, path: "\(folder)/\(file.name)"))
      }
    }
    if keysInto != nil, !places.contains(where: { $0.file.service == "keys" }) {
      throw Complaint("这套备份中没有密钥", "there are no keys in this set", exitCode: 1)
    }
    return places
  }
}
