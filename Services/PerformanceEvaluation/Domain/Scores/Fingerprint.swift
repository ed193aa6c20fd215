import Kernel

extension Records {
  /// Every score of every subject, bit for bit, in one fixed order, at the time of the last fact: equal facts, equal text.
  package var fingerprint: String {
    let times = cases.lazy.map(\.lastTime).max().map { [$0] } ?? []
    let now = (times + calls.map(\.lastTime)).max() ?? Timestamp(microseconds: 0)
    let scope = Scope(asOfTime: now)
    let records = within(scope)
    let townships = Set(records.cases.map(\.townshipCode) + records.calls.map(\.townshipCode)).sorted()
    let departments = Set(records.calls.flatMap { $0.rounds.map(\.orgID) + [$0.mainOrgID] }).subtracting([""]).sorted()
    let subjects = [.county] + townships.map(Subject.township) + departments.map(Subject.department)
    let grids = Dictionary(grouping: records.cases.filter { !$0.gridID.isEmpty }, by: \.gridID).sorted {
      $0.key < $1.key
    }
    let cards =
      subjects.lazy.map { Scorecard(of: $0, in: records, scope: scope) }.map(\.fingerprint)
      + grids.lazy.map {
        Scorecard(of: .grid($0.key), in: Records(cases: $0.value, calls: []), scope: scope).fingerprint
      }
    return cards.joined(separator: "\n")
  }
}

extension Scorecard {
  fileprivate var fingerprint: String {
    let handling = self.handling.map { [$0.closing.fingerprint, $0.handling.fingerprint] } ?? []
    let verdicts = self.handling?.verdicts.map { "\($0.verdict.rawValue)=\($0.count)" } ?? []
    return (["\(subject.subjectClass.rawValue) \(subject.id)"] + values.map(\.fingerprint) + handling + verdicts)
      .joined(separator: "|")
  }
}

extension IndicatorValue {
  fileprivate var fingerprint: String {
    let numbers = [ratio, wilson?.lower, wilson?.upper].map { $0.map { String($0.bitPattern, radix: 16) } ?? "-" }
    let durations = [median, p90].map { $0.map { String($0.microseconds) } ?? "-" }
    return ([indicator.rawValue, String(count), String(numerator)] + numbers + durations).joined(separator: " ")
  }
}
