import DispatchDomain
import Foundation
import Lifecycle
import Testing

/// The README's diagrams are the tables'.
struct ReadmeTests {
  private let text: String

  init() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Services/Dispatch/README.md")
    text = try String(contentsOf: root, encoding: .utf8)
  }

  @Test func `the README shows the lifecycles as they are`() {
    #expect(text.contains("```mermaid\n\(once(Call.lifecycle.diagram))\n```"))
    #expect(text.contains("```mermaid\n\(once(CoordinationTask.lifecycle.diagram))\n```"))
  }

  /// Rows of several parts are drawn once.
  private func once(_ diagram: String) -> String {
    var seen: Set<Substring> = []
    return diagram.split(separator: "\n").filter { seen.insert($0).inserted }.joined(separator: "\n")
  }

  @Test func `the README has the form's headings`() {
    let headings = text.split(separator: "\n").filter { $0.hasPrefix("## ") }.map { $0.dropFirst(3) }
    #expect(headings == ["Owns", "Lifecycles", "RPCs", "Tables", "Events", "Clocks", "Inbox"])
  }
}
