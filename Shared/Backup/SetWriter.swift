package import BackupContract
import Foundation
package import Kernel
import Persistence
import WireTypes

/// Makes a set in a folder out of what `CopyDatabases` says, message by message. The set has its name only when it is whole:
/// until then, and for ever if something fails, it is hidden beside it and thrown away.
package struct SetWriter {
  private let shelf: String
  private let name: String
  private let making: String
  /// As long as this lives, nobody takes it for what a killed process left.
  private let hold: DraftHold
  private let key: BackupPublicKey?
  private var manifest: BackupManifest
  private var expectedFiles: Int?
  private var current: (file: SetFileWriter, entry: BackupManifest.File)?

  /// Begins a set in `shelf`, named after `now`; sealed to `key`, if there is one.
  package init(in shelf: String, at now: Timestamp, sealedTo key: BackupPublicKey?) throws {
    self.shelf = shelf
    self.key = key
    let setID = UUID().uuidString.lowercased()
    name = BackupShelf.name(at: now, setID)
    making = "\(shelf)/\(BackupShelf.draftStart)\(setID)"
    manifest = BackupManifest(setID: setID, beginTime: now.rfc3339)
    manifest.recipient = key?.name ?? ""
    BackupShelf(shelf).clearDrafts()
    do {
      try FileManager.default.createDirectory(
        atPath: making, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      hold = try DraftHold(making)
    } catch { throw BackupFailure("不能写入 \(shelf)", "cannot write into \(shelf)") }
  }

  /// Takes the next message.
  package mutating func take(_ message: BackupV1.CopyDatabasesResponse) throws {
    switch message.content {
    case .copiesMade(let made): expectedFiles = Int(made.fileCount)
    case .fileBegin(let begin): try open(begin)
    case .chunk(let bytes):
      guard current != nil else { throw Self.outOfOrder }
      try current?.file.write(bytes)
    case .fileEnd(let end): try close(expecting: end.sha256)
    case nil: break
    }
  }

  /// Adds the files of `folder` (keys, mostly): sealed sets only. How many there were.
  package mutating func add(keysOf folder: String) throws -> Int {
    guard key != nil else {
      throw BackupFailure(
        "密钥只能放入加密的备份：请给出 --to backup.pub", "keys go into a sealed set only: say to which key (--to backup.pub)")
    }
    let files = FileManager.default
    guard let names = try? files.subpathsOfDirectory(atPath: folder) else {
      throw BackupFailure("没有可读的文件夹 \(folder)", "there is no readable folder \(folder)")
    }
    var count = 0
    for name in names.sorted() {
      var isFolder: ObjCBool = false
      guard files.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isFolder), !isFolder.boolValue,
        let data = files.contents(atPath: "\(folder)/\(name)")
      else { continue }
      try open(.init(service: "keys", fileName: name, byteCount: Int64(data.count)))
      for start in stride(from: 0, to: data.count, by: 1 << 19) {
        try current?.file.write(Array(data.dropFirst(start).prefix(1 << 19)))
      }
      try close(expecting: nil)
      count += 1
    }
    return count
  }

  /// Ends the set: manifest last, all of it on the disk, then its name. The set's folder.
  package mutating func finish(at now: Timestamp) throws -> String {
    let databases = manifest.files.filter { $0.service != "keys" }.count
    guard current == nil, let expectedFiles, databases == expectedFiles else {
      throw BackupFailure("备份还不完整，应答就结束了", "the answer ended before the set was whole")
    }
    manifest.endTime = now.rfc3339
    let path = "\(making)/\(BackupManifest.fileName)"
    guard
      FileManager.default.createFile(
        atPath: path, contents: try manifest.encoded(), attributes: [.posixPermissions: 0o600])
    else { throw BackupFailure.full(path) }
    FolderOwner.giveAll(of: shelf, to: making)
    try DiskSync.finish(path)
    try DiskSync.finish(making)
    let goal = "\(shelf)/\(name)"
    do { try FileManager.default.moveItem(atPath: making, toPath: goal) } catch {
      throw BackupFailure("不能把这套备份命名为 \(goal)", "cannot name the set \(goal)")
    }
    try DiskSync.finish(shelf)
    return goal
  }

  /// Throws away what there is of it; after `finish` it does nothing.
  package func discard() { try? FileManager.default.removeItem(atPath: making) }

  private mutating func open(_ begin: BackupV1.FileBegin) throws {
    guard current == nil else { throw Self.outOfOrder }
    let isPlain = { (name: String) in
      !name.isEmpty && !name.hasPrefix("/") && !name.split(separator: "/").contains("..")
    }
    guard isPlain(begin.service), isPlain(begin.fileName), !begin.service.contains("/") else { throw Self.outOfOrder }
    let path = "\(begin.service)/\(begin.fileName)" + (key == nil ? "" : ".sealed")
    if !begin.programVersion.isEmpty { manifest.programVersion = begin.programVersion }
    if !begin.engineVersion.isEmpty { manifest.engineVersion = begin.engineVersion }
    let file = try SetFileWriter("\(making)/\(path)", set: manifest.setID, name: path, to: key)
    current = (file, BackupManifest.File(begin, path: path))
  }

  private mutating func close(expecting digest: [UInt8]?) throws {
    guard var (file, entry) = current else { throw Self.outOfOrder }
    let digests = try file.finish()
    guard digest == nil || digest?.hexadecimal == digests.sha256, file.bytes == entry.bytes else {
      throw BackupFailure(of: entry.path, "收到的与发出的不一致", "did not arrive as it was sent")
    }
    (entry.sha256, entry.storedSha256) = digests
    entry.storedBytes = file.storedBytes
    manifest.files.append(entry)
    current = nil
  }

  private static let outOfOrder = BackupFailure(
    "应答不是备份：消息的顺序不对", "the answer is no backup: its messages are out of order")
}

extension BackupManifest.File {
  fileprivate init(_ begin: BackupV1.FileBegin, path: String) {
    self.init(
      service: begin.service, name: begin.fileName, path: path, bytes: begin.byteCount, sha256: "", storedBytes: 0,
      storedSha256: "", copyTime: begin.copyTime?.kernel.rfc3339 ?? "",
      tables: Dictionary(begin.tables.map { ($0.tableName, $0.rowCount) }) { first, _ in first },
      migrations: begin.migrations,
      journal: begin.journal.map {
        .init(sourceEpoch: $0.sourceEpoch, seq: $0.seq, eventID: $0.eventID, hash: $0.hash.hexadecimal)
      },
      heard: begin.heardSources.map {
        .init(source: $0.source, sourceEpoch: $0.sourceEpoch, seq: $0.seq, eventID: $0.eventID)
      },
      sealingKeys: begin.sealingKeys)
  }
}

extension DiskSync {
  /// Waits for `path`, and fails in the words of a backup.
  static func finish(_ path: String) throws(BackupFailure) {
    do { try wait(for: path) } catch {
      if case .cannotOpen = error { throw BackupFailure("不能打开 \(path)", "cannot open \(path)") }
      throw BackupFailure.full(path)
    }
  }
}
