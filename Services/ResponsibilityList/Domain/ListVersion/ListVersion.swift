package import Kernel

/// One version of the county's responsibility list (属地管理事项清单). Once published its content never changes.
package struct ListVersion: Hashable, Sendable {
  /// From draft to what is in force, and after.
  package enum State: String, Hashable, Sendable, CaseIterable {
    case draft = "DRAFT"
    case inReview = "IN_REVIEW"
    case approved = "APPROVED"
    case published = "PUBLISHED"
    case superseded = "SUPERSEDED"
    case discarded = "DISCARDED"
  }

  package var id: String
  /// As printed: 2019-1.
  package var number: String
  package var title: String
  package var parentPolicy: String
  /// An old list entered for the record: it may take effect in the past.
  package var isLegacy: Bool
  package var state: State
  /// First day it holds.
  package var effectiveDate: CivilDate?
  /// First day it no longer holds.
  package var supersedeDate: CivilDate?
  package var approvalNumber: String
  package var itemCount: Int
  /// SHA-256 over all items, hexadecimal, from submission on.
  package var contentDigest: String
  /// Who submitted it, so that nobody approves what he submitted.
  package var submitterID: String
  package var version: Int64
  package var createTime: Timestamp
  package var submitTime: Timestamp?
  package var approveTime: Timestamp?
  package var publishTime: Timestamp?

  package init(
    id: String, number: String, title: String, parentPolicy: String, isLegacy: Bool, state: State = .draft,
    effectiveDate: CivilDate? = nil, supersedeDate: CivilDate? = nil, approvalNumber: String = "", itemCount: Int = 0,
    contentDigest: String = "", submitterID: String = "", version: Int64 = 0, createTime: Timestamp,
    submitTime: Timestamp? = nil, approveTime: Timestamp? = nil, publishTime: Timestamp? = nil
  ) {
    self.id = id
    self.number = number
    self.title = title
    self.parentPolicy = parentPolicy
    self.isLegacy = isLegacy
    self.state = state
    self.effectiveDate = effectiveDate
    self.supersedeDate = supersedeDate
    self.approvalNumber = approvalNumber
    self.itemCount = itemCount
    self.contentDigest = contentDigest
    self.submitterID = submitterID
    self.version = version
    self.createTime = createTime
    self.submitTime = submitTime
    self.approveTime = approveTime
    self.publishTime = publishTime
  }

  /// Whether the list holds on `date`.
  package func isInForce(on date: CivilDate) -> Bool {
    guard state == .published || state == .superseded, let effectiveDate else { return false }
    return effectiveDate <= date && (supersedeDate.map { date < $0 } ?? true)
  }

  /// What determinations cite.
  package var reference: ListReference { ListReference(id: id, number: number, contentDigest: contentDigest) }
}
