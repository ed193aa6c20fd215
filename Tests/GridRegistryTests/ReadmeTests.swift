import Foundation
import GridRegistryContract
import GridRegistryDomain
import Lifecycle
import Testing

@Suite struct ReadmeTests {
  private static let readme = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Services/GridRegistry/README.md")

  @Test func `the diagrams are the rulebooks'`() throws {
    let text = try String(contentsOf: Self.readme, encoding: .utf8)
    #expect(text.contains(Organisation.lifecycle.diagram))
    #expect(text.contains(Grid.lifecycle.diagram))
    #expect(text.contains(GridMember.lifecycle.diagram))
    #expect(text.contains(Vacancy.lifecycle.diagram))
    #expect(text.contains(DivisionPlan.lifecycle.diagram))
  }

  @Test func `every RPC is in the table`() throws {
    let text = try String(contentsOf: Self.readme, encoding: .utf8)
    for path in GridRegistryV1.accessRules.keys where !path.contains("Inbox") {
      let name = path.split(separator: "/").last.map(String.init) ?? ""
      #expect(text.contains(name), "\(path)")
    }
  }
}
