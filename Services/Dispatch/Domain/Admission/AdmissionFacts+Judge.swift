package import Kernel

// 两呼两不呼 (D§2.4.2): two reasons to call, two not to. Pure: the same facts give the same judgement for ever.

extension AdmissionFacts {
  /// The machine's judgement of submission `round`.
  ///
  /// An emergency is admitted whatever the rest says. Otherwise a rule that is broken sends the call back, with every broken rule;
  /// only a call that breaks none, but for which one could not be decided, goes to the call office.
  package func judge(round: Int, at now: Timestamp) -> Admission {
    let rules = [studied(), emergency(), ownAuthority(), agencyCould()]
    let decision: Admission.Decision =
      if kind == .emergency { .admitted } else if rules.contains(where: { $0.result == .fail }) {
        .notAdmitted
      } else if rules.contains(where: { $0.result == .unknown }) { .manualReview } else { .admitted }
    return Admission(
      round: round, decision: decision, machineDecision: decision, rules: rules, causes: causes, judgeTime: now)
  }

  /// Why something could not be decided.
  private var causes: [ReviewCause] {
    if let uncertainty = finding.uncertainty { return [uncertainty] }
    return !finding.agencyTypes.isEmpty && !isDirectoryHeard ? [.directoryNotHeard] : []
  }

  private func result(_ rule: Rule, _ result: RuleResult.Result, basis: String, _ advice: Advice? = nil) -> RuleResult {
    RuleResult(rule: rule, result: result, inputs: inputs(of: rule), basis: basis, advice: advice)
  }

  // MARK: - Y1, Y2

  private func studied() -> RuleResult {
    guard kind == .reasoned else {
      return result(.studied, .notApplicable, basis: "突发事件先行呼叫，研究材料事后补齐。")
    }
    var lacking = studyMissing
    if ground == nil { lacking.append("GROUND") }
    if conclusion == .canAlone { lacking.append("CONCLUSION_CANNOT_ALONE") }
    guard !lacking.isEmpty else {
      return result(.studied, .pass, basis: "研究论证完整，乡镇负责人已签字，结论为乡镇无法独立解决。")
    }
    let names = lacking.map { Self.chineseNames[$0] ?? $0 }.joined(separator: "、")
    return result(
      .studied, .fail, basis: "两呼两不呼之一：经研究论证确定无法独立解决的，可以呼叫。论证不完整：\(names)。",
      Advice(
        zh: "请补齐研究论证（\(names)），由乡镇负责人签字后再提交。",
        en:
          "Complete the study (\(lacking.joined(separator: ", "))), have the township's leader sign it, and submit again."
      ))
  }

  private static let chineseNames = [
    "DATE": "论证日期", "PARTICIPANTS": "参加人员", "TRIED": "已采取的措施", "CONCLUSION": "论证结论", "SIGNATURE": "负责人签字",
    "GROUND": "呼叫理由", "CONCLUSION_CANNOT_ALONE": "结论应为无法独立解决",
  ]

  private func emergency() -> RuleResult {
    kind == .emergency
      ? result(.emergency, .pass, basis: "两呼两不呼之二：遇到突发事件，可以呼叫。")
      : result(.emergency, .notApplicable, basis: "非突发事件，按论证后呼叫审核。")
  }

  // MARK: - N1, N2

  private func ownAuthority() -> RuleResult {
    if let uncertainty = finding.uncertainty { return undecided(.ownAuthority, uncertainty) }
    guard finding.mainLevel == .township else {
      return result(.ownAuthority, .pass, basis: "\(citation)主体责任在县级部门，不属乡镇权限内事项。")
    }
    if ground == .needsCooperation, !finding.assistOrgIDs.isEmpty {
      return result(.ownAuthority, .pass, basis: "\(citation)主体责任在乡镇，但清单列有配合部门，可以请求配合。")
    }
    let duty = finding.townshipDuty.isEmpty ? "" : "乡镇职责：\(finding.townshipDuty)。"
    return result(
      .ownAuthority, .fail, basis: "\(citation)主体责任在乡镇，权限内可以自行解决的，不应呼叫。\(duty)",
      ground == .needsCooperation
        ? Advice(
          zh: "清单未列该事项的配合部门，请在权限内自行处置。",
          en: "The list names no assisting department for this item; handle it within the township's own authority.")
        : Advice(
          zh: "请在权限内自行处置；确需部门配合的，以“需要配合”为由重新提交。",
          en:
            "Handle it within the township's own authority, or submit it again as NEEDS_COOPERATION if a department has to assist."
        ))
  }

  private func agencyCould() -> RuleResult {
    if let uncertainty = finding.uncertainty { return undecided(.agencyCould, uncertainty) }
    guard !finding.agencyTypes.isEmpty else {
      return result(.agencyCould, .pass, basis: "\(citation)清单未列可协调的派驻机构类型。")
    }
    guard isDirectoryHeard else { return undecided(.agencyCould, .directoryNotHeard) }
    guard !ableAgencies.isEmpty else {
      return result(.agencyCould, .pass, basis: "\(citation)机构名录显示该乡镇当前没有清单所列的派驻机构。")
    }
    if let tried = asked.first(where: \.isExhausted) {
      let why = tried.state == .unable ? "已答复无法解决（\(tried.unableReason?.rawValue ?? "")）" : "逾期未办结"
      return result(.agencyCould, .pass, basis: "\(citation)派驻机构\(why)，协调任务 \(tried.taskID)。")
    }
    let names = ableAgencies.map { $0.name.isEmpty ? $0.orgID : $0.name }.joined(separator: "、")
    let open = asked.first { $0.state != .done }
    return result(
      .agencyCould, .fail, basis: "\(citation)协调部门派驻机构可以解决的，不应呼叫。可协调机构：\(names)。",
      open.map {
        Advice(
          zh: "协调任务 \($0.taskID) 尚在办理，请等待答复；无法解决或逾期后再呼叫。",
          en: "Task \($0.taskID) is still open: wait for the agency's answer, and call if it is unable or overdue.")
      }
        ?? Advice(
          zh: "请先向\(names)发起协调；其答复无法解决或逾期后再呼叫。",
          en: "Ask \(names) to coordinate first; call if it is unable or overdue."))
  }

  private func undecided(_ rule: Rule, _ cause: ReviewCause) -> RuleResult {
    let (basis, english): (String, String) =
      switch cause {
      case .listUnavailable: ("责任清单服务暂不可用，无法判定。", "responsibility-list could not be asked")
      case .ambiguous: ("职责判定不唯一，需人工确定。", "the determination is ambiguous")
      case .offList: ("该事项不在责任清单内，需人工审核。", "the matter is not on the list")
      case .incomplete: ("职责判定不完整，需人工审核。", "the determination is incomplete")
      case .directoryNotHeard: ("机构名录尚未收到该乡镇，无法判定。", "the directory has not been heard yet")
      }
    return result(
      rule, .unknown, basis: basis,
      Advice(zh: "由呼应办公室人工审核，无需另行操作。", en: "The call office decides, because \(english)."))
  }

  /// 《…》第 n 版 CJ-06 保洁（依据）：
  private var citation: String {
    let bases = finding.bases.isEmpty ? "" : "（\(finding.bases.joined(separator: "；"))）"
    return "责任清单 \(finding.listVersion) 事项 \(finding.itemCode) \(finding.itemTitle)\(bases)："
  }
}
