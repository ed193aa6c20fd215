import Foundation
import Runtime

/// Whether files lie as they were laid: who may read them, whose they are, whether a database still begins like one.
enum FileCheck {
  /// What the system says of one file.
  struct Facts {
    let mode: Int
    let owner: Int
    let size: UInt64
    let isFolder: Bool
    let isRegular: Bool
    /// The file system that it lies on.
    let device: UInt64

    init?(of path: String) {
      guard let facts = try? FileManager.default.attributesOfItem(atPath: path) else { return nil }
      mode = (facts[.posixPermissions] as? NSNumber)?.intValue ?? 0
      owner = (facts[.ownerAccountID] as? NSNumber)?.intValue ?? 0
      size = (facts[.size] as? NSNumber)?.uint64Value ?? 0
      isFolder = facts[.type] as? FileAttributeType == .typeDirectory
      isRegular = facts[.type] as? FileAttributeType == .typeRegular
      device = (facts[.systemNumber] as? NSNumber)?.uint64Value ?? 0
    }
  }

  /// All files of one service.
  static func findings(_ identity: ServiceIdentity, in folder: String) -> [Finding] {
    guard let own = Facts(of: folder), own.isFolder else {
      return [Finding(.skipped, .files, identity.name, Say.of("此处没有 \(folder)", "there is no \(folder) here"))]
    }
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      return [Finding(.skipped, .files, identity.name, Say.of("无权读取 \(folder)", "\(folder) may not be read from here"))]
    }
    let files = names.sorted().compactMap { name in Facts(of: "\(folder)/\(name)").map { (name, $0) } }
    let isPrivate = own.mode & 0o077 == 0
    var findings: [Finding] = []
    for (name, facts) in files where !facts.isFolder {
      let path = "\(folder)/\(name)"
      let isSecret = name.hasSuffix(".key") || name.hasSuffix(".sqlite") || name.hasSuffix("-wal")
      if isSecret, facts.mode & 0o077 != 0, !isPrivate {
        findings.append(
          Finding(
            .failure, .permissions, path,
            Say.of("其他用户可读（\(octal(facts.mode))）", "others may read it (\(octal(facts.mode)))"),
            remedy: "chmod 600 \(onHost(path)); chmod 700 \(onHost(folder))"))
      }
      if facts.owner != own.owner {
        findings.append(
          Finding(
            .failure, .permissions, path,
            Say.of(
              "属于用户 \(facts.owner)，文件夹属于 \(own.owner)", "belongs to user \(facts.owner), its folder to \(own.owner)"),
            remedy: "chown \(own.owner) \(onHost(path))"))
      }
      if name.hasSuffix(".sqlite"), let damage = lastingDamage(of: path) {
        findings.append(
          Finding(
            .failure, .files, path, damage,
            remedy: Say.of(
              "停止 \(identity.name)，用 huying restore 恢复最近的备份", "stop \(identity.name); huying restore the last backup")))
      }
    }
    let databases = files.filter { $0.0.hasSuffix(".sqlite") }
    if databases.isEmpty {
      return findings + [
        Finding(
          .warning, .files, identity.name, Say.of("\(folder) 中没有数据库", "there is no database in \(folder)"),
          remedy: Say.of("\(identity.name) 是否启动过？", "has \(identity.name) ever been started?"))
      ]
    }
    if findings.isEmpty {
      let size = DiskCheck.size(files.reduce(0) { $0 + $1.1.size })
      findings.append(
        Finding(
          .fine, .permissions, identity.name, Say.of("\(files.count) 个文件，\(size)", "\(files.count) files, \(size)")))
    }
    return findings
  }

  /// What a folder's databases take, their logs included.
  static func databaseBytes(in folder: String) -> UInt64 {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.contains(".sqlite") }.reduce(0) { $0 + (Facts(of: "\(folder)/\($1)")?.size ?? 0) }
  }

  /// Damage that is still there a moment later: in the middle of a checkpoint a file may be shorter than its first page says.
  static func lastingDamage(of path: String) -> String? {
    guard let facts = Facts(of: path), damage(of: path, size: facts.size) != nil else { return nil }
    Thread.sleep(forTimeInterval: 1)
    return Facts(of: path).flatMap { damage(of: path, size: $0.size) }
  }

  /// Signs of damage that show without opening the file as a database: it may be in use. `nil`: none.
  static func damage(of path: String, size: UInt64) -> String? {
    guard let file = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? file.close() }
    let head = Array((try? file.read(upToCount: 100)) ?? Data())
    if size == 0 { return nil }
    guard head.count == 100, head.starts(with: Array("SQLite format 3\0".utf8)) else {
      return Say.of("开头不是数据库", "does not begin like a database")
    }
    let stored = Int(head[16]) << 8 | Int(head[17])
    let page = UInt64(stored == 1 ? 65_536 : stored)
    let pages = head[28..<32].reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    guard page >= 512, page & (page - 1) == 0 else { return Say.of("页大小无效", "its page size makes no sense") }
    // The count is right where it was written together with the change counter.
    guard head[24..<28].elementsEqual(head[92..<96]), size < pages * page else { return nil }
    // What is missing may be in the log: folding it in was broken off, by a full disk for one, and goes on by itself.
    guard Facts(of: path + "-wal").map(\.size) ?? 0 == 0 else { return nil }
    return Say.of("被截断：应有 \(pages * page) 字节，只有 \(size)", "is cut short: \(size) bytes of \(pages * page)")
  }

  /// The keys and certificates of the installation. Compose hands them in as files of mode 0444, in a folder that only the
  /// container has.
  static func secrets(in folder: String) -> [Finding] {
    guard let own = Facts(of: folder), own.isFolder,
      let names = try? FileManager.default.contentsOfDirectory(atPath: folder)
    else { return [Finding(.skipped, .permissions, folder, Say.of("此处没有", "is not here"))] }
    if folder == "/run/secrets" {
      return [
        Finding(
          .skipped, .permissions, folder,
          Say.of("在容器中看不到宿主机上谁能读密钥", "who may read the keys on the host cannot be seen from a container"),
          remedy: Say.of(
            "在安装文件夹中：docker run --rm --user 0 -v \"$PWD:/county:ro\" huying:版本 huying doctor --quick --secrets /county/secrets",
            "in the installation's folder: docker run --rm --user 0 -v \"$PWD:/county:ro\" huying:VERSION huying doctor --quick --secrets /county/secrets"
          ))
      ]
    }
    return readers(in: folder, own, names) + left(beside: folder)
  }

  /// Who may read the keys in a folder.
  private static func readers(in folder: String, _ own: Facts, _ names: [String]) -> [Finding] {
    let isPrivate = own.mode & 0o077 == 0
    let open = names.sorted().filter { name in
      let isSecret = name.hasSuffix(".key") || name.contains("signing") || name.hasSuffix("-key.pem")
      guard isSecret, let facts = Facts(of: "\(folder)/\(name)") else { return false }
      return facts.mode & 0o077 != 0 && !isPrivate
    }
    if open.isEmpty {
      return [Finding(.fine, .permissions, folder, Say.of("密钥只有属主可读", "keys are their owner's alone"))]
    }
    return open.map { name in
      Finding(
        // In an installation the files are another user's to read, the services': the folder is the door.
        .failure, .permissions, "\(folder)/\(name)", Say.of("其他用户可读", "others may read it"),
        remedy: isInstallation(folder) ? "chmod 700 \(folder)" : "chmod 700 \(folder); chmod 600 \(folder)/\(name)")
    }
  }

  /// Whether `huying init` made the folder: what compose reads lies beside it.
  private static func isInstallation(_ folder: String) -> Bool {
    folder.split(separator: "/").last.map(String.init) == Installation.secrets
      && FileManager.default.fileExists(atPath: "\(folder)/../docker-compose.yml")
  }

  /// What signs for anybody does not belong on the server.
  private static func left(beside folder: String) -> [Finding] {
    let place = "\(folder)/../\(Installation.operatorFolder)"
    guard isInstallation(folder), FileManager.default.fileExists(atPath: place) else { return [] }
    return [
      Finding(
        .warning, .permissions, "\(Installation.operatorFolder)/",
        Say.of("还在服务器上：能签发任何人的令牌", "is still on this server: it signs for anybody"),
        remedy: Say.of("移到保险柜或另一台机器，换新时再带回", "move it to a safe; bring it back for renewals"))
    ]
  }

  /// How a file is called where its owner or mode is changed: what a container sees below `/volumes` lies in the host's volume.
  static func onHost(_ path: String) -> String {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count > 2, parts[0].isEmpty, parts[1] == "volumes" else { return path }
    let volume = "\"$(docker volume inspect -f '{{.Mountpoint}}' huying_\(parts[2]))\""
    return ([volume] + parts.dropFirst(3)).joined(separator: "/")
  }

  private static func octal(_ mode: Int) -> String { "0" + String(mode, radix: 8) }
}
