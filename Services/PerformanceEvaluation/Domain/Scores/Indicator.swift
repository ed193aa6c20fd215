/// What is measured (D§2.5.2). The raw value is the code that the county's tables use.
package enum Indicator: String, Hashable, Sendable, CaseIterable {
  case closingRate = "K01"
  case onTimeClosingRate = "K03"
  case responseRate = "K09"
  case solutionRate = "K10"
  case responseTime = "K12"
  case overCallRate = "K13"
  case handlingTime = "HANDLING_TIME"

  /// What its number is.
  package enum Measure: Hashable, Sendable { case ratio, duration }

  /// How an indicator is explained to people.
  package struct Definition: Hashable, Sendable {
    package let chinese: String
    package let english: String
    package let formula: String
    package let measure: Measure
    package let isLowerBetter: Bool
    package let subjects: [SubjectClass]
  }

  /// Below this n a value is shown, but not ranked.
  package static let minimumCount = 10

  package var definition: Definition {
    switch self {
    case .closingRate:
      Definition("办结率", "closing rate", "CLOSED ÷ V", [.county, .township])
    case .onTimeClosingRate:
      Definition(
        "按时办结率", "on-time closing rate", "closed within the case clock ÷ (closed + open overdue)", [.county, .township])
    case .responseRate:
      Definition(
        "响应率", "response rate", "responses in time ÷ response clocks that are answered or due", [.county, .department])
    case .solutionRate:
      Definition(
        "解决率", "solution rate", "calls verified SOLVED in the first round ÷ calls verified", [.county, .department])
    case .responseTime:
      Definition(
        "响应时长", "response time", "median and P90 of office time from signing to the first response",
        [.county, .department], .duration, isLowerBetter: true)
    case .overCallRate:
      Definition(
        "越呼率", "over-call rate", "calls refused by N1 or N2, each once ÷ calls submitted; imported calls in neither",
        [.county, .township], isLowerBetter: true)
    case .handlingTime:
      Definition(
        "办理时长", "handling time", "median and P90 of calendar time from report to closing", [.county, .township],
        .duration, isLowerBetter: true)
    }
  }

  /// The indicators of a class, in the order of their codes; handling time stands beside them.
  package static func of(_ subjectClass: SubjectClass) -> [Indicator] {
    allCases.filter { $0 != .handlingTime && $0.definition.subjects.contains(subjectClass) }
  }

  /// Whether it counts cases; else calls.
  package var countsCases: Bool {
    switch self {
    case .closingRate, .onTimeClosingRate, .handlingTime: true
    case .responseRate, .solutionRate, .responseTime, .overCallRate: false
    }
  }
}

extension Indicator.Definition {
  fileprivate init(
    _ chinese: String, _ english: String, _ formula: String, _ subjects: [SubjectClass],
    _ measure: Indicator.Measure = .ratio, isLowerBetter: Bool = false
  ) {
    self.init(
      chinese: chinese, english: english, formula: formula, measure: measure, isLowerBetter: isLowerBetter,
      subjects: subjects)
  }
}

/// Kinds of those who are measured.
package enum SubjectClass: String, Hashable, Sendable, CaseIterable {
  case county = "COUNTY"
  case township = "TOWNSHIP"
  case department = "DEPARTMENT"
}

/// Who is measured.
package enum Subject: Hashable, Sendable {
  case county
  /// By its twelve-digit code.
  case township(String)
  /// By its organisation's id.
  case department(String)

  package var subjectClass: SubjectClass {
    switch self {
    case .county: .county
    case .township: .township
    case .department: .department
    }
  }

  /// The code or id; empty for the county.
  package var id: String {
    switch self {
    case .county: ""
    case .township(let code): code
    case .department(let id): id
    }
  }

  func isTownship(_ code: String) -> Bool {
    switch self {
    case .county: true
    case .township(let own): own == code
    case .department: false
    }
  }

  func isDepartment(_ orgID: String) -> Bool {
    switch self {
    case .county: true
    case .township: false
    case .department(let own): own == orgID
    }
  }
}
