import Foundation

/// One thing that was looked at: how it stands, and what to do about it.
struct Finding: Encodable, Equatable {
  /// From harmless to what must not wait.
  enum Severity: String, Encodable, CaseIterable, Comparable {
    /// As it should be.
    case fine = "OK"
    /// Worth knowing, nothing to be done at once.
    case note = "NOTE"
    /// It could not be looked at from here.
    case skipped = "SKIPPED"
    /// It will become a failure, or it hides one.
    case warning = "WARNING"
    /// Something is broken, or data is at risk.
    case failure = "FAILURE"

    static func < (one: Self, other: Self) -> Bool {
      (allCases.firstIndex(of: one) ?? 0) < (allCases.firstIndex(of: other) ?? 0)
    }

    /// The word before a finding, for people.
    var said: String {
      switch self {
      case .fine: Say.of("正常", "ok")
      case .note: Say.of("须知", "note")
      case .skipped: Say.of("未查", "skipped")
      case .warning: Say.of("注意", "WARNING")
      case .failure: Say.of("故障", "FAILURE")
      }
    }
  }

  /// What kind of thing: the first word of a line.
  enum Topic: String, Encodable {
    case county, disk, time, certificate, versions, permissions, files, process, relay, journal, backup

    var said: String {
      switch self {
      case .county: Say.of("县", "county")
      case .disk: Say.of("磁盘", "disk")
      case .time: Say.of("时间", "time")
      case .certificate: Say.of("证书", "certificate")
      case .versions: Say.of("版本", "versions")
      case .permissions: Say.of("权限", "permissions")
      case .files: Say.of("文件", "files")
      case .process: Say.of("进程", "process")
      case .relay: Say.of("消息", "relay")
      case .journal: Say.of("日志链", "journal")
      case .backup: Say.of("备份", "backup")
      }
    }
  }

  let severity: Severity
  let topic: Topic
  /// A service, a file, a way of the relay.
  let subject: String
  let text: String
  /// What to do; empty where nothing is to be done.
  let remedy: String

  init(_ severity: Severity, _ topic: Topic, _ subject: String, _ text: String, remedy: String = "") {
    self.severity = severity
    self.topic = topic
    self.subject = subject
    self.text = text
    self.remedy = remedy
  }

  /// `WARNING  disk  gateway: 8 % free → …`
  var line: String {
    let head = "\(Terminal.padded(severity.said, to: 8)) \(Terminal.padded(topic.said, to: 12)) \(subject): \(text)"
    return remedy.isEmpty ? head : "\(head) → \(remedy)"
  }
}

extension [Finding] {
  /// 0: nothing is wrong that could be looked at. 1: there are warnings. 2: something is broken.
  var exitCode: Int32 {
    switch map(\.severity).max() ?? .fine {
    case .failure: 2
    case .warning: 1
    case .fine, .note, .skipped: 0
    }
  }
}
