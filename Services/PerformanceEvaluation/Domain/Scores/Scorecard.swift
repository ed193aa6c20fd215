package import Kernel

/// Which facts count. Filters by the report of a case and the first submission of a call.
package struct Scope: Hashable, Sendable {
  /// Overdue is judged at this instant.
  package var asOfTime: Timestamp
  package var fromTime: Timestamp?
  package var toTime: Timestamp?
  /// Empty: everything.
  package var importSource = ""

  package init(
    asOfTime: Timestamp, fromTime: Timestamp? = nil, toTime: Timestamp? = nil, importSource: String = ""
  ) {
    self.asOfTime = asOfTime
    self.fromTime = fromTime
    self.toTime = toTime
    self.importSource = importSource
  }

  /// Whether the case was reported in the window and came in as asked.
  package func includes(_ record: CaseRecord) -> Bool {
    includes(record.reportTime) && (importSource.isEmpty || importSource == record.importSource)
  }

  /// Whether the call was submitted in the window and came in as asked.
  package func includes(_ record: CallRecord) -> Bool {
    guard let time = record.submitTime else { return false }
    return includes(time) && (importSource.isEmpty || importSource == record.importSource)
  }

  /// Whether what is yet to happen may change `indicator`'s value of this period: until the end of its last provisional day.
  package func isProvisional(_ indicator: Indicator) -> Bool {
    let days = indicator.definition.provisionalDays
    guard days > 0 else { return false }
    guard let toTime, toTime <= asOfTime else { return true }
    return CivilDate(asOfTime) - CivilDate(toTime - Interval(microseconds: 1)) <= days
  }

  private func includes(_ time: Timestamp) -> Bool {
    (fromTime.map { time >= $0 } ?? true) && (toTime.map { time < $0 } ?? true)
  }
}

/// The records that a score is made of, each in the order of its id.
package struct Records: Sendable {
  package var cases: [CaseRecord]
  package var calls: [CallRecord]

  package init(cases: [CaseRecord], calls: [CallRecord]) {
    self.cases = cases
    self.calls = calls
  }

  /// Those that `scope` includes.
  package func within(_ scope: Scope) -> Records {
    Records(cases: cases.filter(scope.includes), calls: calls.filter(scope.includes))
  }

  /// What `indicator` counts for `subject`.
  package func value(of indicator: Indicator, for subject: Subject, at now: Timestamp) -> IndicatorValue {
    indicator.countsCases
      ? IndicatorValue(
        indicator, counting: cases.lazy.compactMap { $0.contribution(to: indicator, of: subject, at: now) })
      : IndicatorValue(
        indicator, counting: calls.lazy.flatMap { $0.contributions(to: indicator, of: subject, at: now) })
  }
}

/// What the facts say about one subject.
package struct Scorecard: Hashable, Sendable {
  package let subject: Subject
  package let scope: Scope
  /// Those of the subject's class, in the order of their codes.
  package let values: [IndicatorValue]
  /// Absent for departments.
  package let handling: HandlingSummary?

  /// Computes all of it from `records`, which lie within `scope`.
  package init(of subject: Subject, in records: Records, scope: Scope) {
    self.subject = subject
    self.scope = scope
    values = Indicator.of(subject.subjectClass).map { records.value(of: $0, for: subject, at: scope.asOfTime) }
    handling =
      subject.subjectClass == .department ? nil : HandlingSummary(of: subject, in: records, at: scope.asOfTime)
  }

  package func value(of indicator: Indicator) -> IndicatorValue? { values.first { $0.indicator == indicator } }
}

/// How long cases took, how many of them are closed, and whose matter they were found to be.
package struct HandlingSummary: Hashable, Sendable {
  package let closing: IndicatorValue
  package let handling: IndicatorValue
  /// Every verdict that occurs, with its cases, in the order of `Verdict`.
  package let verdicts: [VerdictCount]

  /// Cases of one verdict.
  package struct VerdictCount: Hashable, Sendable {
    package let verdict: Verdict
    package let count: Int
  }

  /// Of the subject's cases in `records`.
  package init(of subject: Subject, in records: Records, at now: Timestamp) {
    closing = records.value(of: .closingRate, for: subject, at: now)
    handling = records.value(of: .handlingTime, for: subject, at: now)
    var counts: [Verdict: Int] = [:]
    for record in records.cases where record.isInScope && subject.concerns(record) {
      counts[record.verdict, default: 0] += 1
    }
    verdicts = Verdict.allCases.compactMap { verdict in
      counts[verdict].map { VerdictCount(verdict: verdict, count: $0) }
    }
  }
}
