import Access
import CommonContract
import DispatchContract
import DispatchDomain
import DispatchStore
import Kernel
import Runtime
import WireTypes

/// One call from before this system, replayed at its own times. Its admission is stored as not judged, with the machine's
/// result beside it. A step whose time nobody knows is taken with the next known one and not rated.
struct CallImport {
  let row: DispatchV1.CallRow
  let source: String
  let desk: Desk

  func carryOut() throws -> Imported {
    try check()
    let records = desk.records
    let channel = row.channel.named(Call.Channel.self) ?? .online
    if let known = try records.calls.find(
      importSource: source, channel: channel, externalRef: row.externalRef, in: records.reading)
    {
      return Imported(id: known.text, isNew: false)
    }
    let id = ID<Call>(row.callID.isEmpty ? UUIDv7.make(at: desk.now) : row.callID)
    guard try records.calls.load(id, in: records.reading) == nil else {
      throw Refused(.alreadyExists, Reason.idTaken.at("call_id"))
    }
    var call = try submit(id, channel)
    call = try dispatch(call)
    call = try work(call)
    try desk.save(end(call), after: nil)
    return Imported(id: id.text, isNew: true)
  }

  private func circumstances(_ time: Timestamp, rated: Bool = true) throws -> CallCircumstances {
    try desk.at(time).circumstances(as: Set(Call.Part.allCases), rated: rated, isImport: true)
  }

  private func step(
    _ order: CallCommand, on call: Call, at time: Timestamp, rated: Bool = true
  ) throws -> Call {
    try desk.at(time).step(order, on: call, circumstances(time, rated: rated))
  }

  // MARK: - The steps

  private func submit(_ id: ID<Call>, _ channel: Call.Channel) throws -> Call {
    let time = row.submitTime?.kernel ?? desk.now
    let seal = desk.sealing(id)
    let content = CallContent(
      kind: row.kind.named() ?? .reasoned, channel: channel, ground: row.ground.named() ?? .noAuthority,
      caseIDs: row.caseIDs, determinationID: row.determination?.determinationID ?? "",
      narrative: try seal(row.narrative, "call.narrative", nil),
      place: try seal(row.place, "call.place", nil),
      study: try Study(row.study, date: row.study.flatMap { CivilDate($0.studyDate) }, seal: seal),
      caller: nil)
    let year = CivilDate(time).year
    let identity = Call.Identity(
      id: id, number: try desk.records.calls.nextNumber(year: year, in: desk.command.tx),
      townshipOrgID: row.townshipOrgID, townshipCode: row.townshipCode, externalRef: row.externalRef,
      importSource: source)
    let draft = try desk.at(time).begin(identity, content, circumstances(time))
    let surroundings = try desk.records.surroundings(row.determination, of: draft, at: time)
    return try step(.submit(surroundings), on: draft, at: time)
  }

  private func dispatch(_ call: Call) throws -> Call {
    let to = CallCommand.Dispatching(
      call.finding, main: row.mainOrgID, assists: row.assistOrgIDs, office: row.determination?.manualOffice ?? "",
      phone: row.determination?.manualPhone ?? ""
    ) { _ in false }
    guard !to.main.isEmpty else { return call }
    let named = CallCommand.Dispatching(
      main: to.main, assists: to.assists, office: to.office.isEmpty ? Self.notRecorded : to.office,
      phone: to.phone.isEmpty ? Self.notRecorded : to.phone, unfit: [])
    return try step(.dispatch(named), on: call, at: row.dispatchTime?.kernel ?? row.submitTime?.kernel ?? desk.now)
  }

  /// Signed, responded, done: each at its own time, or with the next step whose time is known.
  private func work(_ call: Call) throws -> Call {
    var call = call
    if let (time, rated) = known(row.signTime, row.respondTime, row.doneTime, row.closeTime) {
      call = try step(.sign, on: call, at: time, rated: rated)
    }
    if let (time, rated) = known(row.respondTime, row.doneTime, row.closeTime) {
      let note = try desk.seal(Self.notRecorded, "call.contact", of: call)
      call = try step(
        .respond(contact: note, plan: note, planDate: CivilDate(time)), on: call, at: time, rated: rated)
    }
    if let (time, rated) = known(row.doneTime, row.closeTime) {
      for assist in call.openAssists {
        call = try step(.releaseAssist(orgID: assist.orgID, reason: Self.notRecorded), on: call, at: time)
      }
      let result = try desk.seal(row.result.isEmpty ? Self.answered : row.result, "call.result", of: call)
      call = try step(.reportDone(result: result), on: call, at: time, rated: rated)
    }
    return call
  }

  private func end(_ call: Call) throws -> Call {
    guard let time = row.closeTime?.kernel else { return call }
    return row.outcome == .unsolved
      ? try step(
        .closeUnsolved(townshipAgrees: true, legallyImpossible: false, basis: Self.notRecorded), on: call, at: time)
      : try step(.verify(.solved, points: [], rating: nil), on: call, at: time)
  }

  /// The step's time and whether it is its own; `nil`: it has not been taken.
  private func known(_ times: GoogleProtobuf.Timestamp?...) -> (time: Timestamp, isOwn: Bool)? {
    let given = times.firstIndex { $0 != nil }
    return given.flatMap { index in times[index].map { ($0.kernel, index == 0) } }
  }

  private static let notRecorded = "原系统未记载"
  private static let answered = "已答复"

  private func check() throws {
    var faults = RowFaults(row)
    faults.expect(
      !row.externalRef.isEmpty, "EXTERNAL_REF_MISSING", zh: "缺少外部编号。", en: "external_ref is required.",
      field: "external_ref")
    faults.expectUUID(row.callID, field: "call_id")
    faults.expect(
      !row.townshipOrgID.isEmpty && AreaCode(row.townshipCode) != nil, "TOWNSHIP_MISSING", zh: "缺少乡镇或乡镇代码。",
      en: "township_org_id and a twelve-digit township_code are required.", field: "township_org_id")
    faults.expect(
      !row.narrative.isEmpty, "NARRATIVE_MISSING", zh: "缺少事项内容。", en: "narrative is required.", field: "narrative")
    faults.expect(
      row.submitTime != nil, "SUBMIT_TIME_MISSING", zh: "缺少提交时间。", en: "submit_time is required.", field: "submit_time")
    let times = [row.dispatchTime, row.signTime, row.respondTime, row.doneTime, row.closeTime]
    let main = row.mainOrgID.isEmpty ? row.determination?.domain.defaultMain ?? "" : row.mainOrgID
    faults.expect(
      !main.isEmpty || times.allSatisfy { $0 == nil }, "MAIN_MISSING", zh: "已派发的呼叫缺少牵头部门。",
      en: "A call that was dispatched has a main department.", field: "main_org_id")
    faults.expectOrder([row.submitTime?.kernel] + times.map { $0?.kernel })
    try faults.check()
  }
}
