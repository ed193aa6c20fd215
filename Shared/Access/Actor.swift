/// Who is acting: all of it comes from the verified token, nothing from the request (design: "Who may do what").
package struct Actor: Hashable, Sendable {
  /// The person (`sub` of the token).
  package var personID: String
  /// The organisation that the person acts for.
  package var organisationID: String
  /// The role in which the person acts.
  package var role: Role
  /// Six digits and six zeros: the county that the person belongs to. Nobody sees another county's rows.
  package var countyCode: String
  /// The party or office this person speaks for; empty when for nobody else (C03).
  package var onBehalfOf: String

  package init(
    personID: String, organisationID: String, role: Role, countyCode: String, onBehalfOf: String = ""
  ) {
    self.personID = personID
    self.organisationID = organisationID
    self.role = role
    self.countyCode = countyCode
    self.onBehalfOf = onBehalfOf
  }

  /// The service itself, when a rule acts and no person: machine admission, relayed outcomes.
  package static func system(county: String) -> Self {
    Self(personID: "system", organisationID: "", role: .system, countyCode: county)
  }
}
