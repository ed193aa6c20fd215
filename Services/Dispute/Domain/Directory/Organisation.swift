package import Kernel

/// An organisation as grid-registry has told of it: enough to know who stands where towards a case.
package struct Organisation: Hashable, Sendable {
  /// What kind of organisation it is. Kinds that play no part in a case are `other`.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case township = "TOWNSHIP"
    case townshipCentre = "TOWNSHIP_CENTER"
    case community = "COMMUNITY"
    case communityRoom = "COMMUNITY_ROOM"
    case village = "VILLAGE"
    case villageRoom = "VILLAGE_ROOM"
    case industryBody = "INDUSTRY_BODY"
    case industryRoom = "INDUSTRY_ROOM"
    case agency = "DISPATCHED_AGENCY"
    case department = "COUNTY_DEPT"
    case countyCentre = "COUNTY_CENTER"
    case other = "OTHER"

    /// The kind of body whose room or centre this is.
    package var host: Kind? {
      switch self {
      case .townshipCentre: .township
      case .communityRoom: .community
      case .villageRoom: .village
      case .industryRoom: .industryBody
      case .township, .community, .village, .industryBody, .agency, .department, .countyCentre, .other: nil
      }
    }
  }

  package let organisationID: ID<Organisation>
  package let name: String
  package let kind: Kind
  package let businessParent: ID<Organisation>?
  package let dailyParent: ID<Organisation>?
  /// The township it belongs to; `nil` for county organisations.
  package let township: AreaCode?
  package let isClosed: Bool

  package init(
    organisationID: ID<Organisation>, name: String, kind: Kind, businessParent: ID<Organisation>? = nil,
    dailyParent: ID<Organisation>? = nil, township: AreaCode?, isClosed: Bool = false
  ) {
    self.organisationID = organisationID
    self.name = name
    self.kind = kind
    self.businessParent = businessParent
    self.dailyParent = dailyParent
    self.township = township
    self.isClosed = isClosed
  }
}

/// A person's place in the organisation. No name, no telephone.
package struct Person: Hashable, Sendable {
  package let personID: ID<Person>
  package let organisation: ID<Organisation>
  /// Names of the closed role list.
  package let roles: [String]
  package let hasLeft: Bool

  package init(personID: ID<Person>, organisation: ID<Organisation>, roles: [String], hasLeft: Bool = false) {
    self.personID = personID
    self.organisation = organisation
    self.roles = roles
    self.hasLeft = hasLeft
  }
}
