package import Kernel

/// Everything that the four rules read, and nothing else; kept with the judgement, so that it can be replayed.
package struct AdmissionFacts: Hashable, Sendable {
  /// An agency that exists in the township at this moment.
  package struct Agency: Hashable, Sendable {
    package let orgID: String
    package let type: String
    package let name: String

    package init(orgID: String, type: String, name: String) {
      self.orgID = orgID
      self.type = type
      self.name = name
    }
  }

  /// What an agency was asked about this item, and what became of it.
  package struct Asked: Hashable, Sendable {
    package let taskID: String
    package let agencyOrgID: String
    package let state: CoordinationTask.State
    package let isOverdueBeyondGrace: Bool
    package let unableReason: CoordinationTask.UnableReason?

    package init(
      taskID: String, agencyOrgID: String, state: CoordinationTask.State, isOverdueBeyondGrace: Bool,
      unableReason: CoordinationTask.UnableReason?
    ) {
      self.taskID = taskID
      self.agencyOrgID = agencyOrgID
      self.state = state
      self.isOverdueBeyondGrace = isOverdueBeyondGrace
      self.unableReason = unableReason
    }

    /// Whether the way over the agency has been tried and is closed.
    package var isExhausted: Bool { state == .unable || isOverdueBeyondGrace }
  }

  package let kind: Call.Kind
  package let ground: Call.Ground?
  /// Parts of the study that are missing: DATE, PARTICIPANTS, TRIED, CONCLUSION, SIGNATURE.
  package let studyMissing: [String]
  package let conclusion: Study.Conclusion?
  package let finding: DeterminationFinding
  /// Whether our directory knows the township at all.
  package let isDirectoryHeard: Bool
  package let agencies: [Agency]
  package let asked: [Asked]

  package init(
    kind: Call.Kind, ground: Call.Ground?, studyMissing: [String], conclusion: Study.Conclusion?,
    finding: DeterminationFinding, isDirectoryHeard: Bool, agencies: [Agency], asked: [Asked]
  ) {
    self.kind = kind
    self.ground = ground
    self.studyMissing = studyMissing
    self.conclusion = conclusion
    self.finding = finding
    self.isDirectoryHeard = isDirectoryHeard
    self.agencies = agencies
    self.asked = asked
  }

  /// 两呼两不呼, first version.
  package static let ruleVersion = "B05-1"

  /// Agencies of a type that the item names.
  var ableAgencies: [Agency] { agencies.filter { finding.agencyTypes.contains($0.type) } }
}

/// What surrounds a call at the moment it is judged: the finding, the township's agencies, and what they were asked.
package struct AdmissionSurroundings: Hashable, Sendable {
  package let finding: DeterminationFinding
  package let isDirectoryHeard: Bool
  package let agencies: [AdmissionFacts.Agency]
  package let asked: [AdmissionFacts.Asked]

  package init(
    finding: DeterminationFinding, isDirectoryHeard: Bool, agencies: [AdmissionFacts.Agency],
    asked: [AdmissionFacts.Asked]
  ) {
    self.finding = finding
    self.isDirectoryHeard = isDirectoryHeard
    self.agencies = agencies
    self.asked = asked
  }
}

extension AdmissionFacts {
  /// The facts of one submission.
  package init(_ content: CallContent, _ surroundings: AdmissionSurroundings, at now: Timestamp) {
    self.init(
      kind: content.kind, ground: content.ground, studyMissing: content.study.missing(on: CivilDate(now)),
      conclusion: content.study.conclusion, finding: surroundings.finding,
      isDirectoryHeard: surroundings.isDirectoryHeard, agencies: surroundings.agencies, asked: surroundings.asked)
  }
}
