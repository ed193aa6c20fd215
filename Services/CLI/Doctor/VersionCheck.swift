import Foundation

/// What is known about the versions of the libraries below us, and whether it concerns us.
enum VersionCheck {
  /// `3.40.1` as numbers that can be compared.
  struct Version: Comparable {
    let parts: [Int]

    init(_ text: String) { parts = text.split { !$0.isNumber }.prefix(3).map { Int($0) ?? 0 } }

    static func < (one: Self, other: Self) -> Bool { one.parts.lexicographicallyPrecedes(other.parts) }
  }

  static func sqlite(_ version: String) -> Finding {
    let subject = "SQLite \(version)"
    if Version(version) < Version("3.37.0") {
      return Finding(
        .failure, .versions, subject, Say.of("没有 STRICT 表，无法使用", "has no STRICT tables: too old"),
        remedy: Say.of("升级 libsqlite3", "upgrade libsqlite3"))
    }
    guard Version(version) < Version("3.51.3") else {
      return Finding(.fine, .versions, subject, Say.of("没有已知问题", "nothing is known against it"))
    }
    return Finding(
      .note, .versions, subject,
      Say.of(
        "3.51.3 之前有 WAL 重置缺陷（须两个连接同时写入或做检查点）；本系统每个文件只有一个写连接，读者只读，锁文件拒绝第二个进程，故不受影响",
        "before 3.51.3 it has the WAL-reset bug, which takes two connections that write or checkpoint; here each file has one, readers are read-only, and a lock file refuses a second process"
      ),
      remedy: Say.of(
        "不要用其他程序打开运行中的数据库；备份用 huying backup", "open no live database with another program; back up with huying backup"))
  }

  static func nghttp2(_ version: String) -> Finding {
    let subject = "libnghttp2 \(version)"
    if Version(version) < Version("1.52.0") {
      return Finding(
        .warning, .versions, subject, Say.of("早于 1.52，未经测试", "older than 1.52: not tested"),
        remedy: Say.of("升级 libnghttp2", "upgrade libnghttp2"))
    }
    return Finding(
      .note, .versions, subject,
      Say.of(
        "库本身防住快速重置和 CONTINUATION 洪泛；窗口溢出引起的重置（CVE-2025-8671 一类）、PING、SETTINGS、空帧等由本系统逐连接计数并断开",
        "stops rapid reset and CONTINUATION floods by itself; resets provoked by window overflow (CVE-2025-8671 and its kind), PING, SETTINGS and empty frames are counted by us for each connection, and end it"
      ),
      remedy: Say.of("随发行版的安全更新重建镜像", "rebuild the image with the distribution's security updates"))
  }

  /// `versions`: what each process says that it is. A rolling restart that has stopped half-way shows here.
  static func processes(_ versions: [String: String]) -> [Finding] {
    let groups = Dictionary(grouping: versions.keys.sorted()) { versions[$0] ?? "" }
    guard !groups.isEmpty else { return [] }
    if groups.count == 1, let version = groups.keys.first {
      return [
        Finding(
          .fine, .versions, "huying \(version)",
          Say.of("\(versions.count) 个进程版本一致", "\(versions.count) processes are of one version"))
      ]
    }
    let text = groups.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.joined(separator: ", "))" }
    return [
      Finding(
        .warning, .versions, "huying", text.joined(separator: "; "),
        remedy: Say.of("完成升级：逐个重启其余进程", "finish the upgrade: restart the others, one by one"))
    ]
  }
}
