import Access
package import CareVisitDomain
package import Kernel
package import Persistence

/// Looks and alerts as rows.
package struct RevealStore: Sendable {
  /// How often somebody looked, and at how many people.
  package struct Count: Hashable, Sendable {
    package let personID: String
    package let reveals: Int
    package let enrolments: Int
  }

  private let county: AreaCode

  package init(county: AreaCode) { self.county = county }

  /// Every look at one enrolment, oldest first.
  package func list(of enrolment: Enrolment.ID, in reading: some Reading) throws -> [Reveal] {
    try reading.all(Self.list, [.text(county.text), .id(enrolment)]) { row in
      Reveal(
        id: row.id(0), enrolmentID: row.id(1), personID: row.text(2), role: row.named(3, or: Role.system),
        time: row.time(4))
    }
  }

  /// `seq` is the journal's line of the look.
  package func save(_ reveal: Reveal, seq: Int64, in transaction: WriteTransaction) throws {
    try transaction.run(
      Self.insert,
      [
        .text(county.text), .id(reveal.id), .integer(seq), .id(reveal.enrolmentID), .text(reveal.personID),
        .text(reveal.role.rawValue), .time(reveal.time),
      ])
  }

  /// How often somebody looked on a day.
  package func count(by person: String, on day: CivilDate, in reading: some Reading) throws -> Int {
    try reading.first(
      Self.countOfPerson,
      [.text(county.text), .text(person), .time(day.instant()), .time((day + 1).instant())]
    ) { $0.int(0) } ?? 0
  }

  /// Who looked how often from `start` until before `end`.
  package func counts(from start: CivilDate, until end: CivilDate, in reading: some Reading) throws -> [Count] {
    try reading.all(Self.counts, [.text(county.text), .time(start.instant()), .time(end.instant())]) { row in
      Count(personID: row.text(0), reveals: row.int(1), enrolments: row.int(2))
    }
  }

  package func loadAlert(_ id: RevealAlert.ID, in reading: some Reading) throws -> RevealAlert? {
    try reading.first(Self.loadAlert, [.text(county.text), .id(id)], Self.alert)
  }

  /// Whether there is an alert about somebody's day.
  package func hasAlert(about person: String, on day: CivilDate, in reading: some Reading) throws -> Bool {
    try reading.exists(Self.alertOfDay, [.text(county.text), .text(person), .date(day)])
  }

  /// At most `limit` alerts after an id, in order.
  package func listAlerts(after id: String, limit: Int, in reading: some Reading) throws -> [RevealAlert] {
    try reading.all(Self.listAlerts, [.text(county.text), .text(id), .integer(limit)], Self.alert)
  }

  package func save(_ alert: RevealAlert, in transaction: WriteTransaction) throws {
    try transaction.run(
      Self.saveAlert,
      [
        .text(county.text), .id(alert.id), .text(alert.personID), .date(alert.date), .time(alert.raiseTime),
        .optionalTime(alert.acknowledgeTime), .text(alert.acknowledgerID), .integer(alert.version),
      ])
  }

  private static func alert(_ row: borrowing Row) -> RevealAlert {
    RevealAlert(
      id: row.id(0), personID: row.text(1), date: row.date(2), raiseTime: row.time(3),
      acknowledgeTime: row.optionalTime(4), acknowledgerID: row.text(5), version: row.int(6))
  }
}

extension RevealStore {
  private static let list = Statement(
    "reveal.list",
    """
    SELECT reveal_id, enrolment_id, person_id, role, reveal_time
    FROM reveals WHERE county_code = $1 AND enrolment_id = $2 ORDER BY seq
    """)
  private static let insert = Statement(
    "reveal.insert",
    """
    INSERT INTO reveals (county_code, reveal_id, seq, enrolment_id, person_id, role, reveal_time)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    """)
  private static let countOfPerson = Statement(
    "reveal.count_of_person",
    """
    SELECT count(*) FROM reveals WHERE county_code = $1 AND person_id = $2 AND reveal_time >= $3 AND reveal_time < $4
    """)
  private static let counts = Statement(
    "reveal.counts",
    """
    SELECT person_id, count(*), count(DISTINCT enrolment_id) FROM reveals
    WHERE county_code = $1 AND reveal_time >= $2 AND reveal_time < $3 GROUP BY person_id ORDER BY person_id
    """)
  private static let loadAlert = Statement(
    "reveal_alert.load",
    """
    SELECT alert_id, person_id, reveal_date, raise_time, acknowledge_time, acknowledger_person_id, version
    FROM reveal_alerts WHERE county_code = $1 AND alert_id = $2
    """)
  private static let alertOfDay = Statement(
    "reveal_alert.of_day",
    "SELECT alert_id FROM reveal_alerts WHERE county_code = $1 AND person_id = $2 AND reveal_date = $3")
  private static let listAlerts = Statement(
    "reveal_alert.list",
    """
    SELECT alert_id, person_id, reveal_date, raise_time, acknowledge_time, acknowledger_person_id, version
    FROM reveal_alerts WHERE county_code = $1 AND alert_id > $2 ORDER BY alert_id LIMIT $3
    """)
  private static let saveAlert = Statement(
    "reveal_alert.save",
    """
    INSERT INTO reveal_alerts (
      county_code, alert_id, person_id, reveal_date, raise_time, acknowledge_time, acknowledger_person_id, version
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (county_code, alert_id) DO UPDATE SET
      acknowledge_time = excluded.acknowledge_time, acknowledger_person_id = excluded.acknowledger_person_id,
      version = excluded.version
    """)

  static let statements = [list, insert, countOfPerson, counts, loadAlert, alertOfDay, listAlerts, saveAlert]
}
