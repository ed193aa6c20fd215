import DispatchDomain
import Kernel
import Persistence

/// Between a row of `calls` and a call.
enum CallRows {
  /// The call without its parts.
  static func call(_ row: borrowing Row) -> Call {
    Call(
      identity: Call.Identity(
        id: row.id(0), number: row.text(1), townshipOrgID: row.text(7), townshipCode: row.text(8),
        externalRef: row.text(34), importSource: row.text(33)),
      version: row.int(2), state: row.named(3, or: .draft), content: content(row), submissionRound: row.int(20),
      finding: row.optionalText(21).map(finding), workRound: row.int(22), outcome: row.optionalNamed(23, or: .solved),
      cancelRequest: cancelRequest(row), draftTime: row.time(28), submitTime: row.optionalTime(29),
      dispatchTime: row.optionalTime(30), closeTime: row.optionalTime(31), closingReason: row.text(32))
  }

  private static func content(_ row: borrowing Row) -> CallContent {
    let callTime = row.optionalTime(19)
    return CallContent(
      kind: row.named(4, or: .reasoned), channel: row.named(5, or: .online),
      ground: row.optionalNamed(6, or: .noAuthority), caseIDs: row.texts(9), determinationID: row.text(10),
      narrative: row.optionalSealed(11), place: row.optionalSealed(12),
      study: Study(
        date: row.optionalDate(13), participants: row.optionalSealed(14), tried: row.optionalSealed(15),
        conclusion: row.optionalNamed(16, or: .cannotAlone), signedBy: row.text(17)),
      caller: row.optionalSealed(18).map { CallerRecord(record: $0, callTime: callTime) })
  }

  private static func cancelRequest(_ row: borrowing Row) -> CancelRequest? {
    row.isNull(24)
      ? nil
      : CancelRequest(
        side: row.named(24, or: .township), personID: row.text(25), reason: row.text(26), requestTime: row.time(27))
  }

  /// `$1…$31` of insert and update.
  static func values(_ call: Call, county: String) -> [Value] {
    let content = call.content
    let head: [Value] = [
      .text(county), .id(call.id), .integer(call.version), .text(call.state.rawValue), .text(content.kind.rawValue),
      .optionalText(content.ground?.rawValue), .texts(content.caseIDs), .text(content.determinationID),
      .optionalSealed(content.narrative), .optionalSealed(content.place),
    ]
    let study: [Value] = [
      .optionalDate(content.study.date), .optionalSealed(content.study.participants),
      .optionalSealed(content.study.tried), .optionalText(content.study.conclusion?.rawValue),
      .text(content.study.signedBy), .optionalSealed(content.caller?.record), .optionalTime(content.caller?.callTime),
    ]
    let work: [Value] = [
      .integer(call.submissionRound), .optionalText(call.finding.map(column)), .text(call.main?.orgID ?? ""),
      .integer(call.workRound), .optionalText(call.outcome?.rawValue), .optionalText(call.cancelRequest?.side.rawValue),
      .optionalText(call.cancelRequest?.personID), .optionalText(call.cancelRequest?.reason),
      .optionalTime(call.cancelRequest?.requestTime),
    ]
    let times: [Value] = [
      .time(call.draftTime), .optionalTime(call.submitTime), .optionalTime(call.dispatchTime),
      .optionalTime(call.closeTime), .text(call.closingReason),
    ]
    return head + study + work + times
  }

  /// `$32…$38` of insert.
  static func identity(_ call: Call) -> [Value] {
    [
      .text(call.identity.number), .text(call.content.channel.rawValue), .text(call.identity.townshipOrgID),
      .text(call.identity.townshipCode), .text(call.identity.importSource),
      .text(CallStore.externalSource(call.identity.importSource, call.content.channel)),
      .text(call.identity.externalRef),
    ]
  }

  // MARK: - The finding, as names and values in one column

  private static func column(_ finding: DeterminationFinding) -> String {
    TextColumn.encode([
      "available": finding.isAvailable ? "true" : "false", "determination_id": finding.determinationID,
      "verdict": finding.verdict?.rawValue ?? "", "item_code": finding.itemCode, "item_title": finding.itemTitle,
      "list_version": finding.listVersion, "main_level": finding.mainLevel?.rawValue ?? "",
      "main_org_id": finding.mainOrgID, "assist_org_ids": TextColumn.encode(finding.assistOrgIDs),
      "agency_types": TextColumn.encode(finding.agencyTypes), "township_duty": finding.townshipDuty,
      "manual_office": finding.manualOffice, "manual_phone": finding.manualPhone,
      "bases": TextColumn.encode(finding.bases), "directory_note": finding.directoryNote,
    ])
  }

  private static func finding(_ column: String) -> DeterminationFinding {
    let pairs = TextColumn.pairs(column)
    func text(_ name: String) -> String { pairs[name] ?? "" }
    var finding = DeterminationFinding(isAvailable: text("available") == "true")
    finding.determinationID = text("determination_id")
    finding.verdict = DeterminationFinding.Verdict(rawValue: text("verdict"))
    finding.itemCode = text("item_code")
    finding.itemTitle = text("item_title")
    finding.listVersion = text("list_version")
    finding.mainLevel = DeterminationFinding.MainLevel(rawValue: text("main_level"))
    finding.mainOrgID = text("main_org_id")
    finding.assistOrgIDs = TextColumn.decode(text("assist_org_ids"))
    finding.agencyTypes = TextColumn.decode(text("agency_types"))
    finding.townshipDuty = text("township_duty")
    finding.manualOffice = text("manual_office")
    finding.manualPhone = text("manual_phone")
    finding.bases = TextColumn.decode(text("bases"))
    finding.directoryNote = text("directory_note")
    return finding
  }
}
