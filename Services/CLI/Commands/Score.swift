import ArgumentParser
import Foundation
import GatewayContract
import GridRegistryContract
import Kernel
import PerformanceEvaluationContract
import RPC
import WireTypes

/// `huying score`: what the facts say about county, townships and departments, or about one grid.
struct Score: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: Say.of(
      "全县、各镇街、各部门的评价指标，或某个网格的指标。",
      "Show the scorecards of the county, its townships and departments, or of one grid."),
    discussion: Say.of(
      """
        huying score
        huying score --source cases.jsonl     某个导入文件中案件的办理时长
        huying score --wait                   等评价服务听完其他服务再显示
        huying score --grid 379922001201R001  某个网格：首级化解率 K04、主动发现率 K06 等
        huying score --grid 379922001201R001 --explain K04    这个数字由哪些案件、哪些事件得来

      不足 10 件的指标只显示、不排名；K04 在期末后 90 天内为暂定值，其间重新办理的案件会改变它。
      """,
      """
        huying score
        huying score --source cases.jsonl     handling time of one imported file's cases
        huying score --wait                   once performance-evaluation has heard everything
        huying score --grid 379922001201R001  one grid: K04 first-level resolution, K06 proactive discovery …
        huying score --grid 379922001201R001 --explain K04    the cases and events that a number comes from

      Below n = 10 a value is shown, not ranked. K04 is provisional until 90 days after its period: a case that is opened again
      by then changes it.
      """))

  @Option(help: .of("只算这一次导入的（文件名）。", "Only what came in with this import (the file's name)."))
  var source = ""

  @Flag(
    help: .of(
      "先等 performance-evaluation 收齐 dispute 和 dispatch 已写入的一切。",
      "Wait until performance-evaluation has heard everything that dispute and dispatch have written."))
  var wait = false

  @Option(help: .of("某个网格（编码或ID）。", "One grid, by its code or id."))
  var grid: String?

  @Option(
    help: .of(
      "列出该指标（K01、K03、K04……）所统计的案件和呼叫，以及所依据的事件。",
      "The cases and calls that this indicator counts (K01, K03, K04 …), with the events behind them."))
  var explain: String?

  @OptionGroup var gateway: GatewayOptions

  func run() async throws {
    try await gateway.withChannel { channel in
      if wait { try await RelayWait(channel).untilCaughtUp(targets: ["performance-evaluation"]) }
      let client = PerformanceEvaluationV1.ScorecardServiceClient(channel)
      let scope = PerformanceEvaluationV1.Scope(importSource: (source as NSString).lastPathComponent)
      let options = CallOptions(timeout: .seconds(30))
      if grid != nil || explain != nil { return try await showOne(client, scope, channel) }
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
    show(values: scorecard)
  }

  /// One subject: the county or a grid, with its numbers or with what one of them comes from.
  private func showOne(
    _ client: PerformanceEvaluationV1.ScorecardServiceClient, _ scope: PerformanceEvaluationV1.Scope, _ channel: Channel
  ) async throws {
    var place: GridRegistryV1.Grid?
    if let grid { place = try await GridDesk(channel).grid(grid) }
    let subject = PerformanceEvaluationV1.Subject(
      subjectClass: place == nil ? .county : .grid, subjectID: place?.gridID ?? "")
    let title = place.map { "\($0.name)  \($0.gridCode)" } ?? Say.of("全县", "county")
    let options = CallOptions(timeout: .seconds(30))
    do {
      if let explain {
        return try await showEvidence(
          of: explain.uppercased(), title,
          .init(subject: subject, indicatorCode: explain.uppercased(), scope: scope, pageSize: 1_000), client)
      }
      let answer = try await client.getScorecard(.init(subject: subject, scope: scope), options: options)
      if gateway.output == .json { return print(try JSONText.of(answer)) }
      print(title)
      show(values: answer.scorecard ?? .init())
    } catch let status as Status where status.reasons.contains(where: { $0.code == "SUBJECT_NOT_FOUND" }) {
      // A grid is known to the evaluation by its cases.
      throw Complaint("\(title)：还没有任何案件。", "\(title): no case has been reported there yet.", exitCode: 64 + 5)
    }
  }

  private func showEvidence(
    of code: String, _ title: String, _ request: PerformanceEvaluationV1.ExplainIndicatorRequest,
    _ client: PerformanceEvaluationV1.ScorecardServiceClient
  ) async throws {
    var (request, answer) = (request, PerformanceEvaluationV1.ExplainIndicatorResponse())
    repeat {
      let page = try await client.explainIndicator(request, options: CallOptions(timeout: .seconds(30)))
      answer.value = page.value
      answer.evidence += page.evidence
      request.pageToken = page.nextPageToken
    } while !request.pageToken.isEmpty
    if gateway.output == .json { return print(try JSONText.of(answer)) }
    let value = answer.value ?? .init()
    print("\(title)  \(code) \(Say.of(value.nameZh, value.nameEn))  \(Self.text(value))  \(Self.count(value))")
    var table = Table(Say.of("编号", "number"), Say.of("计入", "counted"), Say.of("依据的事件", "events"))
    for evidence in answer.evidence {
      table.add(
        evidence.number, evidence.part == .numerator ? Say.of("是", "yes") : Say.of("否", "no"),
        evidence.eventIDs.joined(separator: " "))
    }
    print(table.text)
  }

  private func show(values scorecard: PerformanceEvaluationV1.Scorecard) {
    var table = Table(
      Say.of("指标", "indicator"), "", Say.of("值", "value"), Say.of("件数", "n"), Say.of("中位", "median"), "P90", "")
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
      count(value), HandlingText.duration(value.medianDuration), HandlingText.duration(value.p90Duration),
      remarks(value),
    ]
  }

  /// Above and below the line: `4/5`; of durations how many there were.
  private static func count(_ value: PerformanceEvaluationV1.IndicatorValue) -> String {
    value.value == nil ? String(value.count) : "\(value.numeratorCount)/\(value.count)"
  }

  private static func remarks(_ value: PerformanceEvaluationV1.IndicatorValue) -> String {
    guard value.value != nil else { return "" }
    return [
      value.rankable ? nil : Say.of("未排名", "not ranked"), value.provisional ? Say.of("暂定", "provisional") : nil,
    ].compactMap(\.self).joined(separator: Say.of("，", ", "))
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
      "\(count.verdict.said) \(count.caseCount)"
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
    let parts = [
      (seconds / 86_400, Say.of("天", "d")), (seconds / 3600 % 24, Say.of("小时", "h")),
      (seconds / 60 % 60, Say.of("分", "m")), (seconds % 60, Say.of("秒", "s")),
    ]
    let shown = parts.filter { $0.0 > 0 }.map { "\($0.0)\($0.1)" }
    return shown.isEmpty ? Say.of("0秒", "0s") : shown.joined(separator: Say.of("", " "))
  }
}
