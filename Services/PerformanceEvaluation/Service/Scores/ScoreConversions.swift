import Feed
import Kernel
import PerformanceEvaluationContract
import PerformanceEvaluationDomain
import WireTypes

extension PerformanceEvaluationV1.Indicator {
  init(_ indicator: Indicator) {
    let definition = indicator.definition
    self.init(
      indicatorCode: indicator.rawValue, nameZh: definition.chinese, nameEn: definition.english,
      formula: definition.formula, direction: definition.isLowerBetter ? .lowerIsBetter : .higherIsBetter,
      measure: definition.measure == .ratio ? .ratio : .duration, minCount: Int32(Indicator.minimumCount),
      subjectClasses: definition.subjects.map(\.message), provisionalDays: Int32(definition.provisionalDays))
  }
}

extension SubjectClass {
  var message: PerformanceEvaluationV1.Subject.SubjectClass {
    switch self {
    case .county: .county
    case .township: .township
    case .department: .department
    case .grid: .grid
    }
  }
}

extension PerformanceEvaluationV1.Subject {
  init(_ subject: Subject, name: String) {
    self.init(subjectClass: subject.subjectClass.message, subjectID: subject.id, name: name)
  }
}

extension PerformanceEvaluationV1.Scope {
  init(_ scope: Scope) {
    self.init(
      asOfTime: GoogleProtobuf.Timestamp(scope.asOfTime), fromTime: scope.fromTime.map { .init($0) },
      toTime: scope.toTime.map { .init($0) }, importSource: scope.importSource)
  }
}

extension PerformanceEvaluationV1.IndicatorValue {
  init(_ value: IndicatorValue, in scope: Scope) {
    self.init(
      indicatorCode: value.indicator.rawValue, nameZh: value.indicator.definition.chinese,
      nameEn: value.indicator.definition.english, count: Int64(value.count),
      numeratorCount: value.indicator.definition.measure == .ratio ? Int64(value.numerator) : 0, value: value.ratio,
      wilsonLowerBound: value.wilson?.lower, wilsonUpperBound: value.wilson?.upper,
      medianDuration: value.median.map { .init($0) }, p90Duration: value.p90.map { .init($0) },
      rankable: value.isRankable, provisional: scope.isProvisional(value.indicator))
  }
}

extension PerformanceEvaluationV1.Scorecard {
  init(_ card: Scorecard, name: String) {
    self.init(
      subject: .init(card.subject, name: name), scope: .init(card.scope),
      values: card.values.map { .init($0, in: card.scope) },
      handlingTime: card.handling.map { .init($0) })
  }
}

extension PerformanceEvaluationV1.HandlingTime {
  init(_ summary: HandlingSummary) {
    self.init(
      caseCount: Int64(summary.closing.count), closedCount: Int64(summary.closing.numerator),
      closingRate: summary.closing.ratio, medianDuration: summary.handling.median.map { .init($0) },
      p90Duration: summary.handling.p90.map { .init($0) },
      verdictCounts: summary.verdicts.map { .init(verdict: $0.verdict.message, caseCount: Int64($0.count)) })
  }
}

extension PerformanceEvaluationV1.RankedScorecard {
  init(_ line: League.Line, name: String) {
    self.init(
      rank: Int32(line.rank ?? 0), indistinguishableFromPrevious: line.isIndistinguishableFromPrevious,
      scorecard: .init(line.scorecard, name: name))
  }
}

extension PerformanceEvaluationV1.Watermark {
  init(_ position: Inbox.Position) {
    self.init(source: position.source, seq: position.seq, asOfTime: position.asOfTime.map { .init($0) })
  }
}

extension PerformanceEvaluationV1.Evidence {
  init(_ contribution: Contribution, of record: EvidenceRecord) {
    self.init(
      recordKind: record.kind, recordID: record.id, number: record.number,
      part: contribution.isInNumerator ? .numerator : .denominatorOnly, round: Int32(contribution.round),
      measuredDuration: contribution.duration.map { .init($0) }, eventIDs: contribution.eventIDs)
  }
}

/// Which record a contribution is of.
struct EvidenceRecord {
  let kind: PerformanceEvaluationV1.Evidence.RecordKind
  let id: String
  let number: String
}
