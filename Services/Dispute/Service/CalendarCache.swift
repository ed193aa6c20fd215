import DisputeStore
import Persistence
import Synchronization
import WorkClock

/// The work calendar as last heard, read again only when another one was heard.
final class CalendarCache: Sendable {
  private let directory: DirectoryStore
  private let known = Mutex<(revision: Int, calendar: WorkCalendar)>((0, .unannounced))

  init(_ directory: DirectoryStore) { self.directory = directory }

  func calendar(in reading: some Reading) throws -> WorkCalendar {
    let revision = try directory.calendarRevision(in: reading)
    if let calendar = known.withLock({ $0.revision == revision ? $0.calendar : nil }) { return calendar }
    let calendar = try directory.calendar(in: reading)
    known.withLock { $0 = (revision, calendar) }
    return calendar
  }
}
