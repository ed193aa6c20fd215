import Access
import Kernel
import Testing

struct AccessRuleTests {
  static func actor(_ role: Role) -> Actor {
    Actor(personID: "p", organisationID: "o", role: role, countyCode: "379922000000")
  }

  static func isPermitted(_ rule: AccessRule, _ role: Role) -> Bool {
    (try? rule.permit(actor(role))) != nil
  }

  @Test(arguments: Role.allCases)
  func `only the roles of a rule are let in`(role: Role) {
    #expect(
      Self.isPermitted(AccessRule(roles: [.levelClerk, .mediator]), role) == [.levelClerk, .mediator].contains(role))
    #expect(Self.isPermitted(AccessRule(roles: [], everyRole: true), role))
    #expect(!Self.isPermitted(.nobody, role))
  }

  @Test func `who is not let in hears which role it was`() {
    do throws(Refused) {
      try AccessRule.nobody.permit(Self.actor(.auditor))
      Issue.record("let in")
    } catch {
      #expect(error.kind == .permissionDenied)
      #expect(error.reasons.map(\.code) == ["ROLE_NOT_ALLOWED"])
      #expect(error.reasons[0].metadata == ["role": "AUDITOR"])
    }
  }

  @Test func `every role of the closed list has one name`() {
    #expect(Role.allCases.count == 29)
    #expect(Set(Role.allCases.map(\.rawValue)).count == 29)
    for role in Role.allCases {
      #expect(role.rawValue.allSatisfy { $0.isUppercase || $0 == "_" })
      #expect(Role(rawValue: role.rawValue) == role)
    }
  }

  @Test func `the system acts for nobody`() {
    let system = Actor.system(county: "379922000000")
    #expect(system.role == .system)
    #expect(system.onBehalfOf.isEmpty && system.organisationID.isEmpty)
  }

  @Test func `a token carries every role but the system's`() {
    for role in Role.allCases {
      let claims = TokenClaims(sub: "p", org: "o", role: role.rawValue, county: "379922000000", exp: 1)
      #expect(claims.actor?.role == (role == .system ? nil : role))
    }
    #expect(TokenClaims(sub: "p", org: "o", role: "KING", county: "379922000000", exp: 1).actor == nil)
  }
}
