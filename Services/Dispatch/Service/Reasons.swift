import Kernel

// Refusals of this service's edge: what is said before a lifecycle is asked.

extension Reason {
  static func missing(_ field: String) -> Reason {
    Reason("FIELD_MISSING", zh: "缺少必填字段 \(field)。", en: "\(field) is required.", field: field)
  }

  static func dateInvalid(_ field: String) -> Reason {
    Reason("DATE_INVALID", zh: "日期须为 yyyy-mm-dd。", en: "A date is yyyy-mm-dd.", field: field)
  }

  static let callUnknown = Reason("CALL_NOT_FOUND", zh: "没有这个呼叫。", en: "There is no such call.")
  static let taskUnknown = Reason("TASK_NOT_FOUND", zh: "没有这个协调任务。", en: "There is no such task.")
  static let townshipUnknown = Reason(
    "TOWNSHIP_UNKNOWN", zh: "机构名录尚未收到该乡镇，请稍后重试。", en: "The directory has not told of this township yet.",
    field: "township_org_id")
  static let pageTokenInvalid = Reason(
    "PAGE_TOKEN_INVALID", zh: "翻页标记无效。", en: "Not a page_token of an earlier answer.", field: "page_token")
  static let filtersTooMany = Reason(
    "FILTERS_TOO_MANY", zh: "筛选条件不能这样组合。", en: "These filters cannot be combined.")

  static func versionConflict(_ version: Int) -> Reason {
    Reason(
      "VERSION_CONFLICT", zh: "数据已被他人修改，请刷新后重试。", en: "It has changed since it was read.", field: "expected_version",
      metadata: ["version": "\(version)"])
  }
}
