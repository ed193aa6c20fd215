import ArgumentParser
import DisputeContract
import GatewayContract
import GridRegistryContract
import Testing
import Wire

@testable import HuyingCLI

/// What the words of the county's commands have in common.
@Suite struct WordsTests {
  @Test func `every word that a shell offers is taken, and means what it says`() throws {
    func check<Value: Enumeration>(_: Value.Type, _ prefix: String) throws {
      let offered = Value.allCases.filter { !$0.typed.isEmpty }
      #expect(offered.count == Value.allCases.count - 1)
      for value in offered {
        #expect(try Value(named: value.typed) == value)
        #expect(try CaseWords.value(value.typed, prefix, of: Value.self) == value)
      }
    }
    try check(DisputeV1.Case.State.self, "STATE_")
    try check(DisputeV1.Case.Flag.self, "FLAG_")
    try check(DisputeV1.Settlement.AgreementKind.self, "AGREEMENT_KIND_")
    try check(DisputeV1.CountCasesRequest.GroupBy.self, "GROUP_BY_")
    try check(GridRegistryV1.Member.State.self, "STATE_")
    try check(GridRegistryV1.DecideMoveOutRequest.Decision.self, "DECISION_")
    #expect(DisputeV1.Case.State.jointHandling.typed == "joint-handling")
  }

  @Test
  func `why a message was refused is said in the person's language, and in English where nobody kept the Chinese`() {
    let message = GatewayV1.ParkedMessage(explanation: "not yet", explanationZh: "尚未")
    #expect(RelayWords.explanation(of: message, in: .chinese) == "尚未")
    #expect(RelayWords.explanation(of: message, in: .english) == "not yet")
    #expect(RelayWords.explanation(of: .init(explanation: "not yet"), in: .chinese) == "not yet")
  }

  @Test func `pages are read to the end, or as far as somebody asked`() async throws {
    func pages(limit: Int) async throws -> (records: [Int], isAll: Bool) {
      try await Pages.read(limit: limit) { token in
        let start = Int(token) ?? 0
        return (Array(start..<start + 3), start == 6 ? "" : String(start + 3))
      }
    }
    #expect(try await pages(limit: .max).records == Array(0..<9))
    #expect(try await pages(limit: 9).isAll)
    let some = try await pages(limit: 4)
    #expect(some.records == [0, 1, 2, 3] && !some.isAll)
    #expect(try await !pages(limit: 3).isAll)
  }

  @Test func `one record is meant by its id, the beginning of it, or as the last`() throws {
    let ids = ["ab1", "ab2", "b", "bc"]
    func one(_ key: String) throws -> String { try Pages.one(key, of: ids) { $0 } }
    #expect(try one("ab2") == "ab2" && one("bc") == "bc")
    #expect(try one("b") == "b")
    #expect(try one("last") == "ab1")
    for wrong in ["ab", "x", ""] { #expect(throws: Complaint.self) { try one(wrong) } }
    #expect(throws: Complaint.self) { try Pages.one("last", of: [String]()) { $0 } }
  }

  @Test func `what may come next is said by a word that there is`() {
    let words = Set(MemberCommand.configuration.subcommands.map { $0._commandName })
    let actions = [
      "admit_to_reserve", "start_training", "appoint", "assign", "end_assignment", "coach", "recover", "suspend",
      "resume", "propose_move_out", "withdraw_proposal", "statement", "refuse", "decide", "order_handover", "leave",
      "drop", "release", "set_grade", "reinstate",
    ]
    for action in actions {
      let word = MemberWords.words(action).prefix { $0 != " " }
      #expect(words.contains(String(word)), "\(action): \(word)")
      #expect(
        MemberWords.words(action).split(separator: " M", omittingEmptySubsequences: false).count == 2, "\(action)")
    }
  }
}
