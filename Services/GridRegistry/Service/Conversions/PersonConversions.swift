import Access
import GridRegistryContract
import GridRegistryDomain
import Kernel
import Wire

extension GridRegistryV1.Person {
  /// The entry as lists show it: the name opened, the telephone masked.
  init(_ person: Person, name: String, phone: String) {
    self.init(
      personID: person.id.text, name: name, orgID: person.organisationID.text, post: person.post,
      maskedPhone: Person.masked(phone: phone), roles: person.roles.map(\.rawValue).sorted(),
      localityAreaCode: person.locality?.text ?? "", state: .init(person.state, prefix: "STATE_"),
      version: UInt64(person.version))
  }
}

extension Person.Facts {
  init(_ message: GridRegistryV1.Person?, phone: String) {
    let message = message ?? .init()
    self.init(
      name: message.name, phone: phone, organisationID: .init(message.orgID), post: message.post, roles: message.roles,
      localityAreaCode: message.localityAreaCode, state: message.state.word(prefix: "STATE_") ?? .active)
  }
}

extension GridRegistryV1.SealedReference {
  init(_ sealed: Person.Sealed) { self.init(sealedID: sealed.id, digest: sealed.digest) }
}

extension GridRegistryV1.PersonChanged {
  init(_ person: Person) {
    self.init(
      personID: person.id.text, orgID: person.organisationID.text, post: person.post,
      roles: person.roles.map(\.rawValue).sorted(), localityAreaCode: person.locality?.text ?? "",
      state: .init(person.state, prefix: "STATE_"), name: .init(person.name), phone: person.phone.map { .init($0) },
      version: UInt64(person.version))
  }
}

extension Person {
  /// `nil` if the message is not one that this service wrote.
  init?(_ message: GridRegistryV1.PersonChanged) {
    guard let name = message.name, let state = message.state.word(prefix: "STATE_", as: State.self) else { return nil }
    self.init(
      id: ID(message.personID), organisationID: .init(message.orgID), post: message.post,
      roles: Set(message.roles.compactMap(Role.init)), locality: AreaCode(message.localityAreaCode), state: state,
      name: Sealed(id: name.sealedID, digest: name.digest),
      phone: message.phone.map { Sealed(id: $0.sealedID, digest: $0.digest) }, version: Int(message.version))
  }
}
