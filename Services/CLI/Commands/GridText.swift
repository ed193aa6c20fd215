import GridRegistryContract
import Kernel
import Wire

/// Grids, units and coverage as lines for a person.
enum GridText {
  static func lines(_ answer: GridRegistryV1.GetGridResponse) -> [String] {
    let grid = answer.grid ?? .init()
    var lines = ["\(grid.gridCode)  \(grid.name)  \(grid.gridType.said)  \(grid.state.said)"]
    lines.append(
      Say.of(
        "户数 \(grid.householdCount)  人口 \(grid.populationCount)",
        "households \(grid.householdCount)  people \(grid.populationCount)"))
    if !grid.naturalVillages.isEmpty {
      lines.append(Say.of("自然村 ", "natural villages ") + grid.naturalVillages.joined(separator: Say.of("、", ", ")))
    }
    let from = grid.effectiveFromDate.isEmpty ? Say.of("从来", "ever") : grid.effectiveFromDate
    let to = grid.effectiveToDate.isEmpty ? Say.of("今", "now") : grid.effectiveToDate
    lines.append(Say.of("生效 \(from) 至 \(to)", "in effect since \(from) until \(to)"))
    if !grid.sizeExceptionReason.isEmpty {
      lines.append(Say.of("规模例外 ", "size exception ") + grid.sizeExceptionReason)
    }
    let path = (grid.mediationPath?.steps ?? []).map { step in
      Say.word(String(step.level.protoName.dropFirst("MEDIATION_LEVEL_".count))) + " " + step.orgName
    }
    if !path.isEmpty { lines.append(Say.of("调解路径 ", "mediation path ") + path.joined(separator: " → ")) }
    lines += grid.findings.map { "! " + Say.of($0.textZh, $0.textEn) + " " + facts($0.metadata) }
    if !answer.successors.isEmpty {
      lines.append(Say.of("现由以下网格接替：", "its place have taken:"))
      lines += answer.successors.map { "  \($0.gridCode)  \($0.name)" }
    }
    if !grid.units.isEmpty { lines += ["", table(grid.units)] }
    return lines
  }

  static func table(_ units: [GridRegistryV1.CoverageUnit]) -> String {
    var table = Table(
      Say.of("单元", "unit"), Say.of("名称", "name"), Say.of("种类", "kind"), Say.of("户数", "households"),
      Say.of("现属网格", "grid now"))
    for unit in units {
      let current = unit.memberships.filter { $0.toDate.isEmpty }.map(\.gridID)
      table.add(unit.unitID, unit.name, unit.kind.said, String(unit.householdCount), current.joined(separator: " "))
    }
    return table.text
  }

  static func lines(_ report: GridRegistryV1.GetCoverageReportResponse) -> [String] {
    let share = Int((report.coveredShare * 10_000).rounded())
    let percent = "\(share / 100).\(padded(share % 100, 2))%"
    var lines = [
      Say.of(
        "\(report.asOfDate)  覆盖 \(percent)（\(report.coveredUnitCount)/\(report.unitCount) 个单元，\(report.coveredHouseholdCount)/\(report.householdCount) 户）",
        "\(report.asOfDate)  covered \(percent) (\(report.coveredUnitCount)/\(report.unitCount) units, \(report.coveredHouseholdCount)/\(report.householdCount) households)"
      ),
      Say.of(
        "盲区 \(report.gapCount)  交叉 \(report.overlapCount)", "gaps \(report.gapCount)  overlaps \(report.overlapCount)"),
    ]
    var table = Table(Say.of("问题", "what"), Say.of("在", "where"), Say.of("说明", "details"))
    for gap in report.gaps {
      table.add(
        Say.of("盲区", "gap"), gap.unit?.unitID ?? "",
        "\(gap.unit?.name ?? "") \(gap.unit?.areaCode ?? "") \(gap.unit?.householdCount ?? 0)\(Say.of("户", " households"))"
      )
    }
    for overlap in report.overlaps {
      table.add(
        Say.of("交叉", "overlap"), overlap.unit?.unitID ?? "",
        "\(overlap.unit?.name ?? "") \(overlap.gridCodes.joined(separator: " + "))")
    }
    for finding in report.sizeBreaches + report.orphanGrids {
      table.add(
        finding.findingCode, finding.gridCode,
        "\(finding.name) \(Say.of(finding.textZh, finding.textEn)) \(facts(finding.metadata))")
    }
    let isClean = report.gaps.isEmpty && report.overlaps.isEmpty && report.sizeBreaches.isEmpty
    if !isClean || !report.orphanGrids.isEmpty { lines += ["", table.text] }
    return lines
  }

  /// What a finding is about, in a stable order.
  static func facts(_ metadata: [String: String]) -> String {
    metadata.sorted { $0.key < $1.key }.filter { !$0.value.isEmpty }.map { "\(label($0.key)) \($0.value)" }
      .joined(separator: Say.of("，", ", "))
  }

  private static func label(_ key: String) -> String {
    let chinese = [
      "unit_id": "单元", "unit_name": "名称", "grid_code": "网格", "grid_codes": "网格", "household_count": "户数",
      "area_code": "区划", "count": "个数", "state": "状态", "member_id": "网格员", "grid": "网格", "number": "第",
      "kind": "种类", "org_id": "组织", "open_case_count": "未结事项",
    ]
    return Terminal.language == .chinese ? chinese[key] ?? key : key
  }
}
