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

// MARK: - Screening and merging

extension Reason {
  static let rejectGroundMissing = Reason(
    "REJECT_GROUND_MISSING", zh: "不予受理须选择理由。", en: "A rejection needs its ground: not a matter, or no jurisdiction.",
    field: "ground")
  static let reporterNotTold = Reason(
    "REPORTER_NOT_TOLD", zh: "不予受理须告知反映人及其异议权。", en: "The reporter must be told, and of the right to object.",
    field: "reporter_told")
  static let alreadyReconsidered = Reason(
    "ALREADY_RECONSIDERED", zh: "异议只能复核一次。", en: "An objection is reconsidered once only.")
  static let samePerson = Reason(
    "SAME_PERSON", zh: "复核须由另一人作出。", en: "Another person than who rejected it must decide.")
  static let windowClosed = Reason("WINDOW_CLOSED", zh: "已超过规定期限。", en: "The time for this is over.")
  package static let survivorMissing = Reason(
    "SURVIVOR_MISSING", zh: "没有可并入的案件。", en: "There is no such case to merge into.", field: "survivor_case_id")
  static let survivorIsSelf = Reason(
    "SURVIVOR_IS_SELF", zh: "不能并入自身。", en: "A case cannot be merged into itself.", field: "survivor_case_id")
  static let survivorIsMerged = Reason(
    "SURVIVOR_IS_MERGED", zh: "该案件已并入其他案件，请并入其最终案件。", en: "That case was merged itself; merge into its survivor.",
    field: "survivor_case_id")
  static let survivorEnded = Reason(
    "SURVIVOR_ENDED", zh: "该案件已终止、撤回或不予受理。", en: "That case was ended, withdrawn or rejected.",
    field: "survivor_case_id")
  static let alreadyLocated = Reason("ALREADY_LOCATED", zh: "案件已定位到网格。", en: "The case has its grid already.")
  static let nothingChanged = Reason("NOTHING_CHANGED", zh: "没有任何变化。", en: "Nothing would change.")
  package static let notAnIndustryRoom = Reason(
    "NOT_AN_INDUSTRY_ROOM", zh: "该机构不是行业调解室。", en: "That organisation is no industry's mediation room.",
    field: "industry_room_org_id")
  static let responsiblePhoneMissing = Reason(
    "RESPONSIBLE_PHONE_MISSING", zh: "责任人须有联系电话。", en: "The responsible person needs a telephone number.")
}

// MARK: - Resting, analysing, handling together

extension Reason {
  static let adjournReasonMissing = Reason(
    "ADJOURN_REASON_MISSING", zh: "中止调解须选择原因。", en: "An adjournment needs its reason.", field: "reason")
  static let resumeTimeWrong = Reason(
    "RESUME_TIME_WRONG", zh: "须填写晚于现在的恢复时间。", en: "The time to resume must be given and lie ahead.",
    field: "resume_time")
  static let attendantsMissing = Reason(
    "ATTENDANTS_MISSING", zh: "请填写研判参加人员。", en: "Say who attended the analysis.", field: "attendant_person_ids")
  static let routeMissing = Reason(
    "ROUTE_MISSING", zh: "请选择处置途径。", en: "Say which route was chosen.", field: "route")
  static let notFromBelow = Reason(
    "NOT_FROM_BELOW", zh: "本案不是由下级单位上报的。", en: "No organisation below has sent this case up.")
  static let noIndustryRoom = Reason(
    "NO_INDUSTRY_ROOM", zh: "没有对应的行业调解室。", en: "There is no industry's room for this case.")
  static let industryTriedAlready = Reason(
    "INDUSTRY_TRIED_ALREADY", zh: "行业调解室已调解过。", en: "The industry's room has tried already.")
  static let industryNotTried = Reason(
    "INDUSTRY_NOT_TRIED", zh: "行业矛盾须先由行业调解组织调解。", en: "The industry's room has to try first.")
  static let planMissing = Reason(
    "PLAN_MISSING", zh: "联合化解须先有具体措施。", en: "Joint handling needs a plan with open measures first.")
  static let noDepartmentAccepted = Reason(
    "NO_DEPARTMENT_ACCEPTED", zh: "尚无其他部门同意参与。", en: "No other department has agreed to take part.")
  static let responsiblePersonNotOne = Reason(
    "RESPONSIBLE_PERSON_NOT_ONE", zh: "联合化解须明确且只能明确一名责任人。", en: "Joint handling needs exactly one responsible person.")
  static let measureIncomplete = Reason(
    "MEASURE_INCOMPLETE", zh: "每项措施须有内容、责任单位和期限。", en: "Every measure needs a text, an owner and a due time.",
    field: "measures")
  static let departmentMissing = Reason(
    "DEPARTMENT_MISSING", zh: "请填写邀请的部门。", en: "Say which department is asked.", field: "org_id")
  static let askMissing = Reason("ASK_MISSING", zh: "请写明请其协助的事项。", en: "Say what is asked of it.", field: "ask")
  static let departmentInvitedAlready = Reason(
    "DEPARTMENT_INVITED_ALREADY", zh: "该部门已在邀请之列，或为主办单位。",
    en: "That department was asked already, or handles the case.",
    field: "org_id")
  static let noSuchInvitation = Reason(
    "NO_SUCH_INVITATION", zh: "没有发给本单位的这份邀请。", en: "Your organisation has no such invitation.",
    field: "invitation_number")
  static let invitationAnswered = Reason(
    "INVITATION_ANSWERED", zh: "该邀请已答复。", en: "The invitation was answered already.", field: "invitation_number")
  static let basisMissing = Reason(
    "BASIS_MISSING", zh: "拒绝参与须写明依据。", en: "A refusal needs its basis.", field: "basis")
  static let noSuchMeasure = Reason(
    "NO_SUCH_MEASURE", zh: "没有这项措施。", en: "There is no such measure.", field: "measure_number")
  static let measureNotYours = Reason(
    "MEASURE_NOT_YOURS", zh: "该措施不由本单位负责。", en: "The measure belongs to another organisation.", field: "measure_number")
  static let measureEnded = Reason(
    "MEASURE_ENDED", zh: "该措施已完成或取消。", en: "The measure is done or dropped already.", field: "measure_number")
  static let measureStateMissing = Reason(
    "MEASURE_STATE_MISSING", zh: "请选择已完成或取消。", en: "Say whether it is done or dropped.", field: "state")
  static let measuresOpen = Reason(
    "MEASURES_OPEN", zh: "尚有未完成的措施。", en: "Some measures are neither done nor dropped.")
  static let noGroundToReanalyse = Reason(
    "NO_GROUND_TO_REANALYSE", zh: "须有措施取消或部门拒绝参与。",
    en: "Analysing anew needs a dropped measure or a department that refused.")
  static let secondSignatureMissing = Reason(
    "SECOND_SIGNATURE_MISSING", zh: "须由镇街领导会签。", en: "The township's leader has to sign first.")
  static let signedAlready = Reason("SIGNED_ALREADY", zh: "已会签。", en: "It was signed already.")
  static let assistTextMissing = Reason(
    "ASSIST_TEXT_MISSING", zh: "请写明协助情况。", en: "Say what was done to help.", field: "assist_text")
}

// MARK: - The agreement, and after the closing

extension Reason {
  static let agreementIncomplete = Reason(
    "AGREEMENT_INCOMPLETE", zh: "书面调解协议内容不完整。", en: "The written agreement lacks required content.", field: "content")
  static let reopenSourceMissing = Reason(
    "REOPEN_SOURCE_MISSING", zh: "请选择当事人要求或回访发现。", en: "Say whether a party or a follow-up visit asks for it.",
    field: "source")
  static let notSecondReopening = Reason(
    "NOT_SECOND_REOPENING", zh: "第二次重新办理的才上报上一级。", en: "Only from the second reopening on it goes one level up.")
  static let visitInFuture = Reason(
    "VISIT_IN_FUTURE", zh: "回访时间不能晚于现在。", en: "A visit cannot lie in the future.", field: "visit_time")
  static let satisfactionMissing = Reason(
    "SATISFACTION_MISSING", zh: "请选择满意度。", en: "Say how satisfied the applicant is.", field: "satisfaction")
  static let noAgreement = Reason("NO_AGREEMENT", zh: "没有调解协议。", en: "There is no agreement.")
  static let confirmationMissing = Reason(
    "CONFIRMATION_MISSING", zh: "请选择司法确认情况。", en: "Say what the court was asked or has said.", field: "confirmation")
  static let confirmationOutOfOrder = Reason(
    "CONFIRMATION_OUT_OF_ORDER", zh: "须先申请，后确认或不予确认。", en: "First applied for, then confirmed or refused.",
    field: "confirmation")
}
