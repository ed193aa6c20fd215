import GridRegistryStore
import GridRegistryContract
import GridRegistryDomain
import Kernel
import Wire

extension Registrar {
  /// Enters a year or replaces it. `changedDays`: how many days are of another kind than before.
  func enter(_ facts: CalendarYear.Facts) throws -> (entry: Entry<CalendarYear>, changedDays: Int) {
    let years = try registry.calendars.list(in: tx)
    let before = years.first { $0.year == facts.year }
    let events = try CalendarYear.decide(importing: facts, over: before, beside: years)
    var year = before ?? .unannounced(facts.year)
    let old = year
    for case .imported(let imported) in events {
      year = imported
      try registry.calendars.save(year, in: tx)
      let payload = GridRegistryV1.CalendarEvent(.imported(year)).encoded()
      try record("calendar.imported", "calendar", String(year.year), year.version, payload)
    }
    return (Entry(record: year, isChanged: !events.isEmpty), year.changedDays(from: old))
  }
}
