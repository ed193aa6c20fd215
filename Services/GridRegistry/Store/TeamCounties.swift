package import Kernel
package import Persistence

/// The counties that have a team: timers ask for each.
package enum TeamCounties {
  /// Every county that has members, vacancies or certificates.
  package static func list(in reading: some Reading) throws -> [AreaCode] {
    var found: Set<String> = []
    for statement in [MemberQueries.counties, VacancyQueries.counties, TrainingQueries.counties] {
      var last = ""
      while let next = try reading.first(statement, [.text(last)], { $0.text(0) }) {
        found.insert(next)
        last = next
      }
    }
    return found.sorted().compactMap { AreaCode($0) }
  }
}
