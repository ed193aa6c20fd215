import DisputeDomain
import Foundation
import Lifecycle
import Testing

@Suite struct ReadmeTests {
  @Test func `the README shows the table's own diagram`() throws {
    let readme = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Services/Dispute/README.md").standardizedFileURL
    let text = try String(contentsOf: readme, encoding: .utf8)
    for diagram in [
      Case.lifecycle.diagram, Case.Escalation.lifecycle.diagram, Case.Measure.lifecycle.diagram,
      Case.Invitation.lifecycle.diagram,
    ] { #expect(text.contains(diagram), "\(diagram)") }
    #expect(text.contains(Case.lifecycle.diagram), "\(Case.lifecycle.diagram)")
    #expect(text.contains(Alert.lifecycle.diagram), "\(Alert.lifecycle.diagram)")
    #expect(text.contains(PartyRight.lifecycle.diagram), "\(PartyRight.lifecycle.diagram)")
  }
}
