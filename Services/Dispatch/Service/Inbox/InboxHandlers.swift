import Access
import DispatchContract
import DispatchDomain
import DispatchStore
import Feed
import FeedContract
import Kernel
import Persistence
import RPC
import Runtime
import WireTypes
import WorkClock

/// What our neighbours have told us, in our words.
struct InboxHandlers: DispatchV1.InboxService {
  let shell: DispatchShell
  private let inbox = Inbox()

  init(shell: DispatchShell) { self.shell = shell }

  func getPosition(
    _ request: DispatchV1.GetPositionRequest, context: ServerContext
  ) async throws -> DispatchV1.GetPositionResponse {
    let position = try await shell.commands.read { try inbox.position(of: request.source, in: $0) }
    return .init(position: .init(position))
  }

  func receiveMessages(
    _ request: DispatchV1.ReceiveMessagesRequest, context: ServerContext
  ) async throws -> DispatchV1.ReceiveMessagesResponse {
    let county = try context.actor.countyCode
    let delivery = try await inbox.deliver(
      request.messages, to: shell.commands.database, origin: \.origin
    ) { message, origin, transaction in
      let command = shell.commands.command(
        transaction, as: .system(county: county), at: origin.occurTime, causationID: origin.eventID)
      try Hearing(county: county, transaction: transaction, command: command, policy: shell.policy).take(message)
    }
    return .init(
      appliedCount: Int32(delivery.appliedCount), alreadyAppliedCount: Int32(delivery.alreadyAppliedCount),
      refusal: delivery.refusal.map(FeedV1.DeliveryRefusal.init), position: .init(delivery.position))
  }
}

/// The effect of one message, in the transaction in which its position moves.
private struct Hearing {
  let county: String
  let transaction: WriteTransaction
  let command: CommandTransaction
  let policy: ClockPolicy

  func take(_ message: DispatchV1.Message) throws {
    switch message.content {
    case .organisation(let heard): try OrganisationStore(county: county).save(.init(heard), in: transaction)
    case .calendar(let heard): try take(heard)
    case .caseLinked(let heard): try take(heard)
    case .heartbeat, nil: break
    }
  }

  /// A year whose hours do not fit the others' is refused, before it stops every clock. Clocks that run are derived anew.
  private func take(_ heard: DispatchV1.CalendarHeard) throws {
    let store = CalendarStore(county: county)
    let year = try WorkCalendar.Year(heard)
    let old = try store.load(in: transaction)
    guard old.years[year.year] != year else { return }
    _ = try WorkCalendar(old.years.values.filter { $0.year != year.year } + [year])
    try store.save(year, in: transaction)
    try Desk(command, policy: policy).rederiveClocks(from: old)
  }

  private func take(_ heard: DispatchV1.CaseLinked) throws {
    let store = AwaitingCaseStore(county: county)
    guard heard.awaits == .call || heard.awaits == .agency else {
      return try store.close(heard.caseID, in: transaction)
    }
    let isNamed =
      heard.awaits == .call
      ? try CallStore(county: county).openCallExists(caseID: heard.caseID, in: transaction)
      : try CoordinationTaskStore(county: county).exists(caseID: heard.caseID, in: transaction)
    try store.save(AwaitingCase(heard), isOpen: !isNamed, in: transaction)
  }
}

extension Organisation {
  fileprivate init(_ heard: DispatchV1.OrganisationHeard) {
    self.init(
      id: heard.orgID, name: heard.name, type: heard.orgType, agencyType: heard.agencyType,
      businessParentID: heard.businessParentID, dailyParentID: heard.dailyParentID, areaCodes: heard.areaCodes,
      isEnded: heard.ended)
  }
}

extension AwaitingCase {
  fileprivate init(_ heard: DispatchV1.CaseLinked) {
    self.init(
      caseID: heard.caseID, number: heard.number, awaitsCall: heard.awaits == .call,
      townshipOrgID: heard.townshipOrgID, townshipCode: heard.townshipCode, itemCode: heard.itemCode,
      determinationID: heard.determinationID, awaitTime: heard.awaitTime?.kernel ?? Timestamp(microseconds: 0))
  }
}

extension WorkCalendar.Year {
  /// Refuses a date that is none.
  fileprivate init(_ heard: DispatchV1.CalendarHeard) throws {
    var days: [CivilDate: WorkCalendar.Day] = [:]
    for (texts, kind) in [(heard.restDates, WorkCalendar.Day.rest), (heard.workDates, .work)] {
      for text in texts {
        guard let date = CivilDate(text) else { throw Refused(.invalidArgument, .dateInvalid("calendar")) }
        days[date] = kind
      }
    }
    let hours = heard.officeHours.filter { $0.fromMinute < $0.toMinute }.map { Int($0.fromMinute)..<Int($0.toMinute) }
    self.init(
      year: Int(heard.year), days: days, officeHours: hours.isEmpty ? WorkCalendar.standardHours : hours,
      isConfirmed: heard.confirmed)
  }
}
