/// What an event is called on a journey, for people.
enum JourneyWords {
  /// An event type that has no words of its own is shown as it is.
  static func of(_ eventType: String) -> (chinese: String, english: String) {
    table[eventType] ?? (eventType, eventType)
  }

  /// A verdict of the responsibility list in Chinese.
  static func verdict(_ word: String) -> String {
    switch word {
    case "SELF": "乡镇自行解决"
    case "AGENCY": "派驻机构协调"
    case "CALL": "可呼叫县级部门"
    case "OFF_LIST": "清单外"
    case "AMBIGUOUS": "归属不明，需人工选择"
    default: word
    }
  }

  // swift-format-ignore
  private static let table: [String: (chinese: String, english: String)] = [
    "case.reported":            ("上报", "reported"),
    "case.self_handled":        ("网格员自行处理", "the grid member handles it"),
    "case.accepted":            ("受理", "accepted"),
    "case.started":             ("开始办理", "handling began"),
    "attempt.recorded":         ("记录调处情况", "an attempt was recorded"),
    "escalation.submitted":     ("逐级上报", "sent one level up"),
    "case.raised":              ("紧急上报", "raised at once"),
    "escalation.received":      ("上级签收", "received by the upper level"),
    "escalation.returned":      ("退回下级", "returned to the level below"),
    "escalation.retracted":     ("撤回上报", "escalation retracted"),
    "case.analysed":            ("分析研判", "analysed"),
    "case.determined":          ("记录职责判定", "the determination was recorded"),
    "case.routed_here":         ("本级办理", "to be handled at this level"),
    "case.agency_awaited":      ("交派驻机构协调", "waits for the dispatched agency"),
    "case.call_awaited":        ("转入乡呼县应", "waits for the call to the county"),
    "case.linked":              ("收到关联办理情况", "heard of a call or task that names it"),
    "case.call_solved":         ("呼叫事项已解决", "solved by the call"),
    "case.agency_done":         ("派驻机构已办结", "done by the agency"),
    "case.settled":             ("已化解", "settled"),
    "case.call_came_back":      ("呼叫未解决，重新研判", "the call did not solve it"),
    "case.agency_failed":       ("派驻机构未能解决", "the agency could not"),
    "case.fell_back":           ("恢复办理", "handling resumed"),
    "case.rejected":            ("不予受理", "not taken in"),
    "case.reconsidered":        ("复核后受理", "taken in after all"),
    "case.merged":              ("并案", "merged"),
    "case.unmerged":            ("撤销并案", "parted again"),
    "case.located":             ("定位到网格", "its grid was found"),
    "case.classified":          ("重新分类", "classified anew"),
    "case.flagged":             ("调整标记", "flags were set"),
    "case.assigned":            ("更换责任人", "another person is responsible"),
    "case.suspended":           ("中止调解", "the mediation rests"),
    "case.resumed":             ("恢复调解", "the mediation goes on"),
    "analysis.recorded":        ("记录研判", "the analysis was recorded"),
    "case.returned_down":       ("退回下级办理", "given back to the level below"),
    "case.routed_industry":     ("转行业调解", "to the industry's room"),
    "case.joint_started":       ("联合化解", "joint handling began"),
    "case.reanalysed":          ("重新研判", "analysed anew"),
    "plan.created":             ("制定化解方案", "a plan was made"),
    "measure.done":             ("措施完成", "a measure is done"),
    "measure.dropped":          ("措施取消", "a measure was dropped"),
    "department.invited":       ("邀请部门参与", "a department was asked"),
    "department.answered":      ("部门答复", "the department answered"),
    "assist.done":              ("协助办理", "help was given"),
    "case.signed":              ("镇街领导会签", "the township's leader signed"),
    "case.reopened":            ("重新办理", "reopened"),
    "followup.recorded":        ("回访", "a follow-up visit"),
    "satisfaction.recorded":    ("满意度评价", "satisfaction was recorded"),
    "agreement.confirmed":      ("司法确认", "the court on the agreement"),
    "case.closed":              ("登记结案", "closed and registered"),
    "case.withdrawn":           ("撤回", "withdrawn"),
    "case.terminated":          ("终止，引导依法解决", "ended, guided to the law"),
    "case.clocks_rederived":    ("时限重新推算", "due times derived anew"),
    "clock.yellow":             ("黄牌预警", "yellow warning: most of the time is used up"),
    "clock.red":                ("红牌预警", "red warning: the time is over"),
    "clock.red3":               ("严重超期预警", "long overdue"),
    "coordination.requested":   ("请派驻机构协调", "the agency was asked"),
    "coordination.accepted":    ("派驻机构接受", "the agency accepted"),
    "coordination.done":        ("派驻机构办结", "the agency is done"),
    "coordination.unable":      ("派驻机构无法解决", "the agency is unable"),
    "coordination.overdue":     ("派驻机构逾期未办", "the agency's time is over"),
    "call.drafted":             ("起草呼叫", "call drafted"),
    "call.amended":             ("修改呼叫", "call amended"),
    "call.submitted":           ("提交呼叫", "call submitted"),
    "call.admitted":            ("呼叫准入", "call admitted"),
    "call.refused":             ("呼叫不予准入", "call not admitted"),
    "call.review_awaited":      ("等待呼应办审核", "waits for the call office's review"),
    "call.reviewed":            ("呼应办审核", "reviewed by the call office"),
    "call.dispatched":          ("派单至县直部门", "dispatched to the department"),
    "call.signed":              ("部门签收", "signed for by the department"),
    "call.responded":           ("部门响应", "the department responded"),
    "call.done_reported":       ("部门报告办结", "the department reports it done"),
    "call.assist_done":         ("配合部门办结", "an assisting department is done"),
    "call.assist_released":     ("免除配合部门", "an assisting department was released"),
    "call.verified":            ("乡镇核验", "verified by the township"),
    "call.closed":              ("呼叫办结", "call closed"),
    "call.cancel_asked":        ("申请撤销呼叫", "cancellation asked"),
    "call.cancelled":           ("呼叫撤销", "call cancelled"),
  ]
}
