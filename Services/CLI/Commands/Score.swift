import ArgumentParser
import Foundation
import GatewayContract
import Kernel
import PerformanceEvaluationContract
import RPC
import WireTypes

/// `huying score`: what the facts say about county, townships and departments.
struct Score: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: Say.of("全县、各镇街、各部门的评价指标。", "Show the county's scorecard, its townships and its departments."),
    discussion: Say.of(
      """
        huying score
        huying score --source cases.jsonl     某个导入文件中案件的办理时长
        huying score --wait                   等评价服务听完其他服务再显示
      """,
      """
        huying score
        huying score --source cases.jsonl     handling time of one imported file's cases
        huying score --wait                   once performance-evaluation has heard everything
      """))

  @Option(help: "Only what came in with this import (the file's name).")
  var source = ""

  @Flag(help: "Wait until performance-evaluation has heard everything that dispute and dispatch have written.")
  var wait = false

  @OptionGroup var gateway: GatewayOptions

  func run() async throws {
    try await gateway.withChannel { channel in
      if wait { try await RelayWait(channel).untilCaughtUp(targets: ["performance-evaluation"]) }
      let client = PerformanceEvaluationV1.ScorecardServiceClient(channel)
      let scope = PerformanceEvaluationV1.Scope(importSource: (source as NSString).lastPathComponent)
      let options = CallOptions(timeout: .seconds(30))
      let county = try await client.getScorecard(
        .init(subject: .init(subjectClass: .county), scope: scope), options: options)
      let townships = try await client.listScorecards(.init(subjectClass: .township, scope: scope), options: options)
      let departments = try await client.listScorecards(
        .init(subjectClass: .department, scope: scope), options: options)
      switch gateway.output {
      case .json:
        let parts = [try JSONText.of(county), try JSONText.of(townships), try JSONText.of(departments)]
        print("{\"county\":\(parts[0]),\"townships\":\(parts[1]),\"departments\":\(parts[2])}")
      case .table:
        show(county.scorecard ?? .init())
        show(Say.of("镇街，按 K03", "townships, by K03"), townships.rankedScorecards)
        show(Say.of("部门，按 K09", "departments, by K09"), departments.rankedScorecards)
      }
    }
  }

  private func show(_ scorecard: PerformanceEvaluationV1.Scorecard) {
    let file = (source as NSString).lastPathComponent
    print(source.isEmpty ? Say.of("全县", "county") : Say.of("全县，\(file) 的案件", "county, cases of \(file)"))
    var table = Table(
      Say.of("指标", "indicator"), "", Say.of("值", "value"), Say.of("件数", "n"), Say.of("中位", "median"), "P90")
    for value in scorecard.values { table.add(cells: Self.cells(value)) }
    print(table.text)
    if let handling = scorecard.handlingTime { print(HandlingText.lines(handling).joined(separator: "\n")) }
  }

  private func show(_ title: String, _ ranked: [PerformanceEvaluationV1.RankedScorecard]) {
    let rows = ranked.filter { $0.scorecard?.values.contains { $0.count > 0 } ?? false }
    guard !rows.isEmpty else { return }
    print("\n\(title)")
    var table = Table(Say.of("名次", "rank"), Say.of("对象", "subject"), Say.of("指标", "indicators"))
    for row in rows {
      let values = (row.scorecard?.values ?? []).filter { $0.count > 0 }.map { value in
        "\(value.indicatorCode) \(Self.text(value)) (n=\(value.count))"
      }
      table.add(
        row.rank == 0 ? Say.of("未排名", "not ranked") : String(row.rank), row.scorecard?.subject?.name ?? "",
        values.joined(separator: "  "))
    }
    print(table.text)
  }

  private static func cells(_ value: PerformanceEvaluationV1.IndicatorValue) -> [String] {
    [
      value.indicatorCode, Say.of(value.nameZh, value.nameEn), ratio(value),
      String(value.count), HandlingText.duration(value.medianDuration), HandlingText.duration(value.p90Duration),
    ]
  }

  private static func ratio(_ value: PerformanceEvaluationV1.IndicatorValue) -> String {
    value.value.map { String(format: "%.2f%%", $0 * 100) } ?? "–"
  }

  private static func text(_ value: PerformanceEvaluationV1.IndicatorValue) -> String {
    value.medianDuration == nil ? ratio(value) : HandlingText.duration(value.medianDuration)
  }
}

/// How handling times are written.
enum HandlingText {
  /// Count, closing rate, median and P90, verdicts: the same lines after an import and from performance-evaluation.
  static func lines(_ handling: PerformanceEvaluationV1.HandlingTime) -> [String] {
    let rate = handling.closingRate.map { String(format: "%.2f%%", $0 * 100) } ?? "–"
    let verdicts = handling.verdictCounts.map { count in
      "\(String(count.verdict.protoName.dropFirst("VERDICT_".count))) \(count.caseCount)"
    }
    return [
      Say.of(
        "案件 \(handling.caseCount)  结案 \(handling.closedCount)  结案率 ",
        "cases \(handling.caseCount)  closed \(handling.closedCount)  closing rate ")
        + rate,
      Say.of("办理时长  中位 ", "handling time  median ") + duration(handling.medianDuration)
        + "  P90 \(duration(handling.p90Duration))",
      Say.of("判定  ", "verdicts  ") + verdicts.joined(separator: "  "),
    ]
  }

  /// Days, hours, minutes and seconds, as far as they are not zero: `14d 3h 5m 20s`.
  static func duration(_ duration: GoogleProtobuf.Duration?) -> String {
    duration.map { text(seconds: $0.seconds) } ?? "–"
  }

  static func text(seconds: Int64) -> String {
    let parts = [(seconds / 86_400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s")]
    let shown = parts.filter { $0.0 > 0 }.map { "\($0.0)\($0.1)" }
    return shown.isEmpty ? "0s" : shown.joined(separator: " ")
  }
}
