/// A word in the language of the person at the terminal.
enum Say {
  static func of(_ chinese: String, _ english: String) -> String {
    Terminal.language.pick(chinese: chinese, english: english)
  }

  /// What a contract's word is called: URBAN → 城区.
  static func word(_ word: String) -> String {
    guard Terminal.language == .chinese else { return word }
    return chinese[word] ?? word
  }

  private static let chinese: [String: String] = [
    "URBAN": "城区", "RURAL": "农村", "DEDICATED": "专属", "INDUSTRIAL_PARK": "工业园区", "BUSINESS_MARKET": "商圈市场",
    "SCHOOL": "学校", "OTHER": "其他", "PLANNED": "待生效", "ACTIVE": "生效", "CHANGED": "已变更", "RETIRED": "已撤销",
    "DRAFT": "草稿", "SUBMITTED": "已提交", "APPROVED": "已批准", "EFFECTIVE": "已生效", "BLOCKED": "已中止",
    "WITHDRAWN": "已撤回", "CREATE": "新建", "SPLIT": "拆分", "MERGE": "合并", "MOVE_UNITS": "调整单元", "RETIRE": "撤销",
    "RETYPE": "转类", "HOUSEHOLD_BLOCK": "居民片区", "NATURAL_VILLAGE": "自然村", "SITE": "场所", "UNIT": "单元",
    "POINT": "坐标", "UNIT_NAME": "单元名称", "GRID_NAME": "网格名称", "AREA_NAME": "区划名称", "VILLAGE": "村",
    "COMMUNITY": "社区", "GRID": "网格", "COUNTY": "县", "INDUSTRY": "行业", "TOWNSHIP": "乡镇", "IMPORT": "导入", "draft": "起草",
    "edit": "修改",
    "check": "检查", "submit": "提交", "approve": "批准", "reject": "驳回", "withdraw": "撤回", "rework": "重做",
    "SELF": "自行解决", "AGENCY": "派驻机构协调", "CALL": "乡呼县应", "AMBIGUOUS": "不能确定", "OFF_LIST": "清单外",
  ]
}
