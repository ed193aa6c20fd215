import Crypto
import Foundation
import Glibc
import Kernel
import Persistence
import Runtime

/// The files of an installation, made before its first start: all of them or none.
struct Installation {
  /// Who may see a file.
  enum Reader {
    /// The containers, through a folder that only its owner may enter.
    case services
    /// The operator alone: settings, and what belongs off the server.
    case operatorOnly
    /// Whoever administers the server.
    case everybody

    fileprivate var mode: Int {
      switch self {
      // Secrets are for another user, the services': their folder is the door, and that is shut.
      case .services: 0o444
      case .operatorOnly: 0o600
      case .everybody: 0o644
      }
    }
  }

  /// One file that is made.
  struct File {
    let path: String
    let text: String
    let reader: Reader

    init(_ path: String, _ text: String, for reader: Reader = .services) {
      self.path = path
      self.text = text
      self.reader = reader
    }
  }

  /// The folder that it is made in.
  let folder: String

  /// The folder of what the services read.
  static let secrets = "secrets"
  /// The folder of what opens everything.
  static let operatorFolder = "operator"
  /// What stands in the way of making it: files that are there already.
  var existing: [String] {
    [Self.secrets, Self.operatorFolder, ".env"].filter { FileManager.default.fileExists(atPath: "\(folder)/\($0)") }
  }

  /// The keys of one service's data.
  static func sealingKey(of service: ServiceIdentity) -> String { "\(secrets)/\(service.name)-sealing.key" }

  /// Random keys: one per service for its data, one between the gateway and the services.
  static func keys() -> [File] {
    (["\(secrets)/actor-signing.key", "\(secrets)/care-visit.key"] + ServiceIdentity.all.map(sealingKey)).map {
      File($0, random(prefix: ""))
    }
  }

  /// 32 random bytes in hexadecimal, behind `prefix`.
  static func random(prefix: String) -> String {
    prefix + SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }.hexadecimal + "\n"
  }

  /// Lays the files down: each folder is filled under another name and renamed when it is whole, so that a full disk leaves no
  /// half installation.
  func make(_ files: [File]) throws {
    let manager = FileManager.default
    let draft = "\(folder)/.huying-init-\(UUID().uuidString.prefix(8))"
    do {
      try manager.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
      try manager.createDirectory(
        atPath: draft, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
      defer { try? manager.removeItem(atPath: draft) }
      for name in [Self.secrets, Self.operatorFolder] {
        try manager.createDirectory(
          atPath: "\(draft)/\(name)", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      }
      for file in files { try write(file, under: draft) }
      for name in try manager.contentsOfDirectory(atPath: draft).sorted() {
        try manager.moveItem(atPath: "\(draft)/\(name)", toPath: "\(folder)/\(name)")
      }
      waitForDisk(folder)
    } catch let error as Complaint { throw error } catch {
      throw Complaint(whyNothing(error))
    }
  }

  /// What a person can do about it: in a container the folder is somebody else's as often as the disk is full.
  private func whyNothing(_ error: any Error) -> String {
    let isFull = (error as? CocoaError)?.code == .fileWriteOutOfSpace
    guard !isFull, !FileManager.default.isWritableFile(atPath: folder) else {
      return Say.of(
        "\(folder) 中未生成任何文件：\(isFull ? "磁盘已满" : "写入失败")",
        "nothing was made in \(folder): \(isFull ? "the disk is full" : "it could not be written")")
    }
    return Say.of(
      "\(folder) 中未生成任何文件：用户 \(getuid()) 不能在此写入。容器中请加 --user \"$(id -u):$(id -g)\" 和 -v \"$PWD:\(folder)\"",
      "nothing was made in \(folder): user \(getuid()) may not write there. In a container add --user \"$(id -u):$(id -g)\" and -v \"$PWD:\(folder)\""
    )
  }

  /// Makes a file anew, or its content where it is there.
  func replace(_ file: File) throws {
    let path = "\(folder)/\(file.path)"
    guard FileManager.default.fileExists(atPath: path) else { return try write(file, under: folder) }
    try SecretFile.replace(path, with: file.text)
  }

  /// Refuses before anything is changed if what only the operator has is not at hand.
  func expectOperator(for renewal: Init.Renewal) throws {
    let name = renewal == .certificate ? "county-ca.key" : "jwt-signing.pem"
    let path = "\(folder)/\(Self.operatorFolder)/\(name)"
    guard !FileManager.default.isReadableFile(atPath: path) else { return }
    guard renewal == .certificate else {
      throw Complaint(
        "\(path) 不在：请先把 operator/ 从保管处放回来。什么也没有改动",
        "there is no readable \(path): bring operator/ back from where it is kept. Nothing was changed")
    }
    throw Complaint(
      "\(path) 不在：请先把 operator/ 从保管处放回来；用本单位自己的证书时，直接换 \(Self.secrets)/ 中的 gateway-certificate.pem 和 gateway-key.pem。什么也没有改动",
      """
      there is no readable \(path): bring operator/ back from where it is kept; with the county's own certificate, put the new one \
      over gateway-certificate.pem and gateway-key.pem in \(Self.secrets)/. Nothing was changed
      """)
  }

  /// Puts this version's compose file in the place of the one that is there, which stays beside it. `false`: it is the same.
  func renewCompose(_ text: String) throws -> Bool {
    let name = "docker-compose.yml"
    let before = try self.text(name)
    guard before != text else { return false }
    try replace(.init("\(name).old", before, for: .everybody))
    try replace(.init(name, text, for: .everybody))
    return true
  }

  /// The secrets that a compose file hands in and the installation does not have.
  func missingSecrets(of compose: String) -> [String] {
    let named = compose.matches(of: /HUYING_SECRETS:-\.\/secrets}\/([a-z.-]+)/).map { "\(Self.secrets)/\($0.1)" }
    return Set(named).filter { !has($0) }.sorted()
  }

  func has(_ path: String) -> Bool { FileManager.default.fileExists(atPath: "\(folder)/\(path)") }

  /// Lays one more file down, in a folder that only its owner may enter.
  func add(_ file: File) throws {
    let place = ("\(folder)/\(file.path)" as NSString).deletingLastPathComponent
    try? FileManager.default.createDirectory(
      atPath: place, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    try write(file, under: folder)
  }

  /// What a file of the installation says.
  func text(_ path: String) throws -> String {
    guard let text = try? String(contentsOfFile: "\(folder)/\(path)", encoding: .utf8) else {
      throw Complaint(
        "没有可读的 \(folder)/\(path)：\(folder) 是安装目录吗？",
        "there is no readable \(folder)/\(path): is \(folder) an installation?")
    }
    return text
  }

  private func write(_ file: File, under root: String) throws {
    guard
      FileManager.default.createFile(
        atPath: "\(root)/\(file.path)", contents: Data(file.text.utf8),
        attributes: [.posixPermissions: file.reader.mode])
    else {
      throw Complaint(
        "不能写入 \(root)/\(file.path)，什么也没有生成", "\(root)/\(file.path) cannot be written; nothing was made")
    }
    waitForDisk("\(root)/\(file.path)")
  }

  /// What was written, or renamed in a folder, is on the disk: keys are used at once, and never made anew. Where the disk does not
  /// say so the files stand all the same.
  private func waitForDisk(_ path: String) { try? DiskSync.wait(for: path) }
}
