import CareVisitContract
import Journal
import Testing
import Wire

/// The register as its journal tells it.
struct Fold {
  var programmes: [String: CareVisitV1.Programme] = [:]
  var enrolments: [String: CareVisitV1.Enrolment] = [:]
  var visits: [String: [CareVisitV1.Visit]] = [:]
  var reveals: [String: [CareVisitV1.Reveal]] = [:]
  var rights: [String: CareVisitV1.RightRequest] = [:]
  var alerts: [String: CareVisitV1.RevealAlert] = [:]

  mutating func apply(_ line: JournalEntry) throws {
    let id = line.aggregateID
    switch (line.aggregateType, line.eventType) {
    case ("programme", _):
      programmes[id] = try CareVisitV1.ProgrammeEvent(decoding: line.payload).programme
    case ("enrolment", "enrolment.visited"):
      let event = try CareVisitV1.VisitEvent(decoding: line.payload)
      visits[id, default: []].append(try #require(event.visit))
      enrolments[id] = event.enrolment
    case ("enrolment", "enrolment.revealed"):
      reveals[id, default: []].append(try #require(try CareVisitV1.RevealEvent(decoding: line.payload).reveal))
    case ("enrolment", _):
      enrolments[id] = try CareVisitV1.EnrolmentEvent(decoding: line.payload).enrolment
    case ("right_request", _):
      rights[id] = try CareVisitV1.RightEvent(decoding: line.payload).rightRequest
    case ("reveal_alert", _):
      alerts[id] = try CareVisitV1.AlertEvent(decoding: line.payload).alert
    default: Issue.record("a line of \(line.aggregateType)")
    }
  }
}
