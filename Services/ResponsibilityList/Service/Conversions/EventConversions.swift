import Kernel
package import ResponsibilityListContract
package import ResponsibilityListDomain

extension ListVersion.Event {
  /// What the journal calls it.
  var eventType: String {
    switch self {
    case .opened: "list.opened"
    case .itemPut: "list.item_put"
    case .submitted: "list.submitted"
    case .objected: "list.objected"
    case .approved: "list.approved"
    case .published: "list.published"
    case .cancelled: "list.cancelled"
    case .discarded: "list.discarded"
    case .successionSet: "list.succession_set"
    case .superseded: "list.superseded"
    }
  }

  /// The journal's payload read back; `nil` for one that is empty or names no day where it must. `id` is the aggregate's.
  package init?(_ message: ResponsibilityListV1.ListVersionEvent, id: String) {
    guard let event = message.event else { return nil }
    switch event {
    case .opened(let opened):
      self = .opened(
        id: id, number: opened.number, title: opened.title, parentPolicy: opened.parentPolicy,
        isLegacy: opened.legacy)
    case .itemPut(let put): self = .itemPut(code: put.item?.itemCode ?? "", isNew: put.added)
    case .submitted(let submitted):
      self = .submitted(
        by: submitted.submitterPersonID, itemCount: Int(submitted.itemCount),
        contentDigest: submitted.contentDigest)
    case .objected(let objected): self = .objected(opinion: objected.opinion, organisationID: objected.orgID)
    case .approved(let approved): self = .approved(number: approved.approvalNumber)
    case .published(let published):
      guard let date = CivilDate(published.effectiveDate) else { return nil }
      self = .published(effective: date)
    case .cancelled: self = .cancelled
    case .discarded(let discarded): self = .discarded(reason: discarded.discardReason)
    case .successionSet(let set):
      guard let date = CivilDate(set.supersedeDate) else { return nil }
      self = .successionSet(on: date, successorID: set.successorListVersionID)
    case .superseded: self = .superseded
    }
  }
}

extension ResponsibilityListV1.ListVersionEvent {
  /// `list` is the list after the event. An item that was put in travels with its whole content.
  init(_ event: ListVersion.Event, of list: ListVersion, put: ResponsibilityListV1.ItemPut?) {
    self.init()
    self.event =
      switch event {
      case .opened(_, let number, let title, let parentPolicy, let isLegacy):
        .opened(.init(number: number, title: title, parentPolicy: parentPolicy, legacy: isLegacy))
      case .itemPut: .itemPut(put ?? .init())
      case .submitted(let person, let count, let digest):
        .submitted(.init(submitterPersonID: person, itemCount: Int32(count), contentDigest: digest))
      case .objected(let opinion, let organisation): .objected(.init(opinion: opinion, orgID: organisation))
      case .approved(let number): .approved(.init(approvalNumber: number))
      case .published(let date):
        .published(
          .init(
            number: list.number, effectiveDate: date.description, itemCount: Int32(list.itemCount),
            contentDigest: list.contentDigest))
      case .cancelled: .cancelled(.init())
      case .discarded(let reason): .discarded(.init(discardReason: reason))
      case .successionSet(let date, let successor):
        .successionSet(.init(supersedeDate: date.description, successorListVersionID: successor))
      case .superseded:
        .superseded(.init(number: list.number, supersedeDate: list.supersedeDate?.description ?? ""))
      }
  }
}
