import ArgumentParser
import DisputeContract
import Foundation
import RPC
import WireTypes

// Finding cases: by words of their texts, and reports of one matter.

extension CaseCommand {
  struct Search: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("按标题和内容检索案件。", "Find cases by words of their titles and narratives."),
      discussion: Say.of(
        """
        空格分开的每个词都要出现；一个字也可以查，繁简、全半角、大小写视为相同。不按姓名、电话检索。
        每次检索都留痕（huying case searches 由数据保护人员查看）。

          huying case search 屋檐水
          huying case search "宅基地 界桩" --area 379922001000 --state closed
        """,
        """
        Every word, parted by spaces, has to occur; one character is enough; traditional and simplified characters are the
        same. Names and telephones are never looked into. Every search is journaled (huying case searches).

          huying case search 屋檐水
          huying case search "宅基地 界桩" --area 379922001000 --state closed
        """))

    @Argument(help: .of("要找的词，用空格分开。", "The words, parted by spaces."))
    var text: String

    @Option(help: .of("县、镇街或村居代码（12位）。", "12-digit code of a county, township or village."))
    var area = ""

    @Option(
      help: .of("只看该状态：mediating、closed 等。", "Only in this state: mediating, closed, …"),
      completion: .words(of: DisputeV1.Case.State.self))
    var state = ""

    @Option(name: [.short, .long], help: .of("最多几件。", "How many at most."))
    var limit = 50

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atCaseDesk { desk in
        let request = DisputeV1.SearchCasesRequest(
          text: text, areaCode: area, state: try CaseWords.value(state, "STATE_"), pageSize: 100)
        let (found, isAll) = try await Pages.read(limit: limit) { token in
          var request = request
          request.pageToken = token
          let page = try await desk.searches.searchCases(request, options: CaseDesk.options)
          return (page.found, page.nextPageToken)
        }
        try gateway.show(found) { CaseFindings.table($0) }
        if !isAll { Terminal.say(Say.of("还有更多，请用 --limit", "there are more: --limit")) }
      }
    }
  }

  struct Searches: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("谁检索过什么（数据保护、审计、监督查看，并留痕）。", "Who searched for what: for those who watch over the data."),
      discussion: "  huying case searches --purpose 季度检查 --person person-0083")

    @Option(help: .of("为何查看，留痕。", "Why you look; journaled."))
    var purpose: String

    @Option(help: .of("只看此人的。", "Only this person's."))
    var person = ""

    @Option(name: [.short, .long], help: .of("最多几条。", "How many at most."))
    var limit = 50

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atCaseDesk { desk in
        let (searches, isAll) = try await Pages.read(limit: limit) { token in
          let page = try await desk.searches.listSearches(
            .init(purpose: purpose, personID: person, pageSize: Int32(min(max(limit, 1), 200)), pageToken: token),
            options: CaseDesk.options)
          return (page.searches, page.nextPageToken)
        }
        try gateway.show(searches) { CaseFindings.table($0) }
        if !isAll { Terminal.say(Say.of("还有更多，请用 --limit", "there are more: --limit")) }
      }
    }
  }

  struct Duplicates: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("可能是同一件事的其他案件。", "Other cases that may be about the same matter."),
      discussion: Say.of(
        """
        只提示，不自动并案。确认是同一件事后并案，30日内可撤销：

          huying case duplicates DJ-…
          huying case merge DJ-… --into DJ-… --reason 同一工地同一事项
          huying case unmerge DJ-… --reason 并非同一事项
        """,
        """
        It suggests and merges nothing. Merging is a clerk's own act, and comes apart again within 30 days:

          huying case duplicates DJ-…
          huying case merge DJ-… --into DJ-… --reason 同一工地同一事项
          huying case unmerge DJ-… --reason 并非同一事项
        """))

    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.gateway.atCaseDesk { desk in
        let record = try await desk.read(options.key)
        let answer = try await desk.duplicates.suggestDuplicates(
          .init(caseID: record.caseID), options: CaseDesk.options)
        try options.gateway.show(answer) { CaseFindings.text(answer, of: record.number) }
      }
    }
  }
}

/// What was found, in tables.
enum CaseFindings {
  static func table(_ found: [DisputeV1.FoundCase]) -> String {
    var table = Table(
      Say.of("编号", "number"), Say.of("状态", "state"), Say.of("办理单位", "handled by"), Say.of("上报", "reported"),
      Say.of("见于", "found in"))
    for hit in found {
      let record = hit.caseRecord ?? .init()
      let places = [
        hit.inTitle ? Say.of("标题", "title") : "", hit.inNarrative ? Say.of("内容", "narrative") : "",
      ]
      table.add(
        record.number, CaseWords.of(record.state), record.handlingOrgID, CaseSheet.time(record.reportTime),
        places.filter { !$0.isEmpty }.joined(separator: " "))
    }
    return found.isEmpty ? Say.of("没有找到案件", "no case was found") : table.text
  }

  static func table(_ searches: [DisputeV1.PerformedSearch]) -> String {
    var table = Table(
      Say.of("时间", "when"), Say.of("何人", "who"), Say.of("角色", "role"), Say.of("检索词", "text"),
      Say.of("区划", "area"), Say.of("件数", "found"))
    for search in searches {
      table.add(
        CaseSheet.time(search.searchTime), "\(search.personID) \(search.orgID)", search.role,
        search.text.isEmpty ? Say.of("（已删除）", "(erased)") : search.text, search.areaCode, String(search.foundCount))
    }
    return searches.isEmpty ? Say.of("没有检索记录", "nobody has searched") : table.text
  }

  static func text(_ answer: DisputeV1.SuggestDuplicatesResponse, of number: String) -> String {
    var lines: [String] = []
    if answer.suggestions.isEmpty {
      lines.append(Say.of("没有相似的案件", "no case resembles it"))
    } else {
      var table = Table(
        Say.of("编号", "number"), Say.of("状态", "state"), Say.of("相似", "strength"), Say.of("总分", "score"),
        Say.of("文字", "text"), Say.of("当事人", "parties"), Say.of("地点", "place"))
      for suggestion in answer.suggestions {
        table.add(
          suggestion.number, CaseWords.of(suggestion.state),
          suggestion.strength == .strong ? Say.of("很可能", "strong") : Say.of("可能", "weak"),
          share(suggestion.score), share(suggestion.textPart), share(suggestion.partyPart), share(suggestion.placePart))
      }
      lines.append(table.text)
      lines.append(
        Say.of("确认同一事项后：", "If it is the same matter: ")
          + "huying case merge \(number) --into \(answer.suggestions[0].number)")
    }
    lines.append(
      Say.of("比对了 \(answer.comparedCount) 件", "compared with \(answer.comparedCount)")
        + (answer.truncated ? Say.of("，更早的未比对", "; older ones were left out") : ""))
    return lines.joined(separator: "\n")
  }

  /// Said when a report looks like one that is there already.
  static func hint(_ similar: DisputeV1.DuplicateSuggestion) -> String {
    Say.of("可能与 \(similar.number) 是同一件事", "may be the same matter as \(similar.number)")
  }

  private static func share(_ value: Double) -> String { String(format: "%.2f", value) }
}
