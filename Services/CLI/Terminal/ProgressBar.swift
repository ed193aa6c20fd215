import Foundation

/// How far a long work has come: a bar with rate and remaining time, on a terminal only.
struct ProgressBar {
  private let title: String
  private let start = ContinuousClock.now
  private var shown = ContinuousClock.now - .seconds(1)

  init(_ title: String) { self.title = title }

  /// Shows that `done` of `total` units are done and how many `items` that were; at most ten times a second.
  mutating func show(done: Int64, of total: Int64, items: Int, note: String = "") {
    guard Terminal.isInteractive, ContinuousClock.now - shown > .milliseconds(100) else { return }
    shown = .now
    let share = total > 0 ? min(1, Double(done) / Double(total)) : 1
    let seconds = Double((ContinuousClock.now - start).components.seconds) + 0.001
    let elapsed = max(seconds, 0.5)
    let rate = Double(items) / elapsed
    let left = share > 0.001 ? elapsed / share - elapsed : 0
    let filled = Int(share * 24)
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled)
    let time = Say.of("剩余 \(Self.clock(left))", "\(Self.clock(left)) left")
    let line =
      "\(title) \(bar) \(Int(share * 100))%  \(items)  \(Int(rate))/s  \(time)\(note.isEmpty ? "" : "  " + note)"
    FileHandle.standardError.write(Data("\r\u{1b}[2K\(line)".utf8))
  }

  /// Takes the bar away.
  func clear() {
    guard Terminal.isInteractive else { return }
    FileHandle.standardError.write(Data("\r\u{1b}[2K".utf8))
  }

  private static func clock(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded())
    let seconds = "\(whole % 60)" + Say.of("秒", "s")
    return whole >= 60 ? "\(whole / 60)" + Say.of("分", "m") + seconds : seconds
  }
}
