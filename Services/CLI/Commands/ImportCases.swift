import ArgumentParser
import Foundation
import GridRegistryContract
import Kernel
import RPC

/// `huying import cases FILE`: citizens' messages, from report to score.
struct ImportCases: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cases",
    abstract: Say.of(
      "把群众留言导入为事项：判定、办理或呼叫、按答复结案。",
      "Turn citizens' messages into matters: determined, handled or called up, closed at their reply."),
    discussion: Say.of(
      """
      文件为 JSONL、UTF-8，每行一个对象：
        {"id": "1", "subject": "…", "text": "…", "time": "2019-04-25T09:32:09+08:00",
         "reply": "…", "reply_time": "2019-05-10T14:56:53+08:00"}
      未办结的不写 reply 和 reply_time。其他字段不理会。每行成为 --township 的一件事项（来自热线）。
      每行按（来源，id）唯一：重复导入不会改变什么。有一行被拒绝则退出码为 1，其余已录入。
      """,
      """
      FILE is JSONL, UTF-8, one object a line:
        {"id": "1", "subject": "…", "text": "…", "time": "2019-04-25T09:32:09+08:00",
         "reply": "…", "reply_time": "2019-05-10T14:56:53+08:00"}
      reply and reply_time are left out of what is still open. Other fields are ignored. Each line is a MATTER from the
      hotline of --township. Lines are unique by (source, id): run again, nothing changes.
      Exit code 1 if a line was refused; the others are in.
      """))

  @Argument(help: .of("文件。", "The file."), completion: .file(extensions: ["jsonl"]))
  var file: String?

  @Flag(help: .of("内置的虚构留言样例。", "The built-in sample of fictional messages."))
  var sample = false

  @Option(help: .of("乡镇（街道）：名称、12位代码或单位标识。", "The township: a name, a 12-digit code or an organisation's id."))
  var township = "城关街道"

  @Option(
    help: .of("来源名称，编号在其中不重复；缺省为文件名。", "The name that this collection's ids are unique in; default: the file's name."))
  var source: String?

  @OptionGroup var gateway: GatewayOptions

  func validate() throws {
    if file == nil, !sample { throw ValidationError(Say.of("请写明文件，或用 --sample", "say which file, or --sample")) }
  }

  func run() async throws {
    let path = try file ?? SampleCases.write()
    var reader = try CaseFile(path: path)
    try await gateway.withChannel { channel in
      try await channel.expectGateway()
      let patience = Patience()
      let clients = ImportClients(channel)
      let name = source ?? (path as NSString).lastPathComponent
      let importer = CaseImporter(
        source: name, township: try await find(channel, patience), client: clients, patience: patience)
      let (batches, errands) = AsyncStream.makeStream(of: [DispatchErrand].self)
      let dispatch = DispatchErrands(source: name, client: clients.dispatchImports)

      var report = ImportReport(size: reader.size)
      var ids: Set<String> = []
      async let refusedByDispatch = dispatch.deliver(batches)
      do {
        while let batch = try nextBatch(&reader, &ids, &report) {
          let outcomes = try await importer.take(batch)
          report.add(outcomes, bytesRead: reader.bytesRead)
          errands.yield(outcomes.compactMap(\.errand))
        }
        errands.finish()
      } catch {
        errands.finish()
        report.clear()
        throw error
      }
      report.waitForDispatch()
      for refusal in try await refusedByDispatch { report.refuse(id: refusal.externalRef, refusal.reason) }
      report.clear()
      try report.show(as: gateway.output)
      if report.hasRefusals { throw ExitCode(1) }
    }
  }

  /// The next lines, as many as go into one message; bad lines are reported at once and not held.
  private func nextBatch(
    _ reader: inout CaseFile, _ ids: inout Set<String>, _ report: inout ImportReport
  ) throws -> [CaseLine]? {
    var batch: [CaseLine] = []
    var bytes = 0
    while batch.count < CaseImporter.batchRows, bytes < CaseImporter.batchBytes, let next = try reader.next() {
      switch next {
      case .failure(let bad): report.refuse(line: bad.line, bad.reason)
      case .success(let line):
        guard ids.insert(line.id).inserted else {
          report.refuse(line: line.line, Say.of("编号 \(line.id) 重复", "the id \(line.id) is there twice"))
          continue
        }
        bytes += line.subject.utf8.count + line.text.utf8.count + line.reply.utf8.count
        batch.append(line)
      }
    }
    return batch.isEmpty ? nil : batch
  }

  private func find(_ channel: Channel, _ patience: Patience) async throws -> CaseImporter.Township {
    let client = GridRegistryV1.OrganisationServiceClient(channel)
    let request = GridRegistryV1.ListOrganisationsRequest(pageSize: 500, orgType: .township)
    let townships = try await patience.keepTrying("grid-registry") { () async throws(Status) in
      try await client.listOrganisations(request, options: .batch)
    }.organisations
    let wanted = township
    let found = townships.first { organisation in
      [organisation.orgID, organisation.townshipCode].contains(wanted) || organisation.name.hasPrefix(wanted)
    }
    guard let found else {
      let names = townships.map(\.name).joined(separator: "、")
      throw Complaint(
        "没有乡镇（街道）\(wanted)；" + (names.isEmpty ? "请先导入一个县：huying import county" : "有：\(names)"),
        "there is no township \(wanted); "
          + (names.isEmpty ? "import a county first: huying import county" : "there are: \(names)"))
    }
    return .init(orgID: found.orgID, code: found.townshipCode, name: found.name)
  }
}
