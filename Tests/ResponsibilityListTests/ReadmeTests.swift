import Foundation
import Lifecycle
import ResponsibilityListDomain
import Testing

/// What the service's README says is what the code does.
struct ReadmeTests {
  static let text =
    (try? String(
      contentsOf: URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Services/ResponsibilityList/README.md"), encoding: .utf8)) ?? ""

  @Test func `the diagram is the rulebook's`() {
    #expect(Self.text.contains(ListVersion.lifecycle.diagram))
  }

  @Test func `the engine's numbers are the policy's`() {
    let policy = ScoringPolicy.standard
    #expect(Self.text.contains("θ = \(policy.threshold)"))
    #expect(Self.text.contains("a pair counts \(policy.pairShare) of a term"))
    #expect(Self.text.contains("exclusions subtract \(policy.exclusionPenalty)"))
  }
}
