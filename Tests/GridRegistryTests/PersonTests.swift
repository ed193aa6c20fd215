import GridRegistryDomain
import Kernel
import Testing

@Suite struct PersonTests {
  @Test(arguments: [
    ("", ""), ("0000", "****"), ("000-00001234", "000****1234"), ("10086", "100****6"),
  ])
  func `a number is shown masked`(phone: String, shown: String) {
    #expect(Person.masked(phone: phone) == shown)
  }

  @Test func `every fault of an entry is named at once`() {
    let facts = Person.Facts(
      name: "", phone: "call me", organisationID: "nobody", roles: ["KING"], localityAreaCode: "1")
    let refused = #expect(throws: Refused.self) { try Person.check(facts, organisation: nil) }
    #expect(
      refused?.reasons.map(\.code) == [
        "PERSON_NAME_MISSING", "ORG_NOT_FOUND", "ROLE_UNKNOWN", "PHONE_INVALID", "AREA_CODE_INVALID",
      ])
  }

  @Test func `no new number leaves the old one`() {
    let name = Person.Sealed(id: "n", digest: [1])
    let phone = Person.Sealed(id: "p", digest: [2])
    let facts = Person.Facts(name: "张三", phone: "000-00001234", organisationID: "org", roles: ["MEDIATOR"])
    guard
      case .changed(let person)? = Person.decide(entering: facts, id: "1", name: name, phone: phone, over: nil).first
    else { return #expect(Bool(false)) }
    #expect(Person.decide(entering: facts, id: "1", name: name, phone: nil, over: person).isEmpty)
  }
}
