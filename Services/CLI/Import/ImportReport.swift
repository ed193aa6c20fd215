import Foundation

/// What an import says while it runs and when it is done.
struct ImportReport {
  /// Refused lines that are printed one by one; the rest are counted.
  static let maximumShown = 50

  private var summary = HandlingSummary()
  private var added = 0
  private var alreadyThere = 0
  private var refused = 0
  private var bar = ProgressBar(Say.of("导入", "cases"))
  private let size: Int64

  init(size: Int64) { self.size = size }

  var hasRefusals: Bool { refused > 0 }

  mutating func add(_ outcomes: [CaseImporter.Outcome], bytesRead: Int64) {
    for outcome in outcomes {
      switch outcome.result {
      case .added: added += 1
      case .alreadyThere: alreadyThere += 1
      case .refused(let reason):
        refuse(line: outcome.line.line, reason)
        continue
      }
      summary.add(outcome)
    }
    bar.show(done: bytesRead, of: size, items: added + alreadyThere)
  }

  mutating func refuse(line: Int, _ reason: String) {
    refuse(Say.of("第 \(line) 行：\(reason)", "line \(line): \(reason)"))
  }

  mutating func refuse(id: String, _ reason: String) {
    refuse(Say.of("编号 \(id)，dispatch 拒绝：\(reason)", "id \(id), at dispatch: \(reason)"))
  }

  func clear() { bar.clear() }

  func waitForDispatch() { bar.clear() }

  /// Prints the numbers.
  func show(as format: OutputFormat) throws {
    let handling = summary.handlingTime
    switch format {
    case .json:
      let numbers = try JSONText.of(handling)
      print("{\"added\":\(added),\"alreadyThere\":\(alreadyThere),\"refused\":\(refused),\"handlingTime\":\(numbers)}")
    case .table:
      print(
        Say.of(
          "已录入 \(added)，已存在 \(alreadyThere)，被拒绝 \(refused)",
          "added \(added)  already there \(alreadyThere)  refused \(refused)"))
      print(HandlingText.lines(handling).joined(separator: "\n"))
    }
  }

  private mutating func refuse(_ text: String) {
    refused += 1
    guard refused <= Self.maximumShown else { return }
    bar.clear()
    Terminal.say(text)
    if refused == Self.maximumShown {
      Terminal.say(Say.of("……其余被拒绝的行只计数", "… further refused lines are only counted"))
    }
  }
}
