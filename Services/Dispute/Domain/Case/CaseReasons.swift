package import Kernel

extension Reason {
  static let kindMissing = Reason(
    "KIND_MISSING", zh: "请选择是矛盾纠纷还是其他事项。", en: "Say whether it is a dispute or another matter.")
  static let titleMissing = Reason("TITLE_MISSING", zh: "请填写标题。", en: "The title is missing.")
  /// Nothing is known of this grid yet, or it takes no cases.
  package static let gridNotHeard = Reason(
    "GRID_NOT_HEARD", zh: "尚未收到该网格及其调解路径的信息。", en: "Nothing has been heard of this grid and its mediation path.")
  /// Nothing is known of this township's organisation yet.
  package static let townshipNotHeard = Reason(
    "TOWNSHIP_NOT_HEARD", zh: "尚未收到该镇街机构的信息。", en: "Nothing has been heard of this township's organisation.")
  static let notGeneral = Reason(
    "NOT_GENERAL", zh: "只有一般矛盾且无群体、信访、紧急、行业标记的，网格员才能自行处理。",
    en:
      "Only a general case without group, petition, emergency or industry flag may be handled by the grid member alone."
  )
  static let responsiblePersonMissing = Reason(
    "RESPONSIBLE_PERSON_MISSING", zh: "必须明确一名责任人。", en: "Exactly one responsible person must be named.")
  static let responsiblePersonElsewhere = Reason(
    "RESPONSIBLE_PERSON_ELSEWHERE", zh: "责任人不是办理单位的人员。",
    en: "The responsible person does not belong to the handling organisation.")
  static let conflictDeclared = Reason(
    "CONFLICT_DECLARED", zh: "调解员须声明与本案无利害关系。",
    en: "The mediators must declare that they have no interest in this case.")
  static let rightsNotTold = Reason(
    "RIGHTS_NOT_TOLD", zh: "调解前须告知当事人权利义务。", en: "The parties must be told their rights first.")
  static let consentMissing = Reason(
    "CONSENT_MISSING", zh: "须记录各方当事人同意调解。", en: "The consent of every party must be recorded.")
  static let resultMissing = Reason("RESULT_MISSING", zh: "请填写本次结果。", en: "The result of the attempt is missing.")
  static let failureReasonMissing = Reason(
    "FAILURE_REASON_MISSING", zh: "未成功的须写明原因。", en: "A failed attempt needs its reason.")
  static let attemptInFuture = Reason(
    "ATTEMPT_IN_FUTURE", zh: "调解时间不能晚于现在。", en: "An attempt cannot lie in the future.")
  static let noSuccessfulAttempt = Reason(
    "NO_SUCCESSFUL_ATTEMPT", zh: "本级没有成功的调解或办理记录。", en: "There is no successful attempt at this level.")
  static let noFailedAttempt = Reason(
    "NO_FAILED_ATTEMPT_AT_LEVEL", zh: "本级没有未成功的调解记录，不能上报。",
    en: "There is no failed attempt at this level; an adjourned one does not count.")
  static let noGroundToHandUp = Reason(
    "NO_GROUND_TO_HAND_UP", zh: "须有未成功的办理记录，或为复杂矛盾，或带有上报标记。",
    en: "Handing up needs a failed attempt, a complex case or a raising flag.")
  static let notNextLevel = Reason(
    "NOT_NEXT_LEVEL", zh: "只能上报到调解路径的下一级。", en: "It may only go to the next level of the mediation path.")
  static let noNextLevel = Reason(
    "NO_NEXT_LEVEL", zh: "调解路径上没有更高一级，请转研判。", en: "The mediation path has no higher level; analyse it instead.")
  static let alreadyAtTownship = Reason(
    "ALREADY_AT_TOWNSHIP", zh: "案件已在镇街一级。", en: "The case is at the township already.")
  static let notUrgent = Reason(
    "NOT_URGENT", zh: "只有紧急，或群体、信访（非行业）的才能直接上报。",
    en: "Only an emergency, or a group or petition outside an industry, may be raised at once.")
  static let senderIsGrid = Reason("SENDER_IS_GRID", zh: "上报人是网格员。", en: "A grid member sent it.")
  static let senderIsOrganisation = Reason("SENDER_IS_ORGANISATION", zh: "上报方是单位。", en: "An organisation sent it.")
  static let returnReasonMissing = Reason(
    "RETURN_REASON_MISSING", zh: "退回须写明缺少的调解或证据。", en: "A return must say which attempt or evidence is missing.")
  static let alreadyReturnedOnce = Reason(
    "ALREADY_RETURNED_ONCE", zh: "每级只能退回一次。", en: "A level's case may be returned once only.")
  static let notAtTownship = Reason("NOT_AT_TOWNSHIP", zh: "案件不在镇街一级。", en: "The case is not at the township.")
  static let noGroundToAnalyse = Reason(
    "NO_GROUND_TO_ANALYSE", zh: "须为事项，或职责交叉，或超出能力。",
    en: "Analysing at once needs a matter, overlapping responsibility or a case beyond the township's capacity.")
  static let determinationMissing = Reason(
    "DETERMINATION_MISSING", zh: "须先记录职责判定。", en: "The determination of responsibility must be recorded first.")
  static let noRequestedTask = Reason(
    "NO_REQUESTED_TASK", zh: "没有针对本案的派驻机构协调任务。", en: "No requested coordination task names this case.")
  static let noSubmittedCall = Reason(
    "NO_SUBMITTED_CALL", zh: "没有针对本案的已提交呼叫。", en: "No submitted call names this case.")
  static let taskNotDone = Reason("TASK_NOT_DONE", zh: "协调任务尚未办结。", en: "The coordination task is not done.")
  static let taskNotFailed = Reason("TASK_NOT_FAILED", zh: "协调任务未失败。", en: "The coordination task has not failed.")
  static let callNotSolved = Reason("CALL_NOT_SOLVED", zh: "呼叫未办结。", en: "The call has not been solved.")
  static let callNotBack = Reason("CALL_NOT_BACK", zh: "呼叫未退回。", en: "The call has not come back.")
  static let settledElsewhere = Reason(
    "SETTLED_ELSEWHERE", zh: "本案不是在该环节办结的。", en: "The case was not settled there.")
  static let reasonMissing = Reason("REASON_MISSING", zh: "请写明原因。", en: "The reason is missing.")
  static let guidanceMissing = Reason(
    "GUIDANCE_MISSING", zh: "须有书面的法律途径告知。", en: "The written guidance to the parties is missing.")
  static let closureIncomplete = Reason("CLOSURE_INCOMPLETE", zh: "办结登记不完整。", en: "The registration is incomplete.")
  static let withdrawalRequestMissing = Reason(
    "WITHDRAWAL_REQUEST_MISSING", zh: "须记录申请人的撤回请求。", en: "The applicant's request must be recorded.")
  static let notWithdrawable = Reason(
    "NOT_WITHDRAWABLE", zh: "群体性或紧急案件受理后不能撤回。", en: "A group or emergency case cannot be withdrawn once accepted.")
}
