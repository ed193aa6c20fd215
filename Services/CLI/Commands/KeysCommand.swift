import ArgumentParser
import Crypto
import Foundation
import Glibc
import Kernel
import Runtime

/// `huying keys`: the keys in files, one more, one less; without a restart of anything.
struct KeysCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys",
    abstract: Say.of("查看和更换密钥文件中的密钥（封存、操作人签名）。", "See and rotate the keys of key files (sealing, actor signing)."),
    discussion: Say.of(
      """
        huying keys list secrets/*.key
        huying keys rotate secrets/actor-signing.key
        huying keys drop secrets/actor-signing.key 1f2e3d4c
      一个文件每行一个密钥：第一行用于封存或签名，各行都能打开或验证。程序一秒内自行读到更改，不用重启。
      """,
      """
        huying keys list secrets/*.key
        huying keys rotate secrets/actor-signing.key
        huying keys drop secrets/actor-signing.key 1f2e3d4c
      A file has a key on each line: the first one seals or signs, all of them open or verify. Programs see a change within a \
      second, without a restart.
      """),
    subcommands: [ListKeys.self, Rotate.self, Drop.self])

  struct ListKeys: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list",
      abstract: Say.of("列出密钥名（不显示密钥）。", "The keys' names; never the keys."))

    @Argument(help: .of("密钥文件，可有多个。", "Key files.", as: "file"))
    var files: [String]

    func run() throws {
      var table = Table(Say.of("文件", "file"), Say.of("密钥", "key"), Say.of("用途", "use"))
      for path in files {
        for (index, key) in try KeyLines(path).keys.enumerated() {
          table.add(
            index == 0 ? path : "", KeyRing.name(of: key),
            index == 0
              ? Say.of("封存、签名", "seals, signs")
              : Say.of("只打开、验证", "opens, verifies"))
        }
      }
      print(table.text)
    }
  }

  struct Rotate: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("加一个新密钥，从此使用它。", "Put a new key in force."),
      discussion: Say.of(
        "文件在原处改写（容器中挂载的文件因此也能看到）。旧密钥保留在文件中。",
        "The file is written in place, so that a container that has it mounted sees it. The old keys stay in it."))

    @Argument(help: .of("密钥文件。", "The key file.", as: "file"))
    var file: String

    func run() throws {
      var lines = try KeyLines(file)
      lines.keys.insert(SymmetricKey(size: .bits256), at: 0)
      try lines.write()
      print(
        Say.of(
          "\(KeyRing.name(of: lines.keys[0])) 已启用。\(lines.isSealing ? "请立即备份此文件：旧密钥永远不要删除。" : "一分钟后可以 huying keys drop 旧密钥。")",
          """
          \(KeyRing.name(of: lines.keys[0])) is in force. \
          \(lines.isSealing ? "Back this file up now; its older keys are never dropped." : "After a minute the old key may go: huying keys drop.")
          """))
    }
  }

  struct Drop: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("删除一个不再使用的签名密钥。", "Take a signing key away that is in force no more."),
      discussion: Say.of(
        "封存密钥不能删除：用它封存的内容将永远无法打开。",
        "Sealing keys are never taken away: what they have sealed would never open again."))

    @Argument(help: .of("密钥文件。", "The key file.", as: "file"))
    var file: String

    @Argument(help: .of("密钥名，见 huying keys list。", "The key's name, as huying keys list shows it.", as: "key"))
    var key: String

    func run() throws {
      var lines = try KeyLines(file)
      guard !lines.isSealing else {
        throw Complaint("\(file) 是封存密钥，不能删除", "\(file) has sealing keys: what they have sealed would never open again")
      }
      guard let index = lines.keys.firstIndex(where: { KeyRing.name(of: $0) == key }) else {
        throw Complaint("文件中没有密钥 \(key)", "there is no key \(key) in \(file)")
      }
      guard index > 0 else {
        throw Complaint("\(key) 正在使用：先 huying keys rotate", "\(key) is in force: huying keys rotate first")
      }
      lines.keys.remove(at: index)
      try lines.write()
      print(Say.of("\(key) 已删除", "\(key) is gone"))
    }
  }
}

/// A key file, as it is changed.
private struct KeyLines {
  let path: String
  var keys: [SymmetricKey]

  init(_ path: String) throws {
    self.path = path
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Complaint.unreadable(path)
    }
    do { keys = try KeyRing.keys(String(decoding: data, as: UTF8.self), path) } catch {
      throw Complaint("\(path) 不是密钥文件：每行应为 64 位十六进制数字", "\(error)")
    }
  }

  /// Whether stored things need its keys for ever: by its name, as `huying init` and the services give it.
  var isSealing: Bool {
    let name = (path as NSString).lastPathComponent
    return name.contains("sealing") || name.contains("care-visit")
  }

  /// Writes all lines.
  func write() throws {
    try SecretFile.replace(
      path, with: keys.map { key in key.withUnsafeBytes { Array($0) }.hexadecimal + "\n" }.joined())
  }
}
