import Kernel
import PerformanceEvaluationContract
import PerformanceEvaluationDomain
import WireTypes

/// Whose numbers are asked, over which facts.
struct Question: Sendable {
  var subject: Subject
  var scope: Scope
  /// Asked for an instant of its own: facts after it do not count.
  var isHistorical: Bool

  /// Refuses with every reason: `SUBJECT_CLASS_MISSING`, `SUBJECT_ID_MISSING`, `TOWNSHIP_CODE_INVALID`, `WINDOW_INVALID`.
  init(
    _ subject: PerformanceEvaluationV1.Subject?, _ scope: PerformanceEvaluationV1.Scope?, at now: Timestamp
  ) throws(Refused) {
    let asked = Subject.asked(subject ?? .init())
    let scope = scope ?? .init()
    var reasons: [Reason] = []
    if case .failure(let refused) = asked { reasons += refused.reasons }
    if let from = scope.fromTime?.kernel, let to = scope.toTime?.kernel, from >= to { reasons.append(.windowInvalid) }
    guard case .success(let known) = asked, reasons.isEmpty else { throw Refused(.invalidArgument, reasons) }
    self.subject = known
    isHistorical = scope.asOfTime != nil
    self.scope = Scope(
      asOfTime: scope.asOfTime?.kernel ?? now, fromTime: scope.fromTime?.kernel, toTime: scope.toTime?.kernel,
      importSource: scope.importSource)
  }
}

extension Subject {
  fileprivate static func asked(_ subject: PerformanceEvaluationV1.Subject) -> Result<Subject, Refused> {
    let id = subject.subjectID
    return switch subject.subjectClass {
    case .county: .success(.county)
    case .township where id.isEmpty: .failure(Refused(.invalidArgument, .subjectIDMissing))
    case .township where AreaCode(id)?.level != .township: .failure(Refused(.invalidArgument, .townshipCodeInvalid))
    case .township: .success(.township(id))
    case .department where id.isEmpty: .failure(Refused(.invalidArgument, .subjectIDMissing))
    case .department: .success(.department(id))
    case .grid where id.isEmpty: .failure(Refused(.invalidArgument, .subjectIDMissing))
    case .grid: .success(.grid(id))
    case .unspecified, .unrecognized: .failure(Refused(.invalidArgument, .subjectClassMissing))
    }
  }
}

extension Indicator {
  /// Refuses `INDICATOR_UNKNOWN`.
  init(code: String) throws(Refused) {
    guard let indicator = Indicator(rawValue: code) else {
      throw Refused(.invalidArgument, .indicatorUnknown.with("indicator_code", code))
    }
    self = indicator
  }
}

extension Reason {
  static let subjectClassMissing = Reason(
    "SUBJECT_CLASS_MISSING", zh: "请说明评价对象的类别（县、乡镇、部门或网格）。",
    en: "Say whose score it is: COUNTY, TOWNSHIP, DEPARTMENT or GRID.",
    field: "subject.subject_class")
  static let rankedClassMissing = Reason(
    "SUBJECT_CLASS_MISSING", zh: "请说明排名对象的类别（乡镇或部门）。", en: "Say who is ranked: TOWNSHIP or DEPARTMENT.",
    field: "subject_class")
  static let subjectIDMissing = Reason(
    "SUBJECT_ID_MISSING", zh: "请说明评价对象。", en: "Say which township, department or grid.", field: "subject.subject_id")
  static let townshipCodeInvalid = Reason(
    "TOWNSHIP_CODE_INVALID", zh: "乡镇代码应为十二位乡级代码。", en: "A township's code is twelve digits of township level.",
    field: "subject.subject_id")
  static let windowInvalid = Reason(
    "WINDOW_INVALID", zh: "起始时间必须早于结束时间。", en: "from_time must be before to_time.", field: "scope.to_time")
  static let subjectNotFound = Reason(
    "SUBJECT_NOT_FOUND", zh: "没有该评价对象。", en: "Nobody of that id is known.", field: "subject.subject_id")
  static let indicatorUnknown = Reason(
    "INDICATOR_UNKNOWN", zh: "没有该指标。", en: "There is no such indicator.", field: "indicator_code")
  static let indicatorNotRankable = Reason(
    "INDICATOR_NOT_RANKABLE", zh: "该指标不能用于此类对象的排名。", en: "This indicator does not rank this class.",
    field: "rank_indicator_code")
  static let pageTokenInvalid = Reason(
    "PAGE_TOKEN_INVALID", zh: "翻页标记无效。", en: "The page token is not one of ours.", field: "page_token")
  static let handlingTimeOfDepartment = Reason(
    "HANDLING_TIME_OF_DEPARTMENT", zh: "办理时长按县、乡镇或网格统计。",
    en: "Handling time is the county's, a township's or a grid's.",
    field: "subject.subject_class")
}
