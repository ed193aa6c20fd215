/// What is measured (D§2.5.2). The raw value is the code that the county's tables use.
package enum Indicator: String, Hashable, Sendable, CaseIterable {
  case closingRate = "K01"
  case onTimeClosingRate = "K03"
  case firstLevelRate = "K04"
  case proactiveRate = "K06"
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
    /// For so many days after its period a value may still change; 0: never.
    package let provisionalDays: Int
    package let subjects: [SubjectClass]
  }

  /// Below this n a value is shown, but not ranked.
  package static let minimumCount = 10

  package var definition: Definition {
    switch self {
    case .closingRate:
      Definition("办结率", "closing rate", "CLOSED ÷ V", [.county, .township, .grid])
    case .onTimeClosingRate:
      Definition(
        "按时办结率", "on-time closing rate", "closed within the case clock ÷ (closed + open overdue)",
        [.county, .township, .grid])
    case .firstLevelRate:
      Definition(
        "首级化解率", "first-level resolution rate",
        "closed at the first accepting level, not reopened within 90 days ÷ closed", [.county, .township, .grid],
        provisionalDays: CaseRecord.reopeningDays)
    case .proactiveRate:
      Definition(
        "主动发现率", "proactive discovery rate", "discovered on patrol or in a round ÷ V", [.county, .township, .grid])
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
        "办理时长", "handling time", "median and P90 of calendar time from report to closing",
        [.county, .township, .grid], .duration, isLowerBetter: true)
    }
  }

  /// The indicators of a class, in the order of their codes; handling time stands beside them.
  package static func of(_ subjectClass: SubjectClass) -> [Indicator] {
    allCases.filter { $0 != .handlingTime && $0.definition.subjects.contains(subjectClass) }
  }

  /// Whether it counts cases; else calls.
  package var countsCases: Bool {
    switch self {
    case .closingRate, .onTimeClosingRate, .firstLevelRate, .proactiveRate, .handlingTime: true
    case .responseRate, .solutionRate, .responseTime, .overCallRate: false
    }
  }
}

extension Indicator.Definition {
  fileprivate init(
    _ chinese: String, _ english: String, _ formula: String, _ subjects: [SubjectClass],
    _ measure: Indicator.Measure = .ratio, isLowerBetter: Bool = false, provisionalDays: Int = 0
  ) {
    self.init(
      chinese: chinese, english: english, formula: formula, measure: measure, isLowerBetter: isLowerBetter,
      provisionalDays: provisionalDays, subjects: subjects)
  }
}

/// Kinds of those who are measured.
package enum SubjectClass: String, Hashable, Sendable, CaseIterable {
  case county = "COUNTY"
  case township = "TOWNSHIP"
  case department = "DEPARTMENT"
  case grid = "GRID"
}

/// Who is measured.
package enum Subject: Hashable, Sendable {
  case county
  /// By its twelve-digit code.
  case township(String)
  /// By its organisation's id.
  case department(String)
  /// By its id; of cases, where they lie.
  case grid(String)

  package var subjectClass: SubjectClass {
    switch self {
    case .county: .county
    case .township: .township
    case .department: .department
    case .grid: .grid
    }
  }

  /// The code or id; empty for the county.
  package var id: String {
    switch self {
    case .county: ""
    case .township(let code): code
    case .department(let id), .grid(let id): id
    }
  }

  func concerns(_ record: CaseRecord) -> Bool {
    switch self {
    case .county: true
    case .township(let own): own == record.townshipCode
    case .grid(let own): own == record.gridID
    case .department: false
    }
  }

  func isTownship(_ code: String) -> Bool {
    switch self {
    case .county: true
    case .township(let own): own == code
    case .department, .grid: false
    }
  }

  func isDepartment(_ orgID: String) -> Bool {
    switch self {
    case .county: true
    case .township, .grid: false
    case .department(let own): own == orgID
    }
  }
}
