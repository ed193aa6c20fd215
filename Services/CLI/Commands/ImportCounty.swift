import Access
import ArgumentParser
import Foundation
import GridRegistryContract
import Kernel
import RPC

/// `huying import county [DIR]`: areas, organisations, persons, grids, calendar and the responsibility list.
struct ImportCounty: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "county",
    abstract: Say.of(
      "导入一个县：内置的小县（演示数据），或文件夹中的 CSV、JSONL 文件。",
      "Bring in a county: the built-in small one (演示数据), or a folder's CSV and JSONL files."),
    discussion: Say.of(
      """
      文件名说明其内容：areas 区划、organisations 单位、persons 人员、grids 网格、calendar 工作日历（带表头的 CSV），items 清单事项（JSONL）。
      内置的文件就是示例：--example 目录 把它们写出来。重复导入不会改变什么。
        huying import county --example ./example
        huying import county ./import --dry-run     逐行说明有误之处，不作任何改动
        huying import county ./import
      """,
      """
      A file's name says what it holds: areas, organisations, persons, grids, calendar (CSV with headings) and items (JSONL).
      The built-in files are the example to follow: --example DIR writes them down. Run again, nothing changes.
        huying import county --example ./example
        huying import county ./import --dry-run     every bad row with its line and reason; nothing is changed
        huying import county ./import
      """))

  @Argument(help: .of("文件夹；不写则导入内置的小县。", "The folder; without it the built-in county."))
  var folder: String?

  @Option(help: .of("清单的版本号。", "The list version's number."))
  var list = "2019-1"

  @Option(
    help: .of(
      "清单的生效日期；与 --approval 和操作员密钥一起，随即发布。须晚于前一版。",
      """
      The first day on which the list holds, after that of the one before. With --approval and the operator's key at hand, the list is \
      published at once.
      """))
  var effective: String?

  @Option(help: .of("领导批准清单的文号。", "The number of the document by which the leadership approved the list."))
  var approval: String?

  @Option(help: .of("清单依据的上级文件，如 鲁编办发〔2019〕4号。", "The document that the list carries out: 鲁编办发〔2019〕4号."))
  var policy: String?

  @Flag(
    help: .of(
      "即使已有别的单位，也导入内置的小县（演示数据）。", "Bring the built-in county in even where other organisations are (演示数据).")
  )
  var demo = false

  @Flag(help: .of("只说明每一行会怎样，不作任何改动。", "Say what would become of every row, and change nothing."))
  var dryRun = false

  @Option(
    help: .of(
      "只把内置小县的文件作为示例写入此文件夹。", "Write the built-in county's files into this folder, as the example to follow, and stop.")
  )
  var example: String?

  @OptionGroup var gateway: GatewayOptions

  func validate() throws {
    if let effective, CivilDate(effective) == nil {
      throw ValidationError(
        Say.of("--effective \(effective)：日期应写作 2026-01-31", "--effective \(effective): a day is written 2026-01-31"))
    }
    if (effective == nil) != (approval == nil) {
      throw ValidationError(Say.of("--approval 与 --effective 须同时给出", "--approval and --effective go together"))
    }
  }

  func run() async throws {
    if let example { return try CountyFiles.builtIn.write(to: example) }
    let files = try folder.map { try CountyFiles(folder: $0) } ?? .builtIn
    for name in files.leftOut {
      Terminal.say(
        Say.of("\(name) 没有读入：只读 .csv 和 .jsonl 文件", "\(name) is left out: only .csv and .jsonl files are read"))
    }
    let items = files.files.filter { $0.kind == .items }
    let source = folder.map { ($0 as NSString).lastPathComponent } ?? "demo"
    try await gateway.withChannel { channel in
      try await channel.expectGateway()
      var importer = CountyImporter(source: source, channel: channel)
      if folder == nil, !demo {
        try await Self.expectNoOther(than: files, channel)
        // Another county's rows would be refused but for its calendar and its list: all of it or nothing.
        var rehearsal = importer
        if let refused = try await rehearsal.rehearse(files.files).lazy.compactMap(\.refused.first).first {
          throw Complaint(
            "内置的小县（\(CountyFiles.builtInCode)）与这里不符，什么也没有录入：\(refused.reason)",
            "the built-in county (\(CountyFiles.builtInCode)) does not fit here, and nothing was brought in: \(refused.reason)"
          )
        }
      }
      var results: [CountyImporter.FileResult] = []
      if dryRun {
        results = try await importer.rehearse(files.files)
      } else {
        var bar = ProgressBar(Say.of("导入", "county"))
        for file in files.files where file.kind != .items {
          results.append(try await importer.take(file))
          bar.show(done: Int64(results.count), of: Int64(files.files.count), items: results.count)
        }
        bar.clear()
        // The list refers to organisations: responsibility-list has heard of them before it is published.
        try await RelayWait(channel).untilCaughtUp(
          sources: ["grid-registry"], targets: ["dispute", "responsibility-list"])
      }
      do {
        let publisher = publisher(source, channel)
        try show(results, try await dryRun ? publisher.rehearse(items) : publisher.publish(items))
      } catch let status as Status {
        // What is in, is in, whatever became of the list.
        try? show(results, ListPublisher.Result())
        throw status
      }
    }
  }

  /// The built-in county in a real one's data could never be told apart again: whoever only forgot the folder is asked.
  private static func expectNoOther(than files: CountyFiles, _ channel: Channel) async throws {
    let own = Set(
      try files.files.filter { $0.kind == .organisations }.flatMap { try $0.rows() }.compactMap { $0.fields["org_id"] })
    let client = GridRegistryV1.OrganisationServiceClient(channel)
    let known = try await Pages.read { token in
      let page = try await client.listOrganisations(.init(pageSize: 500, pageToken: token), options: .batch)
      return (page.organisations, page.nextPageToken)
    }.records
    guard let other = known.first(where: { !own.contains($0.orgID) }) else { return }
    throw Complaint(
      "这里已有本县的单位（\(other.name)）：忘了写文件夹？内置的小县只供演示；确要导入请加 --demo",
      "there are other organisations here (\(other.name)): was the folder forgotten? The built-in county is fictional; --demo brings it in all the same"
    )
  }

  private func publisher(_ source: String, _ channel: Channel) -> ListPublisher {
    let options = gateway
    // What a county's own list rests on, and from when it holds, nobody makes up.
    let isBuiltIn = folder == nil
    let edition = ListPublisher.Edition(
      number: list, policy: policy ?? (isBuiltIn ? "演示数据" : ""),
      effectiveDate: effective ?? (isBuiltIn ? "2019-01-01" : nil),
      approvalNumber: approval ?? (isBuiltIn ? "演示〔2019〕1号" : nil))
    return ListPublisher(source: source, edition: edition, channel: channel) { role, organisation in
      let county = try await Self.county(channel)
      let token = try? await LocalToken.make(
        role: role, organisation: organisation, person: "\(role.rawValue.lowercased())@\(organisation)",
        county: county)
      return try token.map { try options.channel(token: $0) }
    }
  }

  /// Which county's directory this is.
  private static func county(_ channel: Channel) async throws -> String {
    let client = GridRegistryV1.AreaServiceClient(channel)
    let areas = try await Pages.read { token in
      let page = try await client.listAreas(.init(pageSize: 500, pageToken: token), options: .batch)
      return (page.areas, page.nextPageToken)
    }.records
    guard let county = areas.first(where: { $0.level == .county }) else {
      throw Complaint("名录中还没有本县的区划（areas 文件）", "the directory has no area of the county yet (the areas file)")
    }
    return county.areaCode
  }

  /// Every bad row with its line and reason, then the files, then where the list stands; exit code 1 if there is a bad row, or the
  /// list could not be published.
  private func show(_ results: [CountyImporter.FileResult], _ list: ListPublisher.Result) throws {
    let results = results + list.files
    switch gateway.output {
    case .json: for result in results { print(try JSONText.of(ImportedFile(result))) }
    case .table: print(table(of: results))
    }
    for result in results where result.rowCount == 0 {
      Terminal.say(Say.of("\(result.name) 中没有一行数据", "\(result.name) has no rows"))
    }
    // A draft that a rehearsal would open says nothing.
    if let standing = ListStanding.line(list), !dryRun || !list.isDraft { Terminal.say(standing) }
    if dryRun { Terminal.say(Say.of("这是试运行，什么也没有改动。", "This was a dry run: nothing was changed.")) }
    if folder == nil {
      Terminal.say(
        Say.of(
          "这是演示数据：虚构的沭安县（演示），其中的人和单位都不存在；真实的人和事不要记在这里。",
          "This is demo data: the fictional 沭安县（演示）, whose people and organisations do not exist. Keep real people's matters out of it."
        ))
    }
    if list.obstacle != nil || results.contains(where: { !$0.refused.isEmpty }) { throw ExitCode(1) }
  }

  /// The files, a line each; every bad row is said before.
  private func table(of results: [CountyImporter.FileResult]) -> String {
    let added = dryRun ? Say.of("将录入", "would be added") : Say.of("已录入", "added")
    let changed = dryRun ? Say.of("将更改", "would be changed") : Say.of("已更改", "changed")
    var table = Table(Say.of("文件", "file"), added, changed, Say.of("已存在", "there"), Say.of("被拒绝", "refused"))
    for result in results {
      table.add(
        result.name, String(result.added), String(result.changed), String(result.alreadyThere),
        String(result.refused.count))
      for text in RefusedLines.texts(result.refused) {
        Terminal.say(Say.of("\(result.name) \(text)", "\(result.name), \(text)"))
      }
    }
    return table.text
  }
}

/// What became of a file, for programs.
private struct ImportedFile: Encodable {
  struct Refusal: Encodable {
    let line: Int
    let reason: String
  }

  let file: String
  let added: Int
  let changed: Int
  let alreadyThere: Int
  let refused: [Refusal]

  init(_ result: CountyImporter.FileResult) {
    file = result.name
    added = result.added
    changed = result.changed
    alreadyThere = result.alreadyThere
    refused = result.refused.sorted { $0.line < $1.line }.map { Refusal(line: $0.line, reason: $0.reason) }
  }
}

extension CountyFiles {
  /// Lays the files down in a folder.
  fileprivate func write(to folder: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      for file in files {
        try Data(file.bytes).write(to: URL(filePath: folder).appending(path: file.name), options: .withoutOverwriting)
      }
    } catch {
      throw Complaint("不能写入 \(folder)：\(error.localizedDescription)", "\(folder): \(error.localizedDescription)")
    }
    print(Say.of("\(files.count) 个示例文件已写入 \(folder)", "\(files.count) example files are in \(folder)"))
  }
}
