import ArgumentParser
import DisputeContract
import Foundation
import RPC
import WireTypes

extension CaseCommand {
  struct Plan: AsyncParsableCommand {
    static let configuration = CommandConfiguration("制定联合化解方案。", "Write the plan of joint handling.")
    @Option(
      help: .of(
        "人员=电话：责任人；联合化解开始前须恰为一人。", "PERSON=PHONE of who answers for it; exactly one before joint handling begins."))
    var responsible: [String] = []
    @Option(help: .of("单位|日期|内容。", "OWNER|DAY|TEXT: owner organisation, due day, what is done."))
    var measure: [String] = []
    @Option(help: .of("牵头单位；不填为本单位。", "The organisation that leads; yours unless given.")) var lead = ""
    @OptionGroup var options: CaseOptions

    func run() async throws {
      let measures = try measure.map { line in
        let parts = line.split(separator: "|", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3 else {
          throw Complaint("措施请写作 \"单位|日期|内容\"", "write a measure as \"OWNER|DAY|TEXT\"")
        }
        return DisputeV1.Measure(text: parts[2], ownerOrgID: parts[0], dueTime: try CaseCommand.time(parts[1]))
      }
      let responsibles = responsible.map { text in
        let (person, phone) = CaseCommand.pair(text)
        return DisputeV1.Responsible(personID: person, phone: phone)
      }
      try await options.take { desk, id, version in
        try await desk.plans.putPlan(
          .init(
            requestID: RequestID.fresh, caseID: id, expectedVersion: version, leadOrgID: lead,
            responsibles: responsibles, measures: measures), options: CaseDesk.options
        ).caseRecord
      }
    }
  }
}
