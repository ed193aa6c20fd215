package import Kernel

extension Reason {
  /// Nobody is entered under this id.
  package static let memberNotFound = Reason("MEMBER_NOT_FOUND", zh: "没有此网格员。", en: "There is no such member.")
  /// The person is a member already, or a candidate for one.
  package static let memberExists = Reason(
    "MEMBER_EXISTS", zh: "此人已在网格员队伍（或候选、储备）中。", en: "The person is in the team, or waiting for it, already.")
  /// Only who works here may become a member.
  package static let personLeft = Reason("PERSON_LEFT", zh: "此人已离开。", en: "The person has left.")
  /// Communities and villages nominate.
  package static let nominatorTypeMismatch = Reason(
    "NOMINATOR_TYPE_MISMATCH", zh: "网格员由社区或村提名。", en: "Members are nominated by a community or a village.")
  /// The organisation belongs to no township.
  package static let townshipUnknown = Reason(
    "TOWNSHIP_UNKNOWN", zh: "该组织不属于任何乡镇。", en: "The organisation belongs to no township.")
  /// P08: the reserve is ranked by qualification.
  package static let qualificationMissing = Reason(
    "QUALIFICATION_MISSING", zh: "进入储备须填写资格情况（考试成绩、工作年限）。",
    en: "The reserve needs a qualification: exam score and years of service.")
  /// Not 0 to 100, or not 0 to 60.
  package static let qualificationInvalid = Reason(
    "QUALIFICATION_INVALID", zh: "考试成绩应为0至100分，工作年限应为0至60年。",
    en: "An exam score is 0 to 100, years of service are 0 to 60.")
  /// P04.
  package static let certificateMissing = Reason(
    "CERTIFICATE_MISSING", zh: "缺少有效的上岗证书。", en: "A certificate of the minimum competence is missing or has ended.")
  /// The grid is changed or retired.
  package static let gridNotStaffable = Reason(
    "GRID_NOT_STAFFABLE", zh: "该网格已变更或撤销，不能安排人员。", en: "The grid has changed or is retired: it takes no members.")
  /// Neither first nor second.
  package static let postMissing = Reason("POST_MISSING", zh: "须注明主责或协助。", en: "Say whether PRIMARY or DEPUTY.")
  /// I1.
  package static let gridHasPrimary = Reason(
    "GRID_HAS_PRIMARY", zh: "该网格已有主责网格员。", en: "The grid has a primary member already.")
  /// The grid is theirs already.
  package static let alreadyAssigned = Reason(
    "ALREADY_ASSIGNED", zh: "该网格员已负责此网格。", en: "The member answers for this grid already.")
  /// The grid is not theirs.
  package static let notAssigned = Reason(
    "NOT_ASSIGNED", zh: "该网格员不负责此网格。", en: "The member does not answer for this grid.")
  /// Who gives the last grid back leaves or is released.
  package static let lastAssignment = Reason(
    "LAST_ASSIGNMENT", zh: "这是其唯一的网格；如不再负责任何网格，请办理离任或转入储备。",
    en: "It is the member's only grid: record the leave, or release the member.")
  /// No place waits to be filled.
  package static let noVacancy = Reason("NO_VACANCY", zh: "没有空缺岗位。", en: "No place is vacant.")
  /// A release needs grids that are gone.
  package static let gridNotRetired = Reason(
    "GRID_NOT_RETIRED", zh: "其负责的网格尚未撤销。", en: "A grid of the member is not retired.")
  /// Only today or before.
  package static let dateInFuture = Reason("DATE_IN_FUTURE", zh: "日期不能晚于今天。", en: "The date lies in the future.")
  /// A suspension ends.
  package static let endDateMissing = Reason(
    "END_DATE_MISSING", zh: "停职须注明截止日期。", en: "A suspension needs its end date.")
  /// Today is no end.
  package static let endDatePassed = Reason(
    "END_DATE_PASSED", zh: "截止日期应晚于今天。", en: "The end date lies after today.")
  /// No words.
  package static let reasonMissing = Reason("REASON_MISSING", zh: "须说明理由。", en: "Say why.")
  /// Nothing was said.
  package static let statementMissing = Reason("STATEMENT_MISSING", zh: "缺少陈述内容。", en: "The statement is empty.")
  /// P06.
  package static let evaluationMissing = Reason(
    "EVALUATION_MISSING", zh: "须注明考核结果编号。", en: "Name the evaluation.")
  /// The one that led to coaching proves no recovery.
  package static let evaluationNotLater = Reason(
    "EVALUATION_NOT_LATER", zh: "须以帮扶之后的考核为依据。", en: "The evaluation is the one that led to coaching: name a later one."
  )
  /// Below the pass.
  package static let evaluationBelowPass = Reason(
    "EVALUATION_BELOW_PASS", zh: "考核未达到合格分数（60分）。", en: "The evaluation is below the pass.")
  /// P07.
  package static let suggestionMissing = Reason(
    "SUGGESTION_MISSING", zh: "调出须注明考核建议编号。", en: "A move-out names the suggestion that it follows.")
  /// P07: published.
  package static let standardMissing = Reason(
    "STANDARD_MISSING", zh: "调出须注明所依据的公开标准。", en: "A move-out names the published standard.")
  /// P07.
  package static let evidenceMissing = Reason("EVIDENCE_MISSING", zh: "调出须附证据。", en: "A move-out needs evidence.")
  /// P07: the member's five working days.
  package static let statementPeriodRunning = Reason(
    "STATEMENT_PERIOD_RUNNING", zh: "本人陈述期限尚未届满。", en: "The member may still make a statement.")
  /// A right that was not used in time.
  package static let windowClosed = Reason("WINDOW_CLOSED", zh: "期限已过，不能再办理。", en: "The time for this is over.")
  /// Four eyes.
  package static let samePerson = Reason(
    "SAME_PERSON", zh: "提出人不能同时作出决定。", en: "Who proposed it does not decide it.")
  /// Move out or refuse.
  package static let decisionMissing = Reason("DECISION_MISSING", zh: "缺少决定。", en: "Say what is decided.")
  /// An upheld objection.
  package static let objectionMissing = Reason(
    "OBJECTION_MISSING", zh: "须注明成立的申诉编号。", en: "Name the objection that was upheld.")
  /// P07: hand-over before effect.
  package static let openCasesRemain = Reason(
    "OPEN_CASES_REMAIN", zh: "尚有未办结事项，须先移交。", en: "Open cases remain: hand them over first.")
  /// Counts older than an hour prove nothing.
  package static let caseCountsStale = Reason(
    "CASE_COUNTS_STALE", zh: "未办结事项数超过一小时未更新，暂不能确认移交完成。",
    en: "What is known of open cases is older than an hour.")
  /// Nobody to hand over to.
  package static let successorNotFound = Reason(
    "SUCCESSOR_NOT_FOUND", zh: "没有接手的网格员。", en: "There is no such member to hand over to.")
  /// Only an active member takes over.
  package static let successorNotActive = Reason(
    "SUCCESSOR_NOT_ACTIVE", zh: "接手的网格员不在岗。", en: "Who takes over is not active.")
  /// Cases stay in the township.
  package static let successorOutsideTownship = Reason(
    "SUCCESSOR_OUTSIDE_TOWNSHIP", zh: "接手的网格员不在本乡镇。", en: "Who takes over works in another township.")
  /// Not to oneself.
  package static let successorIsSelf = Reason(
    "SUCCESSOR_IS_SELF", zh: "不能移交给本人。", en: "Nobody hands over to themselves.")
  /// MEMBER or LEAD.
  package static let gradeMissing = Reason("GRADE_MISSING", zh: "缺少等级。", en: "Say which grade.")
  /// It is that grade already.
  package static let gradeUnchanged = Reason("GRADE_UNCHANGED", zh: "等级没有变化。", en: "The member has this grade already.")
  /// P06.
  package static let suggestionOrReasonMissing = Reason(
    "SUGGESTION_OR_REASON_MISSING", zh: "调整等级须有考核建议或说明理由。", en: "A grade needs a suggestion or a reason.")
}
