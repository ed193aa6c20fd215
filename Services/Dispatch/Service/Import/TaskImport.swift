import CommonContract
import DispatchContract
import DispatchDomain
import DispatchStore
import Kernel
import Runtime
import WireTypes

/// One coordination task from before this system, replayed at its own times.
struct TaskImport {
  let row: DispatchV1.CoordinationTaskRow
  let source: String
  let desk: Desk

  func carryOut() throws -> Imported {
    try check()
    let records = desk.records
    if let known = try records.tasks.find(source: source, externalRef: row.externalRef, in: records.reading) {
      return Imported(id: known.text, isNew: false)
    }
    guard let requestTime = row.requestTime?.kernel else { throw Refused(.invalidArgument, .missing("request_time")) }
    let id = row.taskID.isEmpty ? UUIDv7.make(at: desk.now) : row.taskID
    guard try records.tasks.load(ID(id), in: records.reading) == nil else {
      throw Refused(.alreadyExists, Reason.idTaken.at("task_id"))
    }
    guard let ask = try desk.texts.seal(row.ask, "task.ask", of: id) else {
      throw Refused(.invalidArgument, .missing("ask"))
    }
    let task = try request(ID(id), ask, at: requestTime)
    try finish(task)
    return Imported(id: id, isNew: true)
  }

  private func request(
    _ id: ID<CoordinationTask>, _ ask: SealedText, at time: Timestamp
  ) throws -> CoordinationTask {
    let agency = Organisation(
      id: row.agencyOrgID, name: "", type: Organisation.dispatchedAgency, agencyType: row.agencyType)
    let task = CoordinationTask(
      CoordinationTask.Request(
        id: id, townshipOrgID: row.townshipOrgID, townshipCode: row.townshipCode, agency: agency,
        agencyOrgID: row.agencyOrgID, itemCode: row.itemCode, itemAgencyTypes: [row.agencyType],
        determinationID: row.determinationID, caseID: row.caseID, ask: ask, importSource: source,
        externalRef: row.externalRef),
      at: time, policy: desk.policy, calendar: try desk.records.calendar())
    return try desk.at(time).open(.requested(task)) ?? task
  }

  /// Accepted, and done or unable, as far as the times go.
  private func finish(_ task: CoordinationTask) throws {
    guard let acceptTime = row.acceptTime?.kernel ?? row.finishTime?.kernel else { return }
    let everyPart = Set(CoordinationTask.Part.allCases)
    let accepted = try desk.at(acceptTime).carryOut(.accept, on: task, as: everyPart)
    guard let finishTime = row.finishTime?.kernel else { return }
    let reason = row.unableReason.named(CoordinationTask.UnableReason.self)
    let order: CoordinationTask.Command =
      if let reason {
        .unable(reason, basis: try desk.texts.seal(row.unableBasis, "task.basis", of: task.id.text))
      } else { .done(result: try desk.texts.seal(row.result, "task.result", of: task.id.text)) }
    _ = try desk.at(finishTime).carryOut(order, on: accepted, as: everyPart)
  }

  private func check() throws {
    var faults = RowFaults(row)
    faults.expect(
      !row.externalRef.isEmpty, "EXTERNAL_REF_MISSING", zh: "缺少外部编号。", en: "external_ref is required.",
      field: "external_ref")
    faults.expectUUID(row.taskID, field: "task_id")
    faults.expect(
      !row.townshipOrgID.isEmpty && AreaCode(row.townshipCode) != nil, "TOWNSHIP_MISSING", zh: "缺少乡镇或乡镇代码。",
      en: "township_org_id and a twelve-digit township_code are required.", field: "township_org_id")
    faults.expect(
      !row.agencyOrgID.isEmpty, "AGENCY_MISSING", zh: "缺少派驻机构。", en: "agency_org_id is required.",
      field: "agency_org_id")
    faults.expect(
      !row.itemCode.isEmpty, "ITEM_MISSING", zh: "缺少事项编码。", en: "item_code is required.", field: "item_code")
    faults.expect(!row.ask.isEmpty, "ASK_MISSING", zh: "缺少协调内容。", en: "ask is required.", field: "ask")
    faults.expect(
      row.requestTime != nil, "REQUEST_TIME_MISSING", zh: "缺少发起时间。", en: "request_time is required.",
      field: "request_time")
    faults.expectOrder([row.requestTime?.kernel, row.acceptTime?.kernel, row.finishTime?.kernel])
    try faults.check()
  }
}
