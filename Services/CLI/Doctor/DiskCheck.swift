import Foundation

/// Whether there is room to write, and to write a copy.
struct DiskCheck {
  /// What a file system says of itself.
  struct Room: Equatable {
    var freeBytes: UInt64
    var totalBytes: UInt64
    var freeFiles: UInt64
    var totalFiles: UInt64

    /// `nil`: there is no such folder, or nobody may ask.
    init?(of path: String) {
      var status = statvfs()
      guard statvfs(path, &status) == 0 else { return nil }
      let block = UInt64(status.f_frsize)
      self.init(
        freeBytes: UInt64(status.f_bavail) * block, totalBytes: UInt64(status.f_blocks) * block,
        freeFiles: UInt64(status.f_favail), totalFiles: UInt64(status.f_files))
    }

    init(freeBytes: UInt64, totalBytes: UInt64, freeFiles: UInt64, totalFiles: UInt64) {
      self.freeBytes = freeBytes
      self.totalBytes = totalBytes
      self.freeFiles = freeFiles
      self.totalFiles = totalFiles
    }
  }

  /// A folder whose room is looked at.
  struct Folder {
    let name: String
    let path: String
    /// What its databases take, in bytes.
    var data: UInt64 = 0
    /// What the backup sets in it take, in bytes.
    var backups: UInt64 = 0
  }

  static let mebibyte: UInt64 = 1 << 20

  /// One finding for each file system: six services on one disk are one thing to mend. What is not there is left out.
  static func findings(_ folders: [Folder]) -> [Finding] {
    var systems: [(device: UInt64, room: Room, folders: [Folder])] = []
    for folder in folders {
      guard let device = FileCheck.Facts(of: folder.path)?.device, let room = Room(of: folder.path) else { continue }
      if let place = systems.firstIndex(where: { $0.device == device }) {
        systems[place].folders.append(folder)
      } else {
        systems.append((device, room, [folder]))
      }
    }
    return systems.map { system in
      let names = system.folders.map(\.name)
      let subject =
        names.count == 1
        ? names[0] : Say.of("\(names[0])等 \(names.count) 处", "\(names[0]) and \(names.count - 1) more")
      return finding(
        subject, system.room, data: system.folders.reduce(0) { $0 + $1.data },
        backups: system.folders.reduce(0) { $0 + $1.backups })
    }
  }

  /// All files below a folder, in bytes.
  static func bytes(below path: String) -> UInt64 {
    guard let names = FileManager.default.enumerator(atPath: path) else { return 0 }
    return names.reduce(0) { sum, name in
      guard let facts = FileCheck.Facts(of: "\(path)/\(name)"), facts.isRegular else { return sum }
      return sum + facts.size
    }
  }

  /// `data` is how much the folder's databases take: a backup needs as much again for a moment.
  static func finding(_ subject: String, _ room: Room, data: UInt64, backups: UInt64 = 0) -> Finding {
    let percent = room.totalBytes == 0 ? 100 : Int(room.freeBytes * 100 / room.totalBytes)
    let sets = backups == 0 ? "" : Say.of("，备份 \(size(backups))", ", backups \(size(backups))")
    let state = Say.of(
      "剩余 \(size(room.freeBytes))（\(percent) %），数据 \(size(data))\(sets)",
      "\(size(room.freeBytes)) free (\(percent) %), data \(size(data))\(sets)")
    let more = Say.of("扩大磁盘或清理，写入失败时服务拒绝写入但不丢数据", "make room: a full disk refuses writes, and loses nothing")
    if room.totalFiles > 0, room.freeFiles * 20 < room.totalFiles {
      return Finding(
        .warning, .disk, subject,
        Say.of("可建文件数只剩 \(room.freeFiles)", "only \(room.freeFiles) files can be made"), remedy: more)
    }
    let gibibyte = 1_024 * mebibyte
    // A share alone would cry wolf on a large disk, and an amount alone come late on a busy one.
    if room.freeBytes < 256 * mebibyte || percent < 3 && room.freeBytes < 2 * gibibyte {
      return Finding(.failure, .disk, subject, state, remedy: more)
    }
    if room.freeBytes < gibibyte || percent < 10 && room.freeBytes < 5 * gibibyte {
      return Finding(.warning, .disk, subject, state, remedy: more)
    }
    if room.freeBytes < data + data / 4 {
      return Finding(
        .warning, .disk, subject, state,
        remedy: Say.of("备份和升级需要与数据同样大的空间", "a backup, and an upgrade, need as much room as the data"))
    }
    return Finding(.fine, .disk, subject, state)
  }

  /// `1.2 GiB`
  static func size(_ bytes: UInt64) -> String {
    var value = Double(bytes)
    for unit in ["B", "KiB", "MiB", "GiB"] {
      if value < 1_024 { return unit == "B" ? "\(bytes) B" : String(format: "%.1f \(unit)", value) }
      value /= 1_024
    }
    return String(format: "%.1f TiB", value)
  }
}
