import DisputeContract
import Foundation
import Kernel
import Wire
import WireTypes

/// Screening as lines for a person.
enum ScreeningText {
  static func text(_ plan: DisputeV1.ScreeningPlan) -> String {
    var table = Table(Say.of("网格类型", "type of grid"), Say.of("每几天走访一遍", "visited every so many days"))
    for target in plan.targets { table.add(Say.word(target.gridType), String(target.everyDays)) }
    let heading = Say.of(
      "\(plan.townshipCode)  第\(plan.version)版  \(CaseSheet.time(plan.effectiveTime)) 起",
      "\(plan.townshipCode)  version \(plan.version)  from \(CaseSheet.time(plan.effectiveTime))")
    return heading + "\n" + table.text
  }

  static func table(_ rounds: [DisputeV1.Round]) -> String {
    var table = Table(
      Say.of("编号", "id"), Say.of("名称", "name"), Say.of("状态", "state"), Say.of("乡镇", "township"),
      Say.of("网格", "grids"), Say.of("起", "from"), Say.of("止", "to"), Say.of("覆盖", "covered"))
    for round in rounds {
      let state =
        round.state == .open ? Say.of("进行中", "open") : round.state == .closed ? Say.of("已结束", "closed") : ""
      table.add(
        round.roundID, round.name, state, round.townshipCode, String(round.gridIDs.count), round.startDate,
        round.endDate, round.coverage.map { percent($0.percent) } ?? "")
    }
    return rounds.isEmpty ? Say.of("没有专项排查", "there is no round") : table.text
  }

  static func lines(_ answer: DisputeV1.RecordVisitResponse) -> [String] {
    let visit = answer.visit ?? .init()
    var lines = [
      Say.of(
        "已登记走访 \(visit.visitID)：单元 \(visit.unitIDs.count) 个，\(visit.householdCount) 户",
        "visit \(visit.visitID): \(visit.unitIDs.count) units, \(visit.householdCount) households")
    ]
    for report in answer.reported {
      if let record = report.caseRecord { lines.append(CaseSheet.line(record)) }
      lines += report.duplicates.map { "  " + CaseFindings.hint($0) }
    }
    return lines
  }

  static func lines(_ coverage: DisputeV1.Coverage) -> [String] {
    let share = percent(coverage.percent)
    var lines = [
      Say.of(
        "覆盖 \(share)（\(coverage.visitedUnitCount)/\(coverage.unitCount) 个单元，\(coverage.visitedHouseholdCount)/\(coverage.householdCount) 户），走访 \(coverage.visitCount) 次",
        "covered \(share) (\(coverage.visitedUnitCount)/\(coverage.unitCount) units, \(coverage.visitedHouseholdCount)/\(coverage.householdCount) households) by \(coverage.visitCount) visits"
      )
    ]
    if !coverage.grids.isEmpty {
      var table = Table(
        Say.of("网格", "grid"), Say.of("类型", "type"), Say.of("单元", "units"), Say.of("已走访", "visited"),
        Say.of("覆盖", "covered"), Say.of("次数", "visits"))
      for grid in coverage.grids {
        table.add(
          grid.gridCode, Say.word(grid.gridType), String(grid.unitCount), String(grid.visitedUnitCount),
          percent(grid.percent), String(grid.visitCount))
      }
      lines += ["", table.text]
    }
    if !coverage.unvisited.isEmpty {
      var table = Table(
        Say.of("未走访的单元", "not visited"), Say.of("名称", "name"), Say.of("网格", "grid"), Say.of("户数", "households"),
        Say.of("上次走访", "last visit"))
      for unit in coverage.unvisited {
        table.add(
          unit.unitID, unit.name, unit.gridID, String(unit.householdCount),
          unit.lastVisitTime == nil ? Say.of("从未", "never") : CaseSheet.time(unit.lastVisitTime))
      }
      lines += ["", table.text]
    }
    if !coverage.unknownGridIDs.isEmpty {
      lines.append(
        Say.of("单元未知的网格：", "grids whose units are not known: ") + coverage.unknownGridIDs.joined(separator: " "))
    }
    return lines
  }

  static func text(_ ledger: DisputeV1.GridLedger) -> String {
    let proactive = percent(ledger.proactiveShare * 100)
    var lines = [
      Say.of(
        "\(ledger.gridID)  \(CaseSheet.time(ledger.asOfTime))  共 \(ledger.caseCount) 件，未结 \(ledger.openCount)，已结 \(ledger.closedCount)，主动发现 \(proactive)",
        "\(ledger.gridID)  \(CaseSheet.time(ledger.asOfTime))  \(ledger.caseCount) cases, \(ledger.openCount) open, \(ledger.closedCount) closed, \(proactive) found by looking"
      )
    ]
    guard !ledger.entries.isEmpty else { return lines[0] }
    var table = Table(
      Say.of("编号", "number"), Say.of("类别", "category"), Say.of("状态", "state"), Say.of("上报", "reported"),
      Say.of("早知道", "known after"), Say.of("早预警", "warned after"), Say.of("早处置", "handled after"))
    for entry in ledger.entries {
      let state = DisputeV1.Case.State(protoName: "STATE_" + entry.state).map(CaseWords.of) ?? entry.state
      table.add(
        entry.number, entry.category, state, CaseSheet.time(entry.reportTime), span(entry.knowMinutes),
        span(entry.warnMinutes), span(entry.handleMinutes))
    }
    lines.append(table.text)
    return lines.joined(separator: "\n")
  }

  /// `66.67%`
  static func percent(_ value: Double) -> String { String(format: "%.2f%%", value) }

  private static func span(_ minutes: Int64?) -> String {
    minutes.map { HandlingText.text(seconds: $0 * 60) } ?? "–"
  }
}
