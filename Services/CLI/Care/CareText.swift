import CareVisitContract
import Foundation
import Kernel
import WireTypes

/// What `huying care` reads and prints.
enum CareText {
  /// A file's content, or standard input's.
  static func content(of path: String) throws -> String {
    if path == "-" { return String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self) }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Complaint(Say.of("无法读取 \(path)", "cannot read \(path)"), exitCode: 66)
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
          Say.of(
            "第\(number + 1)行：应为 name、phone、address、guardian_name 或 guardian_phone",
            "line \(number + 1): name, phone, address, guardian_name or guardian_phone was expected"), exitCode: 65)
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

  /// One enrolment as it is now.
  static func show(_ enrolment: CareVisitV1.Enrolment?, _ gateway: GatewayOptions) throws {
    let enrolment = enrolment ?? .init()
    print(gateway.output == .json ? try JSONText.of(enrolment) : table([enrolment]))
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
  static func state(_ name: String) -> String {
    let word = String(name.dropFirst("STATE_".count))
    guard Terminal.language == .chinese else { return word }
    return words[word] ?? word
  }

  private static let words = [
    "PROPOSED": "待批准", "APPROVED": "已批准", "ACTIVE": "进行中", "ENDED": "已结束", "REJECTED": "未批准", "ERASED": "已销毁",
    "CLOSED": "已结束",
  ]
}
