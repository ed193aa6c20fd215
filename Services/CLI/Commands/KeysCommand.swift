import ArgumentParser
import Crypto
import Foundation
import Glibc
import Kernel
import Persistence
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
        huying keys drop secrets/dispute-sealing.key 1f2e3d4c --into operator/1f2e3d4c.key
      一个文件每行一个密钥：第一行用于封存或签名，各行都能打开或验证。程序一秒内自行读到更改，不用重启。
      """,
      """
        huying keys list secrets/*.key
        huying keys rotate secrets/actor-signing.key
        huying keys drop secrets/actor-signing.key 1f2e3d4c
        huying keys drop secrets/dispute-sealing.key 1f2e3d4c --into operator/1f2e3d4c.key
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
        let lines = try KeyLines(path)
        for (index, key) in lines.keys.enumerated() {
          table.add(
            index == 0 ? path : "", KeyRing.name(of: key),
            use(of: index, in: lines))
        }
      }
      print(table.text)
    }

    private func use(of index: Int, in lines: KeyLines) -> String {
      if index == 0 { return Say.of("封存、签名", "seals, signs") }
      return lines.isSealing && index == lines.keys.count - 1
        ? Say.of("打开旧内容，生成摘要，须留在最后一行", "opens, makes the digests: it stays on the last line")
        : Say.of("只打开、验证", "opens, verifies")
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
          "\(KeyRing.name(of: lines.keys[0])) 已启用。\(lines.isSealing ? "请立即备份此文件：旧密钥还要用，备份中的内容也靠它打开。" : "一分钟后可以 huying keys drop 旧密钥。")",
          """
          \(KeyRing.name(of: lines.keys[0])) is in force. \
          \(lines.isSealing ? "Back this file up now: its older keys are still needed, and by the backups for longer." : "After a minute the old key may go: huying keys drop.")
          """))
    }
  }

  struct Drop: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("去掉一个不再使用的密钥。", "Take a key away that is in force no more."),
      discussion: Say.of(
        """
        封存密钥不会删除，只移到 --into 所指的文件：旧备份仍靠它打开。何时可以移走，见 huying doctor（“已不再需要”）；移早了，\
        服务继续用原来的密钥并报告，把那一行放回即可。最后一行生成摘要，永远保留；care-visit.key 的各行也是。
        """,
        """
        A sealing key is not deleted but moved into the file that --into names: older backups open with it alone. huying doctor says \
        when it is needed no more; moved too early, the service goes on with the keys that it has and says so: put the line back. The \
        last line makes digests and stays for ever; so do all lines of care-visit.key.
        """))

    @Argument(help: .of("密钥文件。", "The key file.", as: "file"))
    var file: String

    @Argument(help: .of("密钥名，见 huying keys list。", "The key's name, as huying keys list shows it.", as: "key"))
    var key: String

    @Option(
      help: .of(
        "封存密钥移到的新文件；请与旧备份一样妥善保管。",
        "The new file that a sealing key is moved into: keep it as long as the older backups.",
        as: "file"),
      completion: .file())
    var into: String?

    func run() throws {
      var lines = try KeyLines(file)
      guard let index = lines.keys.firstIndex(where: { KeyRing.name(of: $0) == key }) else {
        throw Complaint("文件中没有密钥 \(key)", "there is no key \(key) in \(file)")
      }
      guard index > 0 else {
        throw Complaint("\(key) 正在使用：先 huying keys rotate", "\(key) is in force: huying keys rotate first")
      }
      if !lines.isSealing, let age = Self.age(of: file), age < Self.lifetime {
        throw Complaint(
          "\(file) 刚改过，\(key) 签过的还在有效期内：\(Int(Self.lifetime - age) + 1) 秒后再试",
          "\(file) was changed just now, and what \(key) has signed is still under way: try again in \(Int(Self.lifetime - age) + 1) seconds"
        )
      }
      let dropped = lines.keys.remove(at: index)
      if lines.isSealing { try keep(dropped, isLast: index == lines.keys.count, lines) }
      try lines.write()
      print(
        into.map { Say.of("\(key) 已移到 \($0)", "\(key) is in \($0) now") } ?? Say.of("\(key) 已删除", "\(key) is gone"))
    }

    /// How long a signature is good for, seconds.
    private static let lifetime: TimeInterval = 60

    /// How long ago the file was changed, seconds.
    private static func age(of file: String) -> TimeInterval? {
      let attributes = try? FileManager.default.attributesOfItem(atPath: file)
      return (attributes?[.modificationDate] as? Date).map { Date().timeIntervalSince($0) }.flatMap {
        $0 >= 0 ? $0 : nil
      }
    }

    /// Lays a sealing key down elsewhere before it is taken away, if it may be.
    private func keep(_ dropped: SymmetricKey, isLast: Bool, _ lines: KeyLines) throws {
      guard !lines.isOfCareVisits else {
        throw Complaint(
          "\(file) 的密钥都不能去掉：每个人的密钥由它封存，销毁证明记着封存后的摘要",
          "no key of \(file) can be taken away: each person's key is sealed with it, and the proof of erasure names those sealed bytes"
        )
      }
      guard !isLast else {
        throw Complaint(
          "\(key) 在最后一行：查找内容用的摘要由它生成，须永远保留；它封存的内容已由服务用新密钥重新封存",
          "\(key) is the last line: it makes the digests by which stored things are found, and stays for ever; what it sealed the service seals anew with the first key"
        )
      }
      guard let into else {
        throw Complaint(
          "\(key) 是封存密钥：旧备份仍靠它打开。请用 --into 文件 指明移到何处",
          "\(key) is a sealing key, and older backups open with it alone: say with --into FILE where it is to be kept")
      }
      let text = dropped.withUnsafeBytes { Array($0) }.hexadecimal + "\n"
      guard !FileManager.default.fileExists(atPath: into),
        FileManager.default.createFile(
          atPath: into, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600]),
        (try? DiskSync.wait(for: into)) != nil,
        (try? DiskSync.wait(for: (into as NSString).deletingLastPathComponent)) != nil
      else { throw Complaint("不能新建 \(into)，什么也没有改动", "\(into) cannot be made anew; nothing was changed") }
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

  /// Whether they are the register's of care visits.
  var isOfCareVisits: Bool { (path as NSString).lastPathComponent.contains("care-visit") }

  /// Writes all lines.
  func write() throws {
    try SecretFile.replace(
      path, with: keys.map { key in key.withUnsafeBytes { Array($0) }.hexadecimal + "\n" }.joined())
  }
}
