package import Access
package import Kernel

/// Somebody who works in the system. Name and telephone lie sealed beside the row; here stand only their references.
package struct Person: Hashable, Sendable {
  package typealias ID = Kernel.ID<Person>

  /// A text that lies sealed: its id, and a keyed digest that is equal for equal texts.
  package struct Sealed: Hashable, Sendable {
    package let id: String
    package let digest: [UInt8]

    package init(id: String, digest: [UInt8]) {
      self.id = id
      self.digest = digest
    }
  }

  /// Whether the person still works there.
  package enum State: String, Hashable, Sendable, CaseIterable {
    case active = "ACTIVE"
    case left = "LEFT"
  }

  /// What somebody enters. Name and telephone in the clear: they are sealed before anything is stored.
  package struct Facts: Hashable, Sendable {
    package var name: String
    package var phone: String
    package var organisationID: Organisation.ID
    package var post: String
    package var roles: [String]
    package var localityAreaCode: String
    package var state: State

    package init(
      name: String, phone: String = "", organisationID: Organisation.ID, post: String = "", roles: [String],
      localityAreaCode: String = "", state: State = .active
    ) {
      self.name = name
      self.phone = phone
      self.organisationID = organisationID
      self.post = post
      self.roles = roles
      self.localityAreaCode = localityAreaCode
      self.state = state
    }
  }

  /// What happens to a person's entry.
  package enum Event: Hashable, Sendable {
    /// Entered or corrected: the entry as it is now.
    case changed(Person)
  }

  package let id: ID
  package var organisationID: Organisation.ID
  package var post: String
  package var roles: Set<Role>
  package var locality: AreaCode?
  package var state: State
  package var name: Sealed
  package var phone: Sealed?
  package var version: Int

  package init(
    id: ID, organisationID: Organisation.ID, post: String, roles: Set<Role>, locality: AreaCode?, state: State,
    name: Sealed, phone: Sealed?, version: Int
  ) {
    self.id = id
    self.organisationID = organisationID
    self.post = post
    self.roles = roles
    self.locality = locality
    self.state = state
    self.name = name
    self.phone = phone
    self.version = version
  }

  /// Refuses `facts` with every reason why they cannot be entered.
  package static func check(_ facts: Facts, organisation: Organisation?) throws(Refused) {
    var reasons: [Reason] = []
    if facts.name.isEmpty { reasons.append(.personNameMissing.at("name")) }
    switch organisation {
    case nil: reasons.append(.orgNotFound.at("org_id").with("org_id", facts.organisationID.text))
    case let found? where !found.isActive && facts.state == .active: reasons.append(.orgClosed.at("org_id"))
    case _?: break
    }
    if facts.roles.isEmpty { reasons.append(.roleMissing.at("roles")) }
    for role in facts.roles where Role(rawValue: role) == nil {
      reasons.append(.roleUnknown.at("roles").with("role", role))
    }
    if !facts.phone.isEmpty, !isPhone(facts.phone) { reasons.append(.phoneInvalid.at("phone")) }
    if !facts.localityAreaCode.isEmpty, AreaCode(facts.localityAreaCode) == nil {
      reasons.append(.areaCodeInvalid.at("locality_area_code"))
    }
    guard reasons.isEmpty else { throw Refused(.failedPrecondition, reasons) }
  }

  /// What entering checked `facts` over `current` means; nothing, if nothing differs. No new telephone leaves the old one.
  package static func decide(
    entering facts: Facts, id: ID, name: Sealed, phone: Sealed?, over current: Person?
  ) -> [Event] {
    var entered = Person(
      id: id, organisationID: facts.organisationID, post: facts.post, roles: Set(facts.roles.compactMap(Role.init)),
      locality: AreaCode(facts.localityAreaCode), state: facts.state, name: name, phone: phone ?? current?.phone,
      version: current?.version ?? 0)
    if entered == current { return [] }
    entered.version += 1
    return [.changed(entered)]
  }

  /// Folds one event in.
  package mutating func apply(_ event: Event) {
    switch event {
    case .changed(let person): self = person
    }
  }

  /// The number with all but its first and last digits hidden.
  package static func masked(phone: String) -> String {
    guard phone.count > 4 else { return phone.isEmpty ? "" : "****" }
    return phone.prefix(3) + "****" + phone.suffix(phone.count >= 11 ? 4 : 1)
  }

  private static func isPhone(_ text: String) -> Bool {
    (5...20).contains(text.utf8.count) && text.utf8.allSatisfy { (48...57).contains($0) || $0 == 45 || $0 == 43 }
  }
}

extension Reason {
  /// Nobody is entered under this id.
  package static let personNotFound = Reason("PERSON_NOT_FOUND", zh: "没有此人员。", en: "There is no such person.")
  /// A person without a name.
  package static let personNameMissing = Reason("PERSON_NAME_MISSING", zh: "缺少姓名。", en: "The person has no name.")
  /// A person without a role.
  package static let roleMissing = Reason("ROLE_MISSING", zh: "缺少角色。", en: "The person has no role.")
  /// A role that is not on the closed list.
  package static let roleUnknown = Reason("ROLE_UNKNOWN", zh: "角色不在规定的名单内。", en: "The role is not on the list.")
  /// Not a telephone number.
  package static let phoneInvalid = Reason(
    "PHONE_INVALID", zh: "电话号码只能由数字、“-”和“+”组成。", en: "A telephone number has digits, - and + only.")
  /// No number entered.
  package static let phoneNotKnown = Reason("PHONE_NOT_KNOWN", zh: "该人员没有登记电话。", en: "No telephone is entered.")
  /// The clear number is given only with a reason.
  package static let revealReasonMissing = Reason(
    "REVEAL_REASON_MISSING", zh: "查看完整号码须说明理由。", en: "Say why the clear number is needed.")
}
