package import Access
import GridRegistryDomain
import GridRegistryStore
import Kernel
import Runtime
package import WorkClock

/// What the directory says of the people who work in the county at this moment, for what stands beside the registry in its process.
package struct StaffDirectory: Sendable {
  /// Where somebody works and as what.
  package struct Entry: Sendable {
    package let organisationID: String
    package let roles: Set<Role>
    /// Has not left; as a member of the team not suspended, not moved out, not gone.
    package let isPresent: Bool
  }

  let commands: CommandShell
  let county: AreaCode?

  /// Somebody's entry; `nil`: nobody has this id.
  package func entry(of personID: String) throws -> Entry? {
    guard let county else { return nil }
    let registry = Registry(county: county)
    return try commands.readInline { reading in
      guard let person = try registry.persons.load(.init(personID), in: reading) else { return nil }
      let terms = try registry.members.list(ofPerson: person.id, in: reading)
      return Entry(
        organisationID: person.organisationID.text, roles: person.roles,
        isPresent: person.state == .active && Self.isPresent(terms))
    }
  }

  /// Whether an organisation is entered and active.
  package func hasOrganisation(_ id: String) throws -> Bool {
    guard let county else { return false }
    return try commands.readInline { reading in
      try Registry(county: county).organisations.load(.init(id), in: reading)?.isActive == true
    }
  }

  /// The calendar as it is known now.
  package func calendar() throws -> WorkCalendar {
    guard let county else { return try WorkCalendar([]) }
    return try commands.readInline { try Registry(county: county).calendar(in: $0) }
  }

  /// Somebody who was never in the team is judged by the person's entry alone; who was, by the present term. A candidate who was
  /// dropped never was in it.
  private static func isPresent(_ terms: [GridMember]) -> Bool {
    if let current = terms.first(where: { !$0.state.isOver }) { return current.state != .suspended }
    return !terms.contains { $0.activeSince != nil }
  }
}
