import Foundation

/// Whether there is a copy to go back to, and how old it is.
enum BackupCheck {
  /// One set a day is what the compose file does.
  static let usualInterval = 24.0 * 3_600
  /// In intervals: at the second one, a set is missing; at the seventh, nobody looks.
  static let warningIntervals = 2.0
  static let failureIntervals = 7.0
  /// The first set is made when all services have come up.
  static let firstMinutes = 10.0 * 60

  /// `last`: seconds since 1970, 0 for never. `every`: how often a set is to be made. `failures`: in a row, as the gateway counts.
  /// `start`: when the gateway was started.
  static func finding(
    _ subject: String, last: Double, every: Double = usualInterval, failures: Double = 0, start: Double = 0,
    now: Date = Date()
  ) -> Finding {
    let remedy = Say.of(
      "huying backup 目录；定时备份由网关的 HUYING_BACKUP_DIR、HUYING_BACKUP_EVERY 设定",
      "huying backup DIR; by schedule: HUYING_BACKUP_DIR and HUYING_BACKUP_EVERY at the gateway")
    let unwell = Say.of(
      "网关日志说明原因；磁盘有空间吗？备份目录属于网关的用户吗？", "the gateway's log says why; is there room, and is the folder the gateway's own?"
    )
    if last <= 0, now.timeIntervalSince1970 - start < firstMinutes {
      return Finding(.note, .backup, subject, Say.of("刚启动，第一套尚未生成", "just started: the first set is not made yet"))
    }
    if last <= 0 {
      return failures > 0
        ? Finding(
          .failure, .backup, subject,
          Say.of("没有能读的备份，已失败 \(Int(failures)) 次", "there is no backup that can be read; \(Int(failures)) have failed"),
          remedy: unwell)
        : Finding(
          .failure, .backup, subject, Say.of("没有能读的备份", "there is no backup that can be read"), remedy: remedy)
    }
    let age = now.timeIntervalSince1970 - last
    let text = Say.of(
      "最近一次 \(HandlingText.text(seconds: Int64(max(0, age)))) 前",
      "the last one is \(HandlingText.text(seconds: Int64(max(0, age)))) old")
    if failures > 0 {
      return Finding(
        .warning, .backup, subject,
        text + Say.of("，此后失败 \(Int(failures)) 次", ", and \(Int(failures)) have failed since"),
        remedy: unwell)
    }
    if age > every * failureIntervals { return Finding(.failure, .backup, subject, text, remedy: remedy) }
    if age > every * warningIntervals { return Finding(.warning, .backup, subject, text, remedy: remedy) }
    return Finding(.fine, .backup, subject, text)
  }
}
