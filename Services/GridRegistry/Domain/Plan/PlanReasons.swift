package import Kernel

extension Reason {
  /// No plan of this id.
  package static let planNotFound = Reason("PLAN_NOT_FOUND", zh: "没有此划分方案。", en: "There is no such division plan.")
  /// The id belongs to another plan.
  package static let planIDTaken = Reason("PLAN_ID_TAKEN", zh: "该方案编号已被使用。", en: "The plan's id is taken.")
  /// More than one plan may sensibly say.
  package static let planTooLarge = Reason(
    "PLAN_TOO_LARGE", zh: "一个方案最多500项变更、500项例外、20000个网格与单元，请拆成几个方案。",
    en: "A plan has at most 500 changes, 500 exceptions and 20,000 grids and units; make several.")
  /// A plan without a title.
  package static let planTitleMissing = Reason("PLAN_TITLE_MISSING", zh: "缺少方案名称。", en: "The plan has no title.")
  /// A plan that changes nothing.
  package static let planEmpty = Reason(
    "PLAN_EMPTY", zh: "方案没有任何变更。", en: "The plan changes nothing.", field: "plan.changes")
  /// A change without the parts that its kind needs.
  package static let planChangeInvalid = Reason(
    "PLAN_CHANGE_INVALID",
    zh: "该项变更不完整：新建须有新网格；拆分须有1个原网格和2个以上新网格；合并须有2个以上原网格和1个新网格；调整单元须写明单元和去向；撤销须有1个原网格；转类须有1个原网格和1个新网格；新网格须有单元，且不得重复。",
    en: """
      The change is not complete: CREATE makes grids; SPLIT makes two or more of one; MERGE one of two or more; MOVE_UNITS names \
      units and where they go; RETIRE ends one; RETYPE makes one of one; a new grid has units, each once.
      """)
  /// An exception to no rule, for no grid, or without a reason.
  package static let planExceptionInvalid = Reason(
    "PLAN_EXCEPTION_INVALID", zh: "例外须写明规则（户数或自然村数）、网格编号和理由。",
    en:
      "An exception names its rule (HOUSEHOLDS_OUT_OF_RANGE or NATURAL_VILLAGE_COUNT), the grid's code and the reason.")
  /// Nobody said from when on.
  package static let effectiveDateMissing = Reason(
    "EFFECTIVE_DATE_MISSING", zh: "缺少生效日期。", en: "The plan does not say from which day on it is in effect.",
    field: "plan.effective_date")
  /// A day that is over.
  package static let effectiveDatePassed = Reason(
    "EFFECTIVE_DATE_PASSED", zh: "生效日期已过。", en: "The day of effect has passed.", field: "plan.effective_date")
  /// A day that is not there yet.
  package static let effectiveDateAhead = Reason(
    "EFFECTIVE_DATE_AHEAD", zh: "尚未到生效日期。", en: "The day of effect has not come yet.")
  /// G09.
  package static let unitInNoGrid = Reason("UNIT_IN_NO_GRID", zh: "该单元不属于任何网格。", en: "The unit lies in no grid.")
  /// Something that the plan names is not as the plan takes it to be.
  package static let planDoesNotFit = Reason(
    "PLAN_DOES_NOT_FIT", zh: "方案与现有网格不符。", en: "The plan does not fit the grids as they are.")
  /// The re-check passed: there is nothing to block.
  package static let planStillFits = Reason(
    "PLAN_STILL_FITS", zh: "复核通过，无须中止。", en: "The re-check passes; nothing is to be blocked.")
  /// Four eyes.
  package static let approverIsAuthor = Reason(
    "APPROVER_IS_AUTHOR", zh: "方案起草人不得审批本人的方案。", en: "Who drafted the plan does not approve it.")
  /// Four eyes.
  package static let approverIsSubmitter = Reason(
    "APPROVER_IS_SUBMITTER", zh: "方案提交人不得审批本人的方案。", en: "Who submitted the plan does not approve it.")
  /// A rejection or a late withdrawal says why.
  package static let decisionReasonMissing = Reason(
    "DECISION_REASON_MISSING", zh: "须写明理由。", en: "Say why.")
  /// A plan names a grid that is not in effect.
  package static let gridNotActive = Reason(
    "GRID_NOT_ACTIVE", zh: "该网格不在生效状态。", en: "The grid is not in effect.")
  /// Two changes end one grid, or units go into a grid that the plan ends.
  package static let gridChangedTwice = Reason(
    "GRID_CHANGED_TWICE", zh: "同一网格在方案中被变更了两次，或调入了将被取代的网格。",
    en: "Two changes end this grid, or units go into a grid that the plan ends.")
  /// RETYPE to the type that it has.
  package static let gridTypeUnchanged = Reason(
    "GRID_TYPE_UNCHANGED", zh: "转类后的类别与原类别相同。", en: "The grid has this type already.")
  /// A unit is moved out of a grid that does not have it.
  package static let unitNotInGrid = Reason(
    "UNIT_NOT_IN_GRID", zh: "该单元不在所写的原网格内。", en: "The unit does not lie in the grid that it is moved out of.")
  /// A township's plan reaches into another township.
  package static let changeOutsideTownship = Reason(
    "CHANGE_OUTSIDE_TOWNSHIP", zh: "乡镇的方案不得变更其他乡镇的网格或单元。",
    en: "A township's plan does not reach into another township.")
  /// A member whose grid ends.
  package static let memberWithoutGrid = Reason(
    "MEMBER_WITHOUT_GRID", zh: "该网格员所在网格将被取代或撤销，须另行安排。",
    en: "The member's grid ends with the plan; the member needs another one.")
  /// A retired grid's cases need somebody else.
  package static let gridHasOpenCases = Reason(
    "GRID_HAS_OPEN_CASES", zh: "该网格的网格员仍负责未结事项，须先移交。",
    en: "Members of the grid are still responsible for open cases; hand them over first.")
}
