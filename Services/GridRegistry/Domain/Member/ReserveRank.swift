import Kernel

/// A place in the reserve and what it is made of (P08, D§2.1.2):
/// 40·exam/100 + 20·certificates held/required + 20·min(years, 5)/5 + 20·local.
package struct ReserveRank: Hashable, Sendable {
  /// One of the four parts, in hundredths of a point.
  package struct Part: Hashable, Sendable {
    package let name: String
    package let hundredths: Int
    package let mostHundredths: Int
    package let chinese: String
    package let english: String
  }

  /// What is looked at.
  package struct Facts: Hashable, Sendable {
    package var qualification: GridMember.Qualification
    /// Required competences, and those of them that are held.
    package var required: Set<String>
    package var held: Set<String>
    package var isLocal: Bool

    package init(
      qualification: GridMember.Qualification, required: Set<String>, held: Set<String>, isLocal: Bool
    ) {
      self.qualification = qualification
      self.required = required
      self.held = held
      self.isLocal = isLocal
    }
  }

  package let parts: [Part]

  /// The sum in hundredths of a point, 0 to 10,000.
  package var hundredths: Int { parts.reduce(0) { $0 + $1.hundredths } }

  package init(_ facts: Facts) {
    let exam = min(max(facts.qualification.examScore, 0), 100)
    let years = min(max(facts.qualification.serviceYears, 0), 5)
    let held = facts.required.intersection(facts.held)
    let missing = facts.required.subtracting(held).sorted()
    let certificates = facts.required.isEmpty ? 2_000 : 2_000 * held.count / facts.required.count
    parts = [
      Part(
        name: "EXAM", hundredths: 40 * exam, mostHundredths: 4_000, chinese: "考试\(exam)分", english: "exam \(exam)"),
      Part(
        name: "CERTIFICATES", hundredths: certificates, mostHundredths: 2_000,
        chinese: "持证\(held.count)/\(facts.required.count)"
          + (missing.isEmpty ? "" : "，缺：\(missing.joined(separator: "、"))"),
        english: "certificates \(held.count) of \(facts.required.count)"
          + (missing.isEmpty ? "" : ", missing: \(missing.joined(separator: ", "))")),
      Part(
        name: "SERVICE", hundredths: 400 * years, mostHundredths: 2_000,
        chinese: "工作\(facts.qualification.serviceYears)年（最多计5年）",
        english: "\(facts.qualification.serviceYears) years of service (5 count at most)"),
      Part(
        name: "LOCALITY", hundredths: facts.isLocal ? 2_000 : 0, mostHundredths: 2_000,
        chinese: facts.isLocal ? "本地人员" : "非本地人员", english: facts.isLocal ? "local" : "not local"),
    ]
  }

  /// Best first: points, then who is ready first, then the older entry.
  package static func order(_ ranked: [(member: GridMember, rank: ReserveRank)]) -> [(
    member: GridMember, rank: ReserveRank
  )] {
    ranked.sorted { left, right in
      if left.rank.hundredths != right.rank.hundredths { return left.rank.hundredths > right.rank.hundredths }
      let (first, second) = (left.member.readyDay, right.member.readyDay)
      return first == second ? left.member.id < right.member.id : first < second
    }
  }
}

extension GridMember {
  fileprivate var readyDay: Int { qualification?.readyFrom?.dayNumber ?? Int.min }
}
