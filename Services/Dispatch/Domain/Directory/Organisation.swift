/// An organisation as our inbox has heard of it last.
package struct Organisation: Hashable, Sendable {
  package let id: String
  package let name: String
  /// A name of the directory's closed list.
  package let type: String
  /// Which kind of dispatched agency; empty for others.
  package let agencyType: String
  package let businessParentID: String
  package let dailyParentID: String
  package let areaCodes: [String]
  package let isEnded: Bool

  package init(
    id: String, name: String, type: String, agencyType: String = "", businessParentID: String = "",
    dailyParentID: String = "", areaCodes: [String] = [], isEnded: Bool = false
  ) {
    self.id = id
    self.name = name
    self.type = type
    self.agencyType = agencyType
    self.businessParentID = businessParentID
    self.dailyParentID = dailyParentID
    self.areaCodes = areaCodes
    self.isEnded = isEnded
  }

  package static let township = "TOWNSHIP"
  package static let townshipCentre = "TOWNSHIP_CENTER"
  package static let dispatchedAgency = "DISPATCHED_AGENCY"
  package static let countyDepartment = "COUNTY_DEPT"
  package static let office = "OFFICE"

  package var isAgency: Bool { type == Self.dispatchedAgency }

  /// Whether a call may be dispatched to it: not to a township and not to what is below one.
  package var takesCalls: Bool {
    !isEnded && ![Self.township, Self.townshipCentre].contains(type)
      && !["COMMUNITY", "COMMUNITY_ROOM", "VILLAGE", "VILLAGE_ROOM", "TOWNSHIP_PARTY_COMMITTEE"].contains(type)
  }
}

/// What this service reads of the directory, in our words: only what our inbox has been told.
package struct Directory {
  package var organisation: (String) throws -> Organisation?
  /// Agencies that exist in the township now.
  package var agencies: (_ townshipOrgID: String, _ townshipCode: String) throws -> [Organisation]

  package init(
    organisation: @escaping (String) throws -> Organisation?,
    agencies: @escaping (_ townshipOrgID: String, _ townshipCode: String) throws -> [Organisation]
  ) {
    self.organisation = organisation
    self.agencies = agencies
  }

  /// A fixed list, for tests and imports.
  package static func constant(_ list: [Organisation]) -> Self {
    let byID = Dictionary(list.map { ($0.id, $0) }) { _, last in last }
    return Directory(
      organisation: { byID[$0] },
      agencies: { township, code in
        list.filter { $0.belongs(toTownship: township, code: code) }.sorted { $0.id < $1.id }
      })
  }

  /// Whether somebody of `actorOrgID` acts for the township: the township itself, its centre, or the centre's township.
  package func isOfTownship(_ actorOrgID: String, _ townshipOrgID: String) throws -> Bool {
    if actorOrgID == townshipOrgID { return true }
    guard !actorOrgID.isEmpty, let mine = try organisation(actorOrgID), let its = try organisation(townshipOrgID) else {
      return false
    }
    let seats = [Organisation.township, Organisation.townshipCentre]
    guard seats.contains(mine.type), seats.contains(its.type) else { return false }
    return mine.businessParentID == its.id || mine.dailyParentID == its.id || its.businessParentID == mine.id
      || its.dailyParentID == mine.id
  }

  /// Whether somebody of `actorOrgID` acts for `departmentID`: the department itself, or an office below it.
  package func isOfDepartment(_ actorOrgID: String, _ departmentID: String) throws -> Bool {
    var current = actorOrgID
    for _ in 0..<4 where !current.isEmpty {
      if current == departmentID { return true }
      guard let found = try organisation(current), found.type == Organisation.office else { return false }
      current = found.businessParentID
    }
    return false
  }
}

extension Organisation {
  /// Whether it is an agency that works in the township.
  package func belongs(toTownship townshipOrgID: String, code: String) -> Bool {
    isAgency && !isEnded && (dailyParentID == townshipOrgID || areaCodes.contains(code))
  }
}
