import Runtime
import GridRegistryStore
import Access
import GridRegistryContract
import GridRegistryDomain
import Journal
import Kernel
import Persistence
import Wire

extension Registrar {
  /// Enters a person or replaces what is known of one; name and telephone are sealed unless they are the same as before.
  func enter(_ facts: Person.Facts, id: Person.ID, over before: Person?) throws -> Entry<Person> {
    let organisation = try registry.organisations.load(facts.organisationID, in: tx)
    try Person.check(facts, organisation: organisation)
    let name = try seal(facts.name, kind: "person.name", of: id, over: before?.name)
    let phone = try facts.phone.isEmpty ? nil : seal(facts.phone, kind: "person.phone", of: id, over: before?.phone)
    let events = Person.decide(entering: facts, id: id, name: name, phone: phone, over: before)
    var person = before
    for case .changed(let changed) in events {
      person = changed
      try registry.persons.save(changed, in: tx)
      let payload = GridRegistryV1.PersonEvent(.changed(changed)).encoded()
      try record("person.changed", "person", id.text, changed.version, payload)
    }
    guard let person else { throw Refused(.notFound, .personNotFound) }
    return Entry(record: person, isChanged: !events.isEmpty)
  }

  /// The clear number, for somebody whose township the person belongs to; written down.
  func revealPhone(of id: Person.ID, reason: String) throws -> String {
    guard let person = try registry.persons.load(id, in: tx) else {
      throw Refused(.notFound, .personNotFound.at("person_id"))
    }
    guard !reason.isEmpty else { throw Refused(.invalidArgument, .revealReasonMissing.at("reveal_reason")) }
    try permitReading(person)
    guard let sealed = person.phone, let phone = try command.sealedTexts.open(sealed.id, in: tx) else {
      throw Refused(.failedPrecondition, .phoneNotKnown)
    }
    try command.recordPersonalRead(
      of: ["phone"], aggregateType: "person", aggregateID: id.text, version: Int64(person.version), reason: reason,
      correlationID: id.text)
    return phone
  }

  /// County roles see the county; everybody else sees the township that their own organisation belongs to.
  private func permitReading(_ person: Person) throws {
    let countyRoles: Set<Role> = [.countyAdmin, .gridCentre, .callOffice, .hotlineOperator]
    if countyRoles.contains(command.actor.role) { return }
    let own = try registry.organisations.load(.init(command.actor.organisationID), in: tx)
    let theirs = try registry.organisations.load(person.organisationID, in: tx)
    guard let township = own?.townshipCode, township == theirs?.townshipCode else {
      throw Refused(.permissionDenied, .jurisdictionMismatch)
    }
  }

  private func seal(_ text: String, kind: String, of id: Person.ID, over before: Person.Sealed?) throws -> Person.Sealed
  {
    if let before, command.sealedTexts.matches(text, SealedReference(id: before.id, digest: before.digest)) {
      return before
    }
    let reference = try command.sealedTexts.seal(text, kind: kind, aggregateID: id.text, in: tx)
    if let before { try command.sealedTexts.erase(before.id, at: command.recordTime, in: tx) }
    return Person.Sealed(id: reference.id, digest: reference.digest)
  }
}
