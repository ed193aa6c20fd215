import Access
import ArgumentParser
import Foundation
import Runtime

/// `huying login`: who you are from now on, on a local stack.
struct Login: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Log in to the stack on this machine.",
    discussion: """
      ROLE is one of the closed list (GRID_MEMBER, LEVEL_CLERK, TOWNSHIP_LEADER, DEPT_CLERK, CALL_OFFICE, COUNTY_ADMIN, …),
      ORG an organisation's id in the directory:
        huying login --as COUNTY_ADMIN
        huying login --as TOWNSHIP_LEADER@town-379922001000
      """)

  @Option(name: .customLong("as"), help: "ROLE or ROLE@ORG.")
  var identity: String

  @Option(help: "The person's id; default: made of role and organisation.")
  var person: String?

  @Option(help: "The gateway, HOST:PORT or unix:PATH.")
  var target: String?

  @Option(help: "The county's 12-digit code.")
  var county = "379922000000"

  @Flag(help: "Say nothing if it works.")
  var quiet = false

  func run() async throws {
    let parts = identity.split(separator: "@", maxSplits: 1).map(String.init)
    guard let role = Role(rawValue: parts.first?.uppercased() ?? ""), role != .system else {
      let known = Role.allCases.filter { $0 != .system }.map(\.rawValue).joined(separator: ", ")
      throw Complaint("there is no role \(parts.first ?? ""); there are: \(known)")
    }
    let organisation = parts.count > 1 ? parts[1] : "county-gov"
    let person = person ?? "\(role.rawValue.lowercased().replacingOccurrences(of: "_", with: "-"))@\(organisation)"
    let token = try await LocalToken.make(role: role, organisation: organisation, person: person, county: county)
    let target = target ?? "127.0.0.1:\(ServiceIdentity.gateway.defaultPort)"
    try Session(target: target, token: token).save()
    if !quiet { print("logged in as \(role.rawValue) of \(organisation) at \(target), for 12 hours") }
  }
}
