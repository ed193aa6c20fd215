import CommonContract
import Kernel
import ResponsibilityListContract
import ResponsibilityListDomain
import Wire
import WireTypes

extension ResponsibilityListV1.ListVersion {
  init(_ list: ListVersion) {
    self.init(
      listVersionID: list.id, number: list.number, title: list.title, parentPolicy: list.parentPolicy,
      legacy: list.isLegacy, state: .init(list.state, prefix: "STATE_"),
      effectiveDate: list.effectiveDate?.description ?? "", supersedeDate: list.supersedeDate?.description ?? "",
      approvalNumber: list.approvalNumber, itemCount: Int32(list.itemCount), contentDigest: list.contentDigest,
      version: UInt64(list.version), createTime: .init(list.createTime),
      submitTime: list.submitTime.map { .init($0) }, approveTime: list.approveTime.map { .init($0) },
      publishTime: list.publishTime.map { .init($0) })
  }
}

extension ResponsibilityListV1.ItemFindings {
  init(_ findings: ItemFindings) {
    self.init(
      itemCode: findings.itemCode, blocking: findings.blocking.map { .init($0) },
      warnings: findings.warnings.map { .init($0) })
  }
}
