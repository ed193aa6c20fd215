// Facts as the name–value pairs that each rule stores, and back: a judgement is replayed from what was stored with it.

extension AdmissionFacts {
  /// What `rule` reads.
  func inputs(of rule: Rule) -> [String: String] {
    switch rule {
    case .emergency: ["kind": kind.rawValue]
    case .studied:
      [
        "kind": kind.rawValue, "ground": ground?.rawValue ?? "", "study_missing": joined(studyMissing),
        "study_conclusion": conclusion?.rawValue ?? "",
      ]
    case .ownAuthority:
      findingInputs.merging(["ground": ground?.rawValue ?? ""]) { first, _ in first }
    case .agencyCould:
      findingInputs.merging([
        "agency_types": joined(finding.agencyTypes), "directory_heard": isDirectoryHeard ? "true" : "false",
        "agencies": joined(agencies.map { "\($0.orgID)|\($0.type)|\($0.name)" }),
        "asked": joined(
          asked.map {
            "\($0.taskID)|\($0.agencyOrgID)|\($0.state.rawValue)|\($0.isOverdueBeyondGrace)|\($0.unableReason?.rawValue ?? "")"
          }),
      ]) { first, _ in first }
    }
  }

  private var findingInputs: [String: String] {
    [
      "determination_available": finding.isAvailable ? "true" : "false", "determination_id": finding.determinationID,
      "verdict": finding.verdict?.rawValue ?? "", "item_code": finding.itemCode, "item_title": finding.itemTitle,
      "list_version": finding.listVersion, "main_level": finding.mainLevel?.rawValue ?? "",
      "main_org_id": finding.mainOrgID, "assist_org_ids": joined(finding.assistOrgIDs),
      "township_duty": finding.townshipDuty, "bases": joined(finding.bases),
    ]
  }

  /// The facts behind a stored judgement; `nil` if the inputs are not of this rule version.
  package init?(replaying rules: [RuleResult]) {
    var inputs: [String: String] = [:]
    for rule in rules { inputs.merge(rule.inputs) { first, _ in first } }
    guard let kind = inputs["kind"].flatMap(Call.Kind.init(rawValue:)) else { return nil }
    self.init(
      kind: kind, ground: inputs["ground"].flatMap(Call.Ground.init(rawValue:)),
      studyMissing: split(inputs["study_missing"]),
      conclusion: inputs["study_conclusion"].flatMap(Study.Conclusion.init(rawValue:)),
      finding: DeterminationFinding(inputs: inputs), isDirectoryHeard: inputs["directory_heard"] == "true",
      agencies: split(inputs["agencies"]).compactMap(Agency.init(input:)),
      asked: split(inputs["asked"]).compactMap(Asked.init(input:)))
  }
}

extension DeterminationFinding {
  fileprivate init(inputs: [String: String]) {
    self.init(isAvailable: inputs["determination_available"] == "true")
    determinationID = inputs["determination_id"] ?? ""
    verdict = inputs["verdict"].flatMap(Verdict.init(rawValue:))
    itemCode = inputs["item_code"] ?? ""
    itemTitle = inputs["item_title"] ?? ""
    listVersion = inputs["list_version"] ?? ""
    mainLevel = inputs["main_level"].flatMap(MainLevel.init(rawValue:))
    mainOrgID = inputs["main_org_id"] ?? ""
    assistOrgIDs = split(inputs["assist_org_ids"])
    agencyTypes = split(inputs["agency_types"])
    townshipDuty = inputs["township_duty"] ?? ""
    bases = split(inputs["bases"])
  }
}

extension AdmissionFacts.Agency {
  fileprivate init?(input: String) {
    let parts = input.split(separator: "|", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3 else { return nil }
    self.init(orgID: parts[0], type: parts[1], name: parts[2])
  }
}

extension AdmissionFacts.Asked {
  fileprivate init?(input: String) {
    let parts = input.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 5, let state = CoordinationTask.State(rawValue: parts[2]) else { return nil }
    self.init(
      taskID: parts[0], agencyOrgID: parts[1], state: state, isOverdueBeyondGrace: parts[3] == "true",
      unableReason: CoordinationTask.UnableReason(rawValue: parts[4]))
  }
}

/// One value per line.
private func joined(_ values: [String]) -> String { values.joined(separator: "\n") }

private func split(_ text: String?) -> [String] { (text ?? "").split(separator: "\n").map(String.init) }
