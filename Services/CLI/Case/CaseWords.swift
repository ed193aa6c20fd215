import DisputeContract
import Foundation
import Kernel
import Wire
import WireTypes

/// What cases are called at the terminal, in two languages, and which word of `huying case` does what the service calls an action.
enum CaseWords {
  static func of(_ state: DisputeV1.Case.State) -> String { pick(states, name(state, "STATE_")) }
  static func of(_ level: DisputeV1.Case.Level) -> String { pick(levels, name(level, "LEVEL_")) }
  static func of(_ flag: DisputeV1.Case.Flag) -> String { pick(flags, name(flag, "FLAG_")) }
  static func of(_ kind: DisputeV1.Case.Kind) -> String { pick(kinds, name(kind, "KIND_")) }

  /// An enum's value without its prefix: `SUCCESS`.
  static func name(_ value: some Wire.Enumeration, _ prefix: String) -> String {
    let name = value.protoName
    return name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
  }

  /// What an action is called, and the words that take it.
  static func action(_ action: String) -> (title: String, words: String) {
    guard let entry = actions[action] else { return (action, "") }
    return (Say.of(entry.chinese, action), entry.words)
  }

  private static func pick(_ table: [String: String], _ word: String) -> String {
    Say.of(table[word] ?? word, word)
  }

  // swift-format-ignore
  private static let states = [
    "REPORTED": "已上报", "SELF_HANDLING": "网格员办理中", "ACCEPTED": "已受理", "MEDIATING": "调解中", "SUSPENDED": "中止",
    "ESCALATING": "上报途中", "ANALYSING": "研判中", "JOINT_HANDLING": "联合化解中", "AWAITING_AGENCY": "待派驻机构",
    "AWAITING_CALL": "待呼叫结果", "SETTLED": "已化解待登记", "CLOSED": "已结案", "WITHDRAWN": "已撤回", "TERMINATED": "已终止",
    "REJECTED": "不予受理", "MERGED": "已并案", "REOPENED": "重新办理",
  ]
  private static let levels = [
    "GRID": "网格", "VILLAGE": "村", "COMMUNITY": "社区", "INDUSTRY": "行业", "TOWNSHIP": "镇街", "COUNTY": "县",
  ]
  private static let flags = [
    "GROUP": "群体", "PETITION": "信访", "EMERGENCY": "紧急", "RESPONSIBILITY_OVERLAP": "职责交叉",
    "BEYOND_CAPACITY": "超出能力", "INDUSTRY": "行业",
  ]
  private static let kinds = ["DISPUTE": "矛盾纠纷", "MATTER": "事项"]

  // swift-format-ignore
  private static let actions: [String: (chinese: String, words: String)] = [
    "accept":                ("受理", "accept C --responsible PERSON"),
    "self-handle":           ("自行办理", "self-handle C"),
    "reject":                ("不予受理", "reject C --ground not-a-matter|no-jurisdiction --told"),
    "reconsider":            ("复核受理", "reconsider C --reason TEXT"),
    "merge":                 ("并案", "merge C --into OTHER"),
    "unmerge":               ("撤销并案", "unmerge C --reason TEXT"),
    "withdraw":              ("撤回", "withdraw C --reason TEXT"),
    "locate":                ("定位网格", "locate C --grid GRID"),
    "start":                 ("开始调解", "start C --rights-told --consent P1 --no-conflict"),
    "record attempt":        ("记录调处", "attempt C --result success|failed|adjourned [--failure TEXT]"),
    "settle":                ("化解", "settle C [--agreement oral|written|on-spot] --text TEXT"),
    "hand up":               ("上交", "hand-up C"),
    "escalate":              ("上报", "escalate C"),
    "urgent raise":          ("紧急上报", "raise C"),
    "raise":                 ("上报一级", "raise C"),
    "adjourn":               ("中止", "adjourn C --why expert-opinion|party-absent|legal-pending --until DAY"),
    "resume":                ("恢复", "resume C"),
    "guide to law":          ("引导依法解决", "guide C --way court|arbitration|review --text TEXT"),
    "receive":               ("签收", "receive C --responsible PERSON"),
    "return":                ("退回", "return C --reason TEXT"),
    "return to grid":        ("退回网格", "return C --reason TEXT"),
    "retract":               ("撤回上报", "retract C"),
    "retract to grid":       ("撤回上报", "retract C"),
    "analyse":               ("转研判", "analyse C"),
    "record analysis":       ("记录研判", "study C --attended PERSON --route mediate-here|joint|… --text TEXT"),
    "determine":             ("记录职责判定", "determined C --id ID --verdict self|agency|call"),
    "route here":            ("本级办理", "route C here --responsible PERSON"),
    "route industry":        ("转行业调解", "route C industry"),
    "route joint":           ("联合化解", "route C joint"),
    "route agency":          ("转派驻机构", "route C agency"),
    "route call":            ("转乡呼县应", "route C call"),
    "return down":           ("退下级办理", "return-down C --reason TEXT"),
    "re-analyse":            ("重新研判", "re-analyse C --reason TEXT"),
    "plan edit":             ("制定方案", "plan C --responsible PERSON=PHONE --measure 'OWNER|DAY|TEXT'"),
    "plan invite":           ("邀请部门", "invite C --department ORG --ask TEXT"),
    "plan answer":           ("答复邀请", "answer C --invitation N --accept"),
    "update measure":        ("更新措施", "measure C --number N --done|--drop --text TEXT"),
    "assist done":           ("记录协助", "assist C --text TEXT"),
    "agency done":           ("确认机构办结", "agency-done C --text TEXT"),
    "fall back":             ("恢复调解", "fall-back C --reason TEXT"),
    "fall back to grid":     ("恢复办理", "fall-back C --reason TEXT"),
    "fall back to joint":    ("恢复联合化解", "fall-back C --reason TEXT"),
    "fall back to analysis": ("恢复研判", "fall-back C --reason TEXT"),
    "sign":                  ("会签", "sign C"),
    "register close":        ("登记结案", "close C --result SOLVED --authority mediation --notified"),
    "reopen":                ("重新办理", "reopen C --source party|follow-up|supervision --reason TEXT"),
    "classify":              ("分类", "classify C --category TEXT --complexity general|complex"),
    "set flags":             ("标记", "flag C --flag group --reason TEXT"),
    "reassign":              ("换责任人", "assign C --responsible PERSON --reason TEXT"),
    "record follow-up":      ("回访", "follow-up C --performed"),
    "record satisfaction":   ("满意度", "satisfaction C --rating satisfied"),
    "confirm agreement":     ("司法确认", "confirm C --court applied|confirmed|refused"),
  ]

  /// A word of the command line as the contract's value: `on-spot` is `ON_SPOT`.
  static func value<Value: Wire.Enumeration>(_ word: String, _ prefix: String, of _: Value.Type = Value.self) throws
    -> Value
  {
    if word.isEmpty { return Value(rawValue: 0) }
    let name = prefix + word.uppercased().replacingOccurrences(of: "-", with: "_")
    if let value = Value.allCases.first(where: { $0.protoName == name && $0.rawValue != 0 }) { return value }
    let words = Value.allCases.filter { $0.rawValue != 0 }
      .map { self.name($0, prefix).lowercased().replacingOccurrences(of: "_", with: "-") }
    throw Complaint(
      "没有“\(word)”这个选项，可用：\(words.joined(separator: "、"))",
      "there is no \(word) here; one of: \(words.joined(separator: ", "))")
  }
}
