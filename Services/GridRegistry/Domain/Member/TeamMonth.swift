package import Kernel

/// The team on one day, in numbers only (P09).
package struct TeamMonth: Hashable, Sendable {
  /// What is looked at, for one member.
  package struct Record: Hashable, Sendable {
    /// Steps in order: state after, and when.
    package var steps: [(time: Timestamp, to: GridMember.State)]
    package var certificates: [Certificate]
    package var scores: [(date: CivilDate, score: Int)]

    package init(
      steps: [(time: Timestamp, to: GridMember.State)], certificates: [Certificate],
      scores: [(date: CivilDate, score: Int)]
    ) {
      self.steps = steps
      self.certificates = certificates
      self.scores = scores
    }

    /// When the member came into the team that they belong to on `date`; `nil`: they do not.
    func inTeamSince(on date: CivilDate) -> CivilDate? {
      var since: CivilDate?
      for step in steps where CivilDate(step.time) <= date {
        if !step.to.isInTeam { since = nil } else if since == nil { since = CivilDate(step.time) }
      }
      return since
    }

    package static func == (left: Self, right: Self) -> Bool {
      left.steps.map(\.time) == right.steps.map(\.time) && left.certificates == right.certificates
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(certificates) }
  }

  package let date: CivilDate
  package let memberCount: Int
  package let certifiedCount: Int
  /// In months of 30 days, of those who are in the team.
  package let medianTenureMonths: Double
  /// Below 60, 60 to 79, 80 to 89, 90 and more; empty for fewer than ten people.
  package let examBands: [Int]

  /// Fewer people than this are not shown as a distribution.
  package static let fewest = 10

  /// The share of the team with every certificate of the minimum competence.
  package var certifiedShare: Double { memberCount == 0 ? 0 : Double(certifiedCount) / Double(memberCount) }

  package init(_ records: [Record], on date: CivilDate, policy: TeamPolicy) {
    self.date = date
    let team = records.compactMap { record in record.inTeamSince(on: date).map { (record, $0) } }
    memberCount = team.count
    certifiedCount = team.count { record, _ in
      let valid = Set(record.certificates.filter { $0.isValid(on: date) }.map(\.competence))
      return policy.minimumCompetence.allSatisfy(valid.contains)
    }
    let days = team.map { date - $0.1 }.sorted()
    let middle =
      days.isEmpty ? 0 : Double(days[(days.count - 1) / 2] + days[days.count / 2]) / 2
    medianTenureMonths = middle / 30
    let scores = team.flatMap { record, _ in
      record.scores.filter { $0.date <= date && $0.date.year == date.year && $0.date.month == date.month }.map(\.score)
    }
    let edges = [0..<60, 60..<80, 80..<90, 90..<101]
    examBands = scores.count < Self.fewest ? [] : edges.map { edge in scores.count { edge.contains($0) } }
  }

  /// The last days of `count` months up to `date`, the oldest first; the last one is `date` itself.
  package static func days(until date: CivilDate, count: Int) -> [CivilDate] {
    (0..<count).reversed().compactMap { back in
      back == 0
        ? date
        : CivilDate(year: date.year, month: date.month, day: 1).map { $0.adding(months: 1 - back) + (-1) }
    }
  }
}

extension Reason {
  /// 1 to 36.
  package static let monthsInvalid = Reason("MONTHS_INVALID", zh: "月数应为1至36。", en: "Ask for 1 to 36 months.")
}
