import CareVisitContract
import CommonContract
import Foundation
import Kernel
import Wire
import WireTypes

/// What `huying care` reads and prints.
enum CareText {
  /// A message of the register as JSON. Its contract stays in this folder.
  static func json(_ message: some Wire.Message) throws -> String { try JSONText.text(message, by: try contract.get()) }

  private static let contract: Result<ProtoJSON, any Error> = Result {
    ProtoJSON(pool: try DescriptorPool(files: CareVisitV1.fileDescriptors))
  }

  /// A file's content, or standard input's.
  static func content(of path: String) throws -> String {
    if path == "-" { return String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self) }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Complaint("无法读取 \(path)", "cannot read \(path)", exitCode: 66)
    }
    return String(decoding: data, as: UTF8.self)
  }

  /// `name=…`, `phone=…`, …, a line each.
  static func identity(_ text: String) throws -> CareVisitV1.Identity {
    var identity = CareVisitV1.Identity()
    for (number, line) in text.split(whereSeparator: \.isNewline).enumerated() {
      let line = line.trimmingCharacters(in: .whitespaces)
      if line.isEmpty || line.hasPrefix("#") { continue }
      let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let value = parts.count == 2 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
      switch parts[0].trimmingCharacters(in: .whitespaces) {
      case "name": identity.name = value
      case "phone": identity.phone = value
      case "address": identity.address = value
      case "guardian_name": identity.guardianName = value
      case "guardian_phone": identity.guardianPhone = value
      default:
        // The line itself may be somebody's name: it is not repeated.
        throw Complaint(
          "第\(number + 1)行：应为 name、phone、address、guardian_name 或 guardian_phone",
          "line \(number + 1): name, phone, address, guardian_name or guardian_phone was expected", exitCode: 65)
      }
    }
    return identity
  }

  /// Who it is, a line for each thing that is known.
  static func lines(_ answer: CareVisitV1.RevealIdentityResponse) -> [String] {
    let identity = answer.identity ?? .init()
    let known = [
      (Say.of("姓名", "name"), identity.name), (Say.of("电话", "telephone"), identity.phone),
      (Say.of("住址", "address"), identity.address), (Say.of("监护人", "guardian"), identity.guardianName),
      (Say.of("监护人电话", "guardian's telephone"), identity.guardianPhone),
      (Say.of("同意书或告知记录", "consent or notice"), answer.consentRef),
    ]
    return known.filter { !$0.1.isEmpty }.map { "\($0.0): \($0.1)" }
  }

  /// What is gone, and how that is known.
  static func lines(_ proof: CareVisitV1.ErasureProof) -> [String] {
    [
      "\(Say.of("销毁时间", "destroyed")): \(proof.eraseTime?.kernel.shanghai ?? "")",
      "\(Say.of("密钥摘要", "digest of the key")): \(proof.keyDigest.hexadecimal)",
      "\(Say.of("无法还原", "unresolvable")): \(proof.unresolvable ? Say.of("是", "yes") : Say.of("否", "no"))",
      "\(Say.of("磁盘已覆写", "overwritten")): \(proof.overwritten ? Say.of("是", "yes") : Say.of("尚未", "not yet"))",
      "\(Say.of("流水", "journal")): \(proof.journalSeq) \(proof.journalHash.hexadecimal)",
    ]
  }

  /// The head of a list of programmes.
  static var programmes: Table {
    Table(
      Say.of("项目", "programme"), Say.of("名称", "name"), Say.of("状态", "state"), Say.of("间隔（天）", "days between"),
      Say.of("保存（月）", "months kept"), Say.of("需求代码", "needs"))
  }

  /// One programme, a line of it.
  static func cells(_ programme: CareVisitV1.Programme) -> [String] {
    [
      programme.programmeID, programme.name, state(programme.state.protoName), String(programme.visitIntervalDays),
      String(programme.retentionMonths),
      programme.needCodes.map { "\($0.code) \($0.name)" }.joined(separator: " · "),
    ]
  }

  /// Visits, oldest first.
  static func table(_ visits: [CareVisitV1.Visit]) -> String {
    var table = Table(
      Say.of("日期", "day"), Say.of("结果", "outcome"), Say.of("需求", "needs"), Say.of("转介", "referred to"),
      Say.of("回访人", "visitor"))
    for visit in visits {
      table.add(
        visit.visitDate, word(visit.outcome.protoName, "OUTCOME_"), visit.needCodes.joined(separator: " "),
        visit.referralOrgID, visit.visitorPersonID)
    }
    return table.text
  }

  /// Looks, oldest first.
  static func table(_ reveals: [CareVisitV1.Reveal]) -> String {
    var table = Table(
      Say.of("时间", "time"), Say.of("查看人", "who"), Say.of("身份", "role"), Say.of("用途", "purpose"))
    for reveal in reveals {
      table.add(reveal.revealTime?.kernel.shanghai ?? "", reveal.personID, reveal.role, reveal.purpose)
    }
    return table.text
  }

  /// Requests, one a line.
  static func table(_ rights: [CareVisitV1.RightRequest]) -> String {
    var table = Table(
      Say.of("申请", "request"), Say.of("令牌", "token"), Say.of("类别", "kind"), Say.of("状态", "state"),
      Say.of("答复期限", "due"), Say.of("申请材料", "document"), Say.of("理由", "reason"))
    for right in rights {
      table.add(
        right.rightRequestID, right.enrolmentID, word(right.kind.protoName, "KIND_"), state(right.state.protoName),
        right.clock?.dueTime?.kernel.shanghai ?? "", right.documentRef, right.decisionReason)
    }
    return table.text
  }

  /// A contract's word in the language of whoever reads.
  static func word(_ name: String, _ prefix: String) -> String {
    let word = String(name.dropFirst(prefix.count))
    guard Terminal.language == .chinese else { return word }
    return words[word] ?? word
  }

  /// One enrolment as it is now.
  static func show(_ enrolment: CareVisitV1.Enrolment?, _ gateway: GatewayOptions) throws {
    let enrolment = enrolment ?? .init()
    print(gateway.output == .json ? try CareText.json(enrolment) : table([enrolment]))
  }

  /// Enrolments, one a line.
  static func table(_ enrolments: [CareVisitV1.Enrolment]) -> String {
    var table = Table(
      Say.of("令牌", "token"), Say.of("状态", "state"), Say.of("回访人", "visitor"), Say.of("下次回访", "next visit"),
      Say.of("单位", "organisation"))
    for enrolment in enrolments {
      table.add(
        enrolment.enrolmentID, state(enrolment.state.protoName), enrolment.visitorPersonID, enrolment.nextVisitDate,
        enrolment.orgID)
    }
    return table.text
  }

  /// A state in the language of whoever reads.
  static func state(_ name: String) -> String { word(name, "STATE_") }

  private static let words = [
    "PROPOSED": "待批准", "APPROVED": "已批准", "ACTIVE": "进行中", "ENDED": "已结束", "REJECTED": "未批准", "ERASED": "已销毁",
    "CLOSED": "已结束", "OPEN": "待答复", "GRANTED": "已准予", "DENIED": "未准予", "ACCESS": "查阅", "CORRECTION": "更正",
    "DELETION": "删除", "COMPLAINT": "投诉", "DONE": "已回访", "NOT_MET": "未见到", "DECLINED": "谢绝",
  ]
}
