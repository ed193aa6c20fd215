import CClock
import Foundation

/// Whether this machine knows what time it is, and its processes the same: every term and every journal line stands on it.
enum TimeCheck {
  /// More than this between two machines makes terms wrong by a visible amount, and signed calls refused sooner or later.
  static let skewLimit = 2.0

  /// What the kernel says of its clock: `nil` where it may not be asked.
  static func kernelIsSynchronised() -> Bool? {
    let answer = huying_clock_is_synchronised()
    return answer < 0 ? nil : answer == 1
  }

  static func finding(isSynchronised: Bool?) -> Finding {
    let subject = Say.of("本机时钟", "this machine's clock")
    switch isSynchronised {
    case true?: return Finding(.fine, .time, subject, Say.of("已与时间服务器同步", "synchronised"))
    case false?:
      return Finding(
        .warning, .time, subject, Say.of("没有与时间服务器同步", "not synchronised with any time server"),
        remedy: Say.of("在主机上启用 chrony 或 timedatectl set-ntp true", "on the host: chrony, or timedatectl set-ntp true"))
    case nil: return Finding(.skipped, .time, subject, Say.of("此处无权查询", "may not be asked from here"))
    }
  }

  /// `theirs` was read while the time here was between `before` and `after`.
  static func finding(_ service: String, theirs: Double, before: Double, after: Double) -> Finding {
    let skew = theirs < before ? theirs - before : theirs > after ? theirs - after : 0
    let text = String(format: Say.of("与本机相差 %.1f 秒", "%.1f s from this machine's clock"), skew)
    return abs(skew) > skewLimit
      ? Finding(
        .failure, .time, service, text,
        remedy: Say.of("在两台主机上都启用时间同步", "let both hosts follow the same time servers"))
      : Finding(.fine, .time, service, text)
  }
}
