/// What a bearer token says, by the claim names of RFC 7519 and three of our own. The gateway verifies it; `huying login`
/// makes one for the local stack.
package struct TokenClaims: Codable, Hashable, Sendable {
  /// The person (`sub`).
  package var sub: String
  /// The organisation that the person acts for.
  package var org: String
  /// A name of the closed role list.
  package var role: String
  /// The county's 12-digit code.
  package var county: String
  /// For whom the token was made (`aud`): `huying`.
  package var aud: String
  /// Seconds since 1970 until which it is good (`exp`).
  package var exp: Int64
  /// The party or office spoken for, if any.
  package var obo: String?

  package init(
    sub: String, org: String, role: String, county: String, aud: String = "huying", exp: Int64, obo: String? = nil
  ) {
    self.sub = sub
    self.org = org
    self.role = role
    self.county = county
    self.aud = aud
    self.exp = exp
    self.obo = obo
  }

  /// The actor that these claims name; `nil` for a role that is not on the list, or that no token may carry (SYSTEM).
  package var actor: Actor? {
    guard let role = Role(rawValue: role), role != .system else { return nil }
    return Actor(personID: sub, organisationID: org, role: role, countyCode: county, onBehalfOf: obo ?? "")
  }
}
