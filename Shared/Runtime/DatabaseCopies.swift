package import BackupContract
import Crypto
import Foundation
import Journal
package import Kernel
import Persistence
import WireTypes

/// Copies of a process's databases, made and checked in a folder of their own beside the data, and gone when they were read.
package struct DatabaseCopies: Sendable {
  /// One file of a backup, as it lies ready.
  package struct File: Sendable {
    package var begin: BackupV1.FileBegin
    package var path: String
  }

  /// Folders of copies begin so; what a killed process left behind is thrown away at the next start.
  private static let folderStart = "copying-"

  private let service: String
  private let folder: String
  private let databases: [Database]
  private let journal: Journal
  private let sealingKeys: [String]
  private let time: TimeSource

  /// Copies of what the process that `surroundings` describe has open.
  package init(of surroundings: ProcessSurroundings) {
    service = surroundings.settings.identity.name
    folder = surroundings.settings.dataDirectory
    databases = surroundings.databases.all
    journal = Journal(surroundings.cryptography)
    sealingKeys = surroundings.sealing?.current.names ?? []
    time = .real
  }

  /// Takes away what an earlier process was copying when it ended.
  package static func removeRemains(in folder: String) {
    let files = FileManager.default
    for name in (try? files.contentsOfDirectory(atPath: folder)) ?? [] where name.hasPrefix(folderStart) {
      try? files.removeItem(atPath: "\(folder)/\(name)")
    }
  }

  /// Makes all copies and gives them to `body`; afterwards they are gone.
  package func withCopies<R: Sendable>(_ body: ([File]) async throws -> R) async throws -> R {
    let place = "\(folder)/\(Self.folderStart)\(UUID().uuidString)"
    do {
      try FileManager.default.createDirectory(
        atPath: place, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    } catch {
      if (error as? CocoaError)?.code == .fileWriteOutOfSpace, let full = StorageError.full.refusal { throw full }
      throw Refused(.unavailable, .copyFailed)
    }
    defer { try? FileManager.default.removeItem(atPath: place) }
    var files: [File] = []
    do {
      for database in databases {
        let name = (database.path as NSString).lastPathComponent
        let copyTime = time.now()
        try await database.copy(to: "\(place)/\(name)")
        files.append(File(begin: .init(fileName: name, copyTime: .init(copyTime)), path: "\(place)/\(name)"))
      }
      files += try driven(place)
    } catch let error as StorageError {
      throw error.refusal ?? error
    }
    return try await body(files)
  }

  /// The file that says where driven time stands, where it is driven.
  private func driven(_ place: String) throws -> [File] {
    let name = "driven-time"
    guard FileManager.default.fileExists(atPath: "\(folder)/\(name)") else { return [] }
    try FileManager.default.copyItem(atPath: "\(folder)/\(name)", toPath: "\(place)/\(name)")
    return [File(begin: .init(fileName: name, copyTime: .init(time.now())), path: "\(place)/\(name)")]
  }

  /// What is known of a copy, after a look at every page of it. Refuses one that is damaged: then the file it was made of is.
  package func described(_ file: File) async throws -> BackupV1.FileBegin {
    var begin = file.begin
    begin.service = service
    begin.programVersion = ProgramVersion.text
    begin.engineVersion = DatabaseFile.engineVersion
    let size = (try? FileManager.default.attributesOfItem(atPath: file.path)[.size]) as? Int ?? 0
    begin.byteCount = Int64(size)
    guard file.path.hasSuffix(".sqlite") else { return begin }
    begin.sealingKeys = sealingKeys
    let (path, journal) = (file.path, journal)
    let known = begin
    do {
      return try await onOwnThread {
        let copy = try DatabaseFile(path: path)
        guard try copy.damages().isEmpty else { throw Refused(.failedPrecondition, .copyDamaged) }
        var begin = known
        begin.tables = try copy.rowCounts().map { .init(tableName: $0.table, rowCount: $0.count) }
        begin.migrations = try copy.migrations()
        if try copy.hasTable("journal_counter") {
          let walk = try copy.read { try journal.verify(in: $0) }
          guard walk.firstBrokenSeq == nil else { throw Refused(.failedPrecondition, .copyDamaged) }
          begin.journal = .init(
            sourceEpoch: walk.head.sourceEpoch, seq: walk.head.seq, eventID: walk.head.eventID, hash: walk.head.hash)
        }
        if try copy.hasTable("inbox_position") {
          begin.heardSources = try copy.read { reading in
            try reading.all(Self.heard, []) { row in
              .init(source: row.text(0), sourceEpoch: row.text(1), seq: row.integer(2), eventID: row.text(3))
            }
          }
        }
        return begin
      }
    } catch let error as StorageError {
      if case .corrupt = error { throw Refused(.failedPrecondition, .copyDamaged) }
      throw error.refusal ?? error
    }
  }

  private static let heard = Statement(
    "backup.heard", "SELECT source, source_epoch, seq, event_id FROM inbox_position ORDER BY source")

  /// Bytes in one message: far below a message's limit, and few enough messages.
  private static let chunkSize = 512 << 10

  /// Hands the bytes of `file` to `write`, then their digest.
  package static func read(
    _ file: File, _ write: (BackupV1.CopyDatabasesResponse) async throws -> Void
  ) async throws {
    guard let handle = FileHandle(forReadingAtPath: file.path) else { throw Refused(.unavailable, .copyFailed) }
    defer { try? handle.close() }
    var digest = SHA256()
    while let bytes = try handle.read(upToCount: chunkSize), !bytes.isEmpty {
      digest.update(data: bytes)
      try await write(.init(content: .chunk(Array(bytes))))
    }
    try await write(.init(content: .fileEnd(.init(sha256: Array(digest.finalize())))))
  }
}

extension Reason {
  static let copyFailed = Reason(
    "COPY_FAILED", zh: "无法在数据目录中建立备份副本，请检查磁盘空间和权限。",
    en: "No copy could be made in the data folder; check its room and permissions.")
  static let copyDamaged = Reason(
    "COPY_DAMAGED", zh: "数据库文件已损坏，未生成备份。请保留此文件并从较早的备份恢复。",
    en: "The database file is damaged, so there is no backup of it; keep the file and restore an earlier backup.")
  package static let backupRunning = Reason(
    "BACKUP_RUNNING", zh: "另一份备份正在进行，请稍后再试。", en: "Another backup is being made; try again when it is done.")
}
