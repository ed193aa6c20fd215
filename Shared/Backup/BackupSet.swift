import Crypto
import Foundation
import Glibc
import Journal
import Kernel
import Persistence

/// A set that lies in a folder: is it what its manifest says, and back into data folders with it.
package struct BackupSet {
  package let folder: String
  package let manifest: BackupManifest
  private let key: BackupPrivateKey?

  /// Opens the set in `folder`; `key` is needed to look into one that is sealed.
  package init(_ folder: String, key: BackupPrivateKey?) throws {
    self.folder = folder
    self.key = key
    manifest = try BackupManifest(in: folder)
    guard let key, !manifest.recipient.isEmpty, key.publicKey.name != manifest.recipient else { return }
    throw BackupFailure(
      "这把密钥是 \(key.publicKey.name)，备份是用 \(manifest.recipient) 加密的",
      "this key is \(key.publicKey.name), the set is sealed to \(manifest.recipient)")
  }

  /// Whether its files are sealed.
  package var isSealed: Bool { !manifest.recipient.isEmpty }

  /// What was found out about one file.
  package struct Finding: Sendable {
    package var file: BackupManifest.File
    /// What does not hold; empty: all of it does.
    package var complaints: [BackupFailure] = []
    /// Sealed, and there is no key: only its outside was looked at.
    package var isUnopened = false
  }
}

// MARK: - Verifying

extension BackupSet {
  /// Looks at every byte: digests, the database's own check, counts, migrations, the journal's chain and head, and whether the
  /// files are of one moment. Files that are sealed are opened into `workFolder`, one after the other, and taken away again.
  package func verify(workFolder: String, _ tell: (Finding) -> Void) throws -> [Finding] {
    // A killed one leaves what it had opened.
    let start = "huying-verify-"
    DraftHold.clear(workFolder, startingWith: start)
    let work = "\(workFolder)/\(start)\(UUID().uuidString)"
    let hold: DraftHold
    do {
      try FileManager.default.createDirectory(
        atPath: work, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      hold = try DraftHold(work)
    } catch { throw BackupFailure("不能写入 \(workFolder)", "cannot write into \(workFolder)") }
    defer { withExtendedLifetime(hold) { try? FileManager.default.removeItem(atPath: work) } }
    var findings: [Finding] = []
    for file in manifest.files {
      var finding = Finding(file: file)
      let opened = open(file, in: work, &finding)
      if let opened, file.name.hasSuffix(".sqlite") {
        do { finding.complaints += try inspect(file, at: opened) } catch {
          finding.complaints.append(Self.failure(error))
        }
      }
      tell(finding)
      findings.append(finding)
      if let opened, opened.hasPrefix(work) { try? FileManager.default.removeItem(atPath: opened) }
    }
    return findings
  }

  /// The file as it was, somewhere; `nil` if it cannot be had.
  private func open(_ file: BackupManifest.File, in work: String, _ finding: inout Finding) -> String? {
    do {
      if isSealed, key == nil {
        finding.isUnopened = true
        guard try storedDigest(file) == file.storedSha256 else { throw Self.changed }
        return nil
      }
      guard isSealed else {
        guard try storedDigest(file) == file.sha256 else { throw Self.changed }
        return "\(folder)/\(file.path)"
      }
      let goal = "\(work)/file.sqlite"
      try unpack(file, to: goal)
      return goal
    } catch {
      finding.complaints.append(Self.failure(error))
      return nil
    }
  }

  /// What is no failure of ours comes from the database or the system: it is said as they say it.
  private static func failure(_ error: any Error) -> BackupFailure {
    error as? BackupFailure ?? BackupFailure("打不开：\(error)", "\(error)")
  }

  private static let changed = BackupFailure("内容被改动过", "its bytes were changed")

  private func storedDigest(_ file: BackupManifest.File) throws -> String {
    var reader = try SetFileReader(folder, file, set: manifest.setID, sealed: false, key: nil)
    while try reader.next() != nil {}
    return reader.storedSha256
  }

  private func inspect(_ file: BackupManifest.File, at path: String) throws -> [BackupFailure] {
    let database = try DatabaseFile(path: path)
    var complaints = try database.damages().map { BackupFailure("数据库已损坏：\($0)", "\($0)") }
    guard complaints.isEmpty else { return complaints }
    let counts = Dictionary(try database.rowCounts().map { ($0.table, $0.count) }) { first, _ in first }
    for (table, count) in counts.merging(file.tables, uniquingKeysWith: { first, _ in first })
    where counts[table] != file.tables[table] {
      let (found, said) = (counts[table] ?? 0, file.tables[table] ?? count)
      complaints.append(
        BackupFailure(
          "表 \(table) 有 \(found) 行，manifest.json 写的是 \(said) 行", "\(table) has \(found) rows, the manifest says \(said)"
        ))
    }
    if try database.migrations() != file.migrations {
      complaints.append(BackupFailure("迁移与 manifest.json 所写的不符", "other migrations than the manifest says"))
    }
    if let end = file.journal {
      let walk = try database.read { try Journal(.hashing).verify(in: $0) }
      if let broken = walk.firstBrokenSeq {
        complaints.append(BackupFailure("日志链断裂于 \(broken)", "the journal's chain is broken at \(broken)"))
      }
      if walk.head.seq == end.seq,
        walk.head.hash.hexadecimal != end.hash || walk.head.sourceEpoch != end.sourceEpoch
      {
        complaints.append(
          BackupFailure(
            "日志第 \(end.seq) 条与 manifest.json 所写的不是同一条",
            "the journal's line \(end.seq) is not the one that the manifest names"))
      } else if walk.head.seq != end.seq {
        complaints.append(
          BackupFailure(
            "日志到第 \(walk.head.seq) 条为止，manifest.json 写的是第 \(end.seq) 条",
            "the journal ends at \(walk.head.seq), the manifest says \(end.seq)"))
      }
      complaints += try manifest.files.flatMap { hearer in
        try hearer.heard.filter { $0.source == file.service && $0.seq > 0 }.compactMap { heard in
          let entry = try database.read { try Journal.entry(heard.seq, in: $0) }
          guard heard.sourceEpoch != end.sourceEpoch || entry?.eventID != heard.eventID else { return nil }
          return BackupFailure(
            "\(hearer.service) 已收到第 \(heard.seq) 条，而这份副本中没有",
            "\(hearer.service) has heard \(heard.seq), which is not in this copy")
        }
      }
    }
    return complaints
  }
}

// MARK: - Restoring

extension BackupSet {
  /// Where a file goes.
  package struct Place: Sendable {
    package var file: BackupManifest.File
    package var path: String

    package init(file: BackupManifest.File, path: String) {
      self.file = file
      self.path = path
    }
  }

  /// Lays files into data folders where no database is. Looks first at all places, and refuses before anything is written; they have
  /// their names only when all of them are whole and on the disk. What fails leaves none of them;
  /// what was killed is gone on with.
  package func restore(_ places: [Place], _ tell: (Place) -> Void) throws {
    let files = FileManager.default
    let all = places
    let filled = try filled(all)
    let places = all.filter { !filled.contains($0.path) }
    let taken = places.flatMap { place in ["", "-wal", "-journal"].map { place.path + $0 } }.filter(files.fileExists)
    guard taken.isEmpty else {
      let names = taken.joined(separator: ", ")
      throw BackupFailure(
        "\(names) 已存在，恢复不会覆盖任何文件：先停止服务，移走其数据，再恢复",
        "\(names): there already; a restore overwrites nothing: stop the service, move its data away, then restore")
    }
    var made: [String] = []
    do {
      for place in places {
        let folder = (place.path as NSString).deletingLastPathComponent
        do { try makeFolder(folder) } catch { throw BackupFailure("不能建立 \(folder)", "cannot make \(folder)") }
        let draft = Self.draft(of: place)
        try? files.removeItem(atPath: draft)
        made.append(draft)
        try unpack(place.file, to: draft)
        try giveOwner(of: folder, to: draft)
        try DiskSync.finish(draft)
      }
      for place in places {
        // The index of a log that was moved away with its file says nothing of this one.
        try? files.removeItem(atPath: place.path + "-shm")
        guard rename(Self.draft(of: place), place.path) == 0 else { throw BackupFailure.unwritable(place.path) }
        made.append(place.path)
      }
    } catch {
      for path in made { try? files.removeItem(atPath: path) }
      throw error
    }
    for place in all {
      try DiskSync.finish((place.path as NSString).deletingLastPathComponent)
      tell(place)
    }
  }

  private static func draft(of place: Place) -> String { place.path + RestoreDraft.ending }

  /// The places that a restore of this set, broken off between the names, has filled already.
  private func filled(_ places: [Place]) throws -> Set<String> {
    let files = FileManager.default
    guard places.contains(where: { files.fileExists(atPath: Self.draft(of: $0)) }) else { return [] }
    let done = try places.filter { place in
      guard let handle = FileHandle(forReadingAtPath: place.path),
        !["-wal", "-journal"].contains(where: { files.fileExists(atPath: place.path + $0) })
      else { return false }
      defer { try? handle.close() }
      var digest = SHA256()
      while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty { digest.update(data: piece) }
      return Array(digest.finalize()).hexadecimal == place.file.sha256
    }
    return Set(done.map(\.path))
  }

  private func makeFolder(_ path: String) throws {
    let files = FileManager.default
    guard !files.fileExists(atPath: path) else { return }
    let parent = (path as NSString).deletingLastPathComponent
    if !parent.isEmpty { try makeFolder(parent) }
    try files.createDirectory(
      atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    try giveOwner(of: parent.isEmpty ? "." : parent, to: path)
  }

  private func giveOwner(of folder: String, to path: String) throws {
    guard FolderOwner.give(of: folder, to: path) else {
      throw BackupFailure("不能设定 \(path) 的所有者", "cannot give \(path) its owner")
    }
  }

  /// The file as it was before it was sealed, at `path`. Throws if it is not what the manifest says.
  private func unpack(_ file: BackupManifest.File, to path: String) throws {
    let files = FileManager.default
    guard files.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
      let handle = FileHandle(forWritingAtPath: path)
    else { throw BackupFailure.unwritable(path) }
    defer { try? handle.close() }
    var reader = try SetFileReader(folder, file, set: manifest.setID, sealed: isSealed, key: key)
    var digest = SHA256()
    while let piece = try reader.next() {
      digest.update(data: piece)
      do { try handle.write(contentsOf: Data(piece)) } catch {
        throw BackupFailure.full(path)
      }
    }
    guard Array(digest.finalize()).hexadecimal == file.sha256 else {
      throw BackupFailure(of: file.path, Self.changed.chinese, Self.changed.english)
    }
  }
}

extension Cryptography {
  /// For walking chains: it hashes, and has no key for anything else.
  fileprivate static let hashing = Cryptography(
    sha256: { Array(SHA256.hash(data: $0)) }, hmac: { _, _ in [] },
    seal: { _, _ in throw noKey }, open: { _, _ in throw noKey }, randomBytes: { _ in [] })

  private static let noKey = BackupFailure("这里没有封存密钥", "there is no sealing key here")
}
