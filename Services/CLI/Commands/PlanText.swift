import GridRegistryContract
import Kernel
import Wire

/// Plans as lines for a person.
enum PlanText {
  static func lines(_ plan: GridRegistryV1.DivisionPlan) -> [String] {
    let day = plan.effectiveDate.isEmpty ? Say.of("未定", "not said") : plan.effectiveDate
    var lines = [
      "\(plan.planID)  \(plan.title)  \(plan.state.said)",
      Say.of(
        "乡镇 \(plan.townshipCode)  生效日 \(day)  起草 \(plan.authorPersonID)",
        "township \(plan.townshipCode)  from \(day)  drafted by \(plan.authorPersonID)"),
    ]
    if !plan.submitterPersonID.isEmpty {
      lines.append(
        Say.of("提交 \(plan.submitterPersonID)", "submitted by \(plan.submitterPersonID)")
          + (plan.deciderPersonID.isEmpty
            ? "" : Say.of("  审批 \(plan.deciderPersonID)", "  decided by \(plan.deciderPersonID)")))
    }
    if !plan.decisionReason.isEmpty { lines.append(Say.of("理由 ", "because ") + plan.decisionReason) }
    if !plan.changes.isEmpty {
      var table = Table(
        "#", Say.of("变更", "change"), Say.of("原网格", "of"), Say.of("新网格、单元", "into"))
      for (index, change) in plan.changes.enumerated() {
        table.add(
          String(index + 1), change.kind.said, change.gridIDs.joined(separator: " "), results(change).first ?? "")
        for more in results(change).dropFirst() { table.add("", "", "", more) }
      }
      lines += ["", table.text]
    }
    for exception in plan.exceptions {
      lines.append(
        Say.of(
          "例外 \(exception.gridCode)：\(exception.reason)", "exception \(exception.gridCode): \(exception.reason)")
          + (exception.approverPersonID.isEmpty ? "" : "  [\(exception.approverPersonID)]"))
    }
    if let check = plan.check { lines += [""] + Self.lines(check) }
    return lines
  }

  static func lines(_ check: GridRegistryV1.PlanCheck) -> [String] {
    let parts = [
      (Say.of("与现状不符", "does not fit"), check.faults), (Say.of("规模", "size"), check.sizeBreaches),
      (Say.of("盲区", "gap"), check.gaps), (Say.of("交叉", "overlap"), check.overlaps),
      (Say.of("网格员", "member"), check.orphanMembers),
    ]
    let verdict = check.passes ? Say.of("检查通过", "the check passes") : Say.of("检查未通过", "the check does not pass")
    guard parts.contains(where: { !$0.1.isEmpty }) else { return [verdict] }
    var table = Table(Say.of("问题", "what"), Say.of("说明", "why"), Say.of("在", "where"), Say.of("例外", "excused"))
    for (name, findings) in parts {
      for finding in findings {
        table.add(
          name, Say.of(finding.textZh, finding.textEn), GridText.facts(finding.metadata),
          finding.excused ? Say.of("是", "yes") : "")
      }
    }
    return [verdict, table.text]
  }

  static func lines(_ answer: GridRegistryV1.SimulatePlanResponse) -> [String] {
    var table = Table("", Say.of("之前", "before"), Say.of("之后", "after"))
    let (before, after) = (answer.before ?? .init(), answer.after ?? .init())
    table.add(Say.of("网格", "grids"), String(before.gridCount), String(after.gridCount))
    table.add(Say.of("户数", "households"), String(before.householdCount), String(after.householdCount))
    for (old, new) in zip(before.byType, after.byType) {
      table.add(old.gridType.said, String(old.gridCount), String(new.gridCount))
    }
    for (old, new) in zip(before.householdHistogram, after.householdHistogram) {
      let band =
        old.toCount == 0
        ? Say.of("城区 \(old.fromCount) 户以上", "urban, \(old.fromCount) and more")
        : Say.of("城区 \(old.fromCount)–\(old.toCount) 户", "urban, \(old.fromCount)–\(old.toCount)")
      table.add(band, String(old.gridCount), String(new.gridCount))
    }
    var lines = [table.text]
    for estimate in answer.openCases where estimate.openCaseCount > 0 {
      let shares = estimate.shares.map { "\($0.gridCode) ≈ \($0.openCaseCount)" }.joined(separator: Say.of("，", ", "))
      lines.append(
        Say.of(
          "\(estimate.oldGridCode) 未结 \(estimate.openCaseCount) 件，按户数估算：\(shares)",
          "\(estimate.oldGridCode) has \(estimate.openCaseCount) open cases, by households (an estimate): \(shares)"))
    }
    if answer.openCasesStale { lines.append(Say.of("未结事项数可能已过时", "the numbers of open cases may be old")) }
    return lines + [""] + Self.lines(answer.check ?? .init())
  }

  private static func results(_ change: GridRegistryV1.PlanChange) -> [String] {
    change.plannedGrids.map { "\($0.gridCode) \($0.name)：\($0.unitIDs.joined(separator: " "))" }
      + change.moves.map { move in
        let from = move.fromGridID.isEmpty ? Say.of("无", "none") : move.fromGridID
        let to = move.toGridID.isEmpty ? Say.of("无", "none") : move.toGridID
        return "\(move.unitID)：\(from) → \(to)"
      }
  }
}
