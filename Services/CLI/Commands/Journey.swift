import ArgumentParser
import DisputeContract
import Foundation
import GatewayContract
import Kernel
import RPC
import Wire
import WireTypes

/// `huying journey NUMBER`: one matter's whole way.
struct Journey: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: Say.of("一件事在所有服务中的全部经过。", "Show everything that happened to a case, across all services."),
    discussion: "  huying journey DJ-379922001-2019-000001")

  @Argument(help: .of("案件的编号或标识。", "The case's number or id."))
  var number: String?

  @Flag(help: .of("最近上报且已结案的案件。", "The case that was reported last and has been closed."))
  var latest = false

  @OptionGroup var gateway: GatewayOptions

  func validate() throws {
    if number == nil, !latest {
      throw ValidationError(Say.of("请写明编号，或用 --latest", "say which case: a number, or --latest"))
    }
  }

  func run() async throws {
    try await gateway.withChannel { channel in
      let wanted: String
      if let number { wanted = number } else { wanted = try await latestNumber(channel) }
      let client = GatewayV1.JourneyServiceClient(channel)
      let journey = try await client.getJourney(.init(number: wanted), options: CallOptions(timeout: .seconds(10)))
      switch gateway.output {
      case .json: print(try JSONText.of(journey))
      case .table: show(journey)
      }
    }
  }

  private func show(_ journey: GatewayV1.GetJourneyResponse) {
    let state = DisputeV1.Case.State(protoName: "STATE_" + journey.state).map(CaseWords.of) ?? journey.state
    print("\(journey.number)  \(journey.title)  \(state)")
    var table = Table(Say.of("时间", "time"), Say.of("服务", "service"), Say.of("经过", "what"), Say.of("经办", "by"))
    for entry in journey.entries {
      let time = entry.occurTime?.kernel.shanghai.prefix(16).replacingOccurrences(of: "T", with: " ") ?? ""
      let what = Say.of(entry.summaryZh, entry.summaryEn)
      table.add(time, entry.service, Terminal.cut(what, to: 60), entry.orgName)
    }
    print(table.text)
    if journey.partial {
      print(Say.of("不完整，未响应：", "not complete, did not answer: ") + journey.missingServices.joined(separator: ", "))
    }
  }

  /// A case that went through more than the township's own hands, if there is one among the newest.
  private func latestNumber(_ channel: Channel) async throws -> String {
    let client = DisputeV1.CaseServiceClient(channel)
    let page = try await client.listCases(
      .init(state: .closed, pageSize: 100), options: CallOptions(timeout: .seconds(10)))
    let beyondTownship =
      page.cases.first { $0.determination?.verdict == .call }
      ?? page.cases.first { $0.determination?.verdict == .agency }
    guard let first = beyondTownship ?? page.cases.first else {
      throw Complaint("还没有结案的案件", "no case has been closed yet", exitCode: 64 + 5)
    }
    return first.number
  }
}
