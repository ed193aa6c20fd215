import Access
import ArgumentParser
import Foundation
import RPC

/// `huying import county [DIR]`: areas, organisations, persons, grids, calendar and the responsibility list.
struct ImportCounty: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "county",
    abstract: Say.of(
      "导入一个县：内置的小县（演示数据），或文件夹中的 CSV、JSONL 文件。",
      "Bring in a county: the built-in small one (演示数据), or a folder's CSV and JSONL files."),
    discussion: """
      A file's name says what it holds: areas, organisations, persons, grids, calendar (CSV with headings) and items (JSONL).
      The built-in files in Services/CLI/Demo are the example to follow. Run again, nothing changes.
      """)

  @Argument(help: "The folder; without it the built-in county.")
  var folder: String?

  @Option(help: "The list version's number.")
  var list = "2019-1"

  @OptionGroup var gateway: GatewayOptions

  func run() async throws {
    let files = try folder.map { try CountyFiles(folder: $0) } ?? .builtIn
    let source = folder.map { ($0 as NSString).lastPathComponent } ?? "demo"
    try await gateway.withChannel { channel in
      let importer = CountyImporter(source: source, channel: channel)
      var results: [CountyImporter.FileResult] = []
      var bar = ProgressBar("county")
      for file in files.files where file.kind != .items {
        results.append(try await importer.take(file))
        bar.show(done: Int64(results.count), of: Int64(files.files.count), items: results.count)
      }
      // The list refers to organisations: responsibility-list has heard of them before it is published.
      try await RelayWait(channel).untilCaughtUp(
        sources: ["grid-registry"], targets: ["dispute", "responsibility-list"])
      let items = files.files.filter { $0.kind == .items }
      if !items.isEmpty {
        let published = try await publish(items, source, channel)
        results += published.files
        bar.clear()
        if published.isDraft {
          Terminal.say("the list \(list) is a draft; 编办 submits and publishes it, the leadership approves it")
        }
      }
      bar.clear()
      show(results)
      if results.contains(where: { !$0.refused.isEmpty }) { throw ExitCode(1) }
    }
  }

  private func publish(
    _ items: [CountyFiles.File], _ source: String, _ channel: Channel
  ) async throws -> ListPublisher.Result {
    let options = gateway
    let publisher = ListPublisher(source: source, number: list, channel: channel) { role, organisation in
      let token = try? await LocalToken.make(
        role: role, organisation: organisation, person: "\(role.rawValue.lowercased())@\(organisation)")
      return try token.map { try options.channel(token: $0) }
    }
    return try await publisher.publish(items)
  }

  private func show(_ results: [CountyImporter.FileResult]) {
    var table = Table(Say.of("文件", "file"), Say.of("新增", "added"), Say.of("已有", "there"), Say.of("拒绝", "refused"))
    for result in results {
      table.add(result.name, String(result.added), String(result.alreadyThere), String(result.refused.count))
      for refusal in result.refused.prefix(20) {
        Terminal.say("\(result.name), line \(refusal.line): \(refusal.reason)")
      }
    }
    print(table.text)
  }
}
