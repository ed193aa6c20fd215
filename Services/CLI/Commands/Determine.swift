import ArgumentParser
import Foundation
import Kernel
import RPC
import ResponsibilityListContract

/// `huying determine TEXT`: whose matter is this.
struct Determine: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: Say.of("对照属地管理事项清单：这是谁的事？", "Compare a text with the responsibility list: whose matter is this?"),
    discussion: "  huying determine 村口有人偷倒工业污水到河里 --township 379922200000")

  @Argument(help: .of("事项的文字描述。", "The matter in words."))
  var text: String

  @Option(help: .of("提出的乡镇（街道）的12位代码。", "The asking township's 12-digit code."))
  var township = "379922001000"

  @Option(help: .of("以哪一天的清单为准，YYYY-MM-DD；缺省为今天。", "The day whose list is asked, YYYY-MM-DD; default: today."))
  var asOf = ""

  @Flag(
    help: .of(
      "保存结果（呼叫可引用的判定记录）；不加则什么也不写入。",
      "Keep the answer (a determination that calls can cite); without it nothing is written."))
  var keep = false

  @OptionGroup var gateway: GatewayOptions

  func run() async throws {
    try await gateway.withChannel { channel in
      let client = ResponsibilityListV1.DeterminationServiceClient(channel)
      let answer = try await client.determine(
        .init(
          requestID: RequestID.fresh, question: .init(text: text, townshipCode: township), asOfDate: asOf,
          dryRun: !keep),
        options: CallOptions(timeout: .seconds(10)))
      let determination = answer.determination ?? .init()
      switch gateway.output {
      case .json: print(try JSONText.of(determination))
      case .table: show(determination)
      }
    }
  }

  private func show(_ determination: ResponsibilityListV1.Determination) {
    let verdict = determination.verdict.said
    print(
      Say.of(
        "\(verdict)  （清单 \(determination.listNumber)，\(determination.asOfDate)）",
        "\(verdict)  (list \(determination.listNumber), as of \(determination.asOfDate))"))
    guard !determination.candidates.isEmpty else { return }
    var table = Table(
      Say.of("事项", "item"), Say.of("名称", "title"), Say.of("主体责任", "main subject"), Say.of("得分", "score"),
      Say.of("命中", "matched"))
    let scalars = Array(text.unicodeScalars)
    for candidate in determination.candidates {
      let matched = candidate.matchedSpans.map { span in
        let start = min(Int(span.start), scalars.count)
        let end = min(start + Int(span.scalarCount), scalars.count)
        return String(String.UnicodeScalarView(scalars[start..<end]))
      }
      let score = String(format: "%.3f", candidate.score)
      table.add(
        candidate.itemCode, candidate.title, candidate.main?.orgName ?? "", score,
        Terminal.cut(Set(matched).sorted().joined(separator: " "), to: 40))
    }
    print(table.text)
    for agency in determination.agencies {
      print(Say.of("派驻机构：", "agency: ") + "\(agency.agencyType) \(agency.orgName)")
    }
    let duties = determination.candidates.first?.townshipDuties.map(\.text) ?? []
    if !duties.isEmpty { print(Say.of("镇街职责：", "township's duty: ") + duties.joined(separator: "；")) }
  }
}
