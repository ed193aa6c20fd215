import GridRegistryContract
import GridRegistryDomain
import GridRegistryStore
import Kernel
import RPC
import Runtime
import WireTypes
import WorkClock

/// The work calendar.
struct CalendarHandlers: GridRegistryV1.CalendarService {
  let shell: GridRegistryShell

  func importCalendar(
    _ request: GridRegistryV1.ImportCalendarRequest, context: ServerContext
  ) async throws -> GridRegistryV1.ImportCalendarResponse {
    try await shell.performImport(context) { try $0.importCalendar(request) }
  }

  func getCalendar(
    _ request: GridRegistryV1.GetCalendarRequest, context: ServerContext
  ) async throws -> GridRegistryV1.GetCalendarResponse {
    let wanted = Int(request.year)
    guard CalendarYear.knownYears.contains(wanted) else { throw Refused(.invalidArgument, .yearInvalid.at("year")) }
    let years = try await shell.read(context) { try $0.calendars.list(in: $1) }
    let year = years.first { $0.year == wanted } ?? .unannounced(wanted)
    return .init(calendar: .init(year), confirmedThroughYear: Int32(CalendarYear.confirmedThrough(years)))
  }

  func getCalendarValidity(
    _ request: GridRegistryV1.GetCalendarValidityRequest, context: ServerContext
  ) async throws -> GridRegistryV1.GetCalendarValidityResponse {
    let years = try await shell.read(context) { try $0.calendars.list(in: $1) }
    let confirmed = Set(years.filter(\.isConfirmed).map(\.year))
    let thisYear = CivilDate(shell.commands.time.now()).year
    return .init(
      confirmedThroughYear: Int32(CalendarYear.confirmedThrough(years)),
      missingYears: [thisYear, thisYear + 1].filter { !confirmed.contains($0) }.map { Int32($0) })
  }

  func addTime(
    _ request: GridRegistryV1.AddTimeRequest, context: ServerContext
  ) async throws -> GridRegistryV1.AddTimeResponse {
    guard let start = request.startTime?.kernel else {
      throw Refused(.invalidArgument, .startTimeMissing.at("start_time"))
    }
    let budget = try Budget(request.budget)
    let years = try await shell.read(context) { try $0.calendars.list(in: $1) }
    let (due, isProvisional) = try WorkCalendar(years.map(\.table)).add(budget, to: start)
    return .init(dueTime: .init(due), provisional: isProvisional)
  }
}

extension Reason {
  static let startTimeMissing = Reason("START_TIME_MISSING", zh: "缺少起算时间。", en: "Say when the budget starts.")
  static let budgetUnitMissing = Reason("BUDGET_UNIT_MISSING", zh: "缺少时限单位。", en: "Say what the budget counts.")
}
