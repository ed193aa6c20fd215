import ArgumentParser
import Foundation
import GridRegistryContract
import RPC

/// `huying capability`: lines of work, who answers for them, and what each grid can do.
struct CapabilityCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "capability",
    abstract: Say.of("网格能力：条线、联络人、网格与条线对照表。", "What grids can do: lines of work, liaisons, the matrix."),
    discussion: Say.of(
      """
        huying capability matrix 379922001000                       网格 × 条线，缺口一目了然
        huying capability matrix 379922001000 --gaps                只看缺口
        huying capability lines
        huying capability line SANITATION --name 环卫                增加条线
        huying capability liaison PUBLIC_SECURITY person-0042 --grid 379922001001U001
        huying capability liaisons --township 379922001000
        huying capability end 编号
      """,
      """
        huying capability matrix 379922001000                       grid × line of work, and where there is a gap
        huying capability matrix 379922001000 --gaps                the gaps alone
        huying capability lines
        huying capability line SANITATION --name 环卫                a further line of work
        huying capability liaison PUBLIC_SECURITY person-0042 --grid 379922001001U001
        huying capability liaisons --township 379922001000
        huying capability end ID
      """),
    subcommands: [Matrix.self, Lines.self, PutLine.self, SetLiaison.self, Liaisons.self, EndLiaison.self])

  struct Matrix: AsyncParsableCommand {
    static let configuration = CommandConfiguration("网格与条线对照表", "Grid × line of work of one township.")

    @Argument(help: .of("乡镇的12位代码", "The township's 12 digits."))
    var township: String

    @Option(help: .of("当日的样子（年-月-日）", "As it was on that day (YYYY-MM-DD)."))
    var asOf = ""

    @Flag(help: .of("只列缺口", "The gaps alone."))
    var gaps = false

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atTeamDesk { desk in
        let rows = try await Pages.read { token in
          let page = try await desk.capability.getCapabilityMatrix(
            .init(townshipCode: township, asOfDate: asOf, pageSize: 500, pageToken: token), options: TeamDesk.options)
          return (page.rows, page.nextPageToken)
        }.records
        let names = Dictionary(
          try await desk.lines().map { ($0.lineCode, $0.name) }, uniquingKeysWith: { first, _ in first })
        try gateway.show(rows) { gaps ? CapabilityText.gaps($0, names) : CapabilityText.matrix($0, names) }
      }
    }
  }

  struct Lines: AsyncParsableCommand {
    static let configuration = CommandConfiguration("条线清单", "The lines of work.")
    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atTeamDesk { desk in
        try gateway.show(try await desk.lines()) { CapabilityText.table($0) }
      }
    }
  }

  struct PutLine: AsyncParsableCommand {
    static let configuration = CommandConfiguration("line", "增加或更名条线", "Add a line of work, or rename one.")

    @Argument(help: .of("条线代码", "Its code."))
    var line: String

    @Option(help: .of("名称", "Its name."))
    var name: String

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atTeamDesk { desk in
        let known = try await desk.lines().first { $0.lineCode == line }
        let answer = try await desk.capability.upsertLineOfWork(
          .init(
            requestID: RequestID.fresh, line: .init(lineCode: line, name: name), expectedVersion: known?.version ?? 0),
          options: TeamDesk.options)
        try gateway.show([answer.line ?? .init()]) { CapabilityText.table($0) }
      }
    }
  }

  struct SetLiaison: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      "liaison", "指定某条线的联络人", "Name who answers for a line of work in a grid or an organisation.")

    @Argument(help: .of("条线代码", "The line's code."))
    var line: String

    @Argument(help: .of("人员编号", "The person's id."))
    var person: String

    @Option(help: .of("网格编号或标识", "The grid's code or id."))
    var grid = ""

    @Option(help: .of("组织编号", "Or an organisation's id."))
    var org = ""

    @Option(help: .of("自哪日起（年-月-日），不填为今日", "From which day, YYYY-MM-DD; default: today."))
    var from = ""

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atTeamDesk { desk in
        let answer = try await desk.capability.setLiaison(
          .init(requestID: RequestID.fresh, lineCode: line, gridID: grid, orgID: org, personID: person, fromDate: from),
          options: TeamDesk.options)
        try gateway.show([answer.liaison ?? .init()]) { CapabilityText.table($0) }
      }
    }
  }

  struct Liaisons: AsyncParsableCommand {
    static let configuration = CommandConfiguration("联络人清单", "Who answers for what.")

    @Option(help: .of("只看该乡镇（12位代码）", "Only this township's (12 digits)."))
    var township = ""

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atTeamDesk { desk in
        try gateway.show(try await desk.liaisons(township)) { CapabilityText.table($0) }
      }
    }
  }

  struct EndLiaison: AsyncParsableCommand {
    static let configuration = CommandConfiguration("end", "今日起不再担任联络人", "End a liaison today.")

    @Argument(help: .of("联络关系编号或其开头", "The liaison's id or its beginning."))
    var liaison: String

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atTeamDesk { desk in
        let before = try Pages.one(liaison, of: try await desk.liaisons(), id: \.liaisonID)
        let answer = try await desk.capability.endLiaison(
          .init(requestID: RequestID.fresh, liaisonID: before.liaisonID, expectedVersion: before.version),
          options: TeamDesk.options)
        try gateway.show([answer.liaison ?? .init()]) { CapabilityText.table($0) }
      }
    }
  }
}

extension TeamDesk {
  func lines() async throws -> [GridRegistryV1.LineOfWork] {
    try await capability.listLinesOfWork(.init(), options: Self.options).lines
  }

  func liaisons(_ township: String = "") async throws -> [GridRegistryV1.Liaison] {
    try await Pages.read { token in
      let page = try await capability.listLiaisons(
        .init(pageSize: 500, pageToken: token, townshipCode: township), options: Self.options)
      return (page.liaisons, page.nextPageToken)
    }.records
  }
}

/// Capabilities in tables.
enum CapabilityText {
  static func table(_ lines: [GridRegistryV1.LineOfWork]) -> String {
    var table = Table(Say.of("代码", "code"), Say.of("条线", "line of work"))
    for line in lines { table.add(line.lineCode, line.name) }
    return table.text
  }

  static func table(_ liaisons: [GridRegistryV1.Liaison]) -> String {
    var table = Table(
      Say.of("编号", "id"), Say.of("条线", "line"), Say.of("网格或组织", "grid or organisation"), Say.of("联络人", "person"),
      Say.of("起", "from"), Say.of("止", "to"))
    for liaison in liaisons {
      table.add(
        liaison.liaisonID, liaison.lineCode, liaison.gridID.isEmpty ? liaison.orgID : liaison.gridID,
        liaison.personID, liaison.fromDate, liaison.toDate)
    }
    return liaisons.isEmpty ? Say.of("没有联络人", "there is no liaison") : table.text
  }

  /// A column for each line of work; ✓ where there is a liaison and somebody certified, else what is missing.
  static func matrix(_ rows: [GridRegistryV1.CapabilityRow], _ names: [String: String]) -> String {
    guard let first = rows.first else { return Say.of("没有网格", "there is no grid") }
    let headings = [Say.of("网格", "grid"), Say.of("名称", "name")] + first.cells.map { heading($0.lineCode, names) }
    var table = Table(headings: headings)
    for row in rows { table.add(cells: [row.gridCode, row.gridName] + row.cells.map { short($0.gap) }) }
    return table.text + "\n\n" + summary(rows)
  }

  /// One gap a line.
  static func gaps(_ rows: [GridRegistryV1.CapabilityRow], _ names: [String: String]) -> String {
    var table = Table(Say.of("网格", "grid"), Say.of("名称", "name"), Say.of("条线", "line"), Say.of("缺", "missing"))
    for row in rows {
      for cell in row.cells where !cell.gap.isEmpty {
        table.add(row.gridCode, row.gridName, heading(cell.lineCode, names), long(cell.gap))
      }
    }
    return rows.contains { $0.cells.contains { !$0.gap.isEmpty } }
      ? table.text + "\n\n" + summary(rows) : Say.of("没有缺口", "there is no gap")
  }

  private static func summary(_ rows: [GridRegistryV1.CapabilityRow]) -> String {
    let cells = rows.flatMap(\.cells)
    let gaps = cells.count { !$0.gap.isEmpty }
    return Say.of(
      "\(rows.count) 个网格，\(cells.count) 格中有缺口 \(gaps)", "\(rows.count) grids, \(gaps) gaps in \(cells.count) cells")
  }

  /// A line of work: by its name where Chinese is read, else by its code.
  private static func heading(_ code: String, _ names: [String: String]) -> String { Say.of(names[code] ?? code, code) }

  private static func short(_ gap: String) -> String {
    switch gap {
    case "": "✓"
    case "NO_LIAISON": Say.of("无联络人", "no liaison")
    case "NO_CERTIFIED_MEMBER": Say.of("无持证", "no certified")
    case "NEITHER": Say.of("皆无", "neither")
    default: gap
    }
  }

  private static func long(_ gap: String) -> String {
    switch gap {
    case "NO_LIAISON": Say.of("联络人", "a liaison")
    case "NO_CERTIFIED_MEMBER": Say.of("持证网格员", "a member with a certificate")
    case "NEITHER": Say.of("联络人和持证网格员", "both: a liaison, and a member with a certificate")
    default: gap
    }
  }
}
