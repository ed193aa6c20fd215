import ArgumentParser
import Foundation
import GridRegistryContract
import Kernel
import RPC
import WireTypes

/// `huying grid`: the county's grids, as they are and as they were.
struct GridCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grid",
    abstract: Say.of("查看网格：清单、数量、定位、沿革、覆盖情况", "Look at the grids: list, count, find, lineage, coverage."),
    discussion: Say.of(
      """
      网格按编号（区划代码加 U/R/D 加三位序号）或标识查找，旧编号会给出接替它的网格。

        huying grid list --township 379922001000 --type URBAN
        huying grid show 379922001004U002
        huying grid show 379922001004U002 --as-of 2020-02-29      当日的样子
        huying grid count --since 2019-01-01                      数量及历次变化
        huying grid locate --address 城关街道城东居委会城东1片
        huying grid lineage 379922001004U002                      由谁变来、变成了谁
        huying grid report --township 379922001000                盲区与交叉

      网格只能通过划分方案变更，见 huying plan --help。
      """,
      """
      A grid is named by its code (area code, U, R or D, three digits) or its id; an old code answers with its successors.

        huying grid list --township 379922001000 --type URBAN
        huying grid show 379922001004U002
        huying grid show 379922001004U002 --as-of 2020-02-29      as it was on that day
        huying grid count --since 2019-01-01                      and each day on which the number changed
        huying grid locate --address 城关街道城东居委会城东1片
        huying grid lineage 379922001004U002                      what it came from and what became of it
        huying grid report --township 379922001000                gaps and overlaps

      Grids change by division plans only: see huying plan --help.
      """),
    subcommands: [
      ListGrids.self, Show.self, Count.self, Locate.self, Lineage.self, ReportCoverage.self, Units.self,
      ImportLegacy.self,
    ])

  struct ListGrids: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: Say.of("网格清单", "Grids, one a line."))

    @Option(help: .init(Say.of("只看该乡镇（12位代码）", "Only this township's (12 digits).")))
    var township = ""

    @Option(
      help: .of("网格类型：urban、rural、dedicated。", "The grid's type: urban, rural, dedicated."),
      completion: .words(of: GridRegistryV1.Grid.TypeEnum.self))
    var type = ""

    @Option(
      help: .of("状态：planned、active、changed、retired。", "The state: planned, active, changed, retired."),
      completion: .words(of: GridRegistryV1.Grid.State.self))
    var state = ""

    @Option(help: .init(Say.of("当日生效的网格（年-月-日）", "What was in effect on that day (YYYY-MM-DD).")))
    var asOf = ""

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atGridDesk { desk in
        var grids: [GridRegistryV1.Grid] = []
        var request = GridRegistryV1.ListGridsRequest(
          pageSize: 500, townshipCode: township, gridType: try .init(named: type), state: try .init(named: state),
          asOfDate: asOf)
        repeat {
          let page = try await desk.grids.listGrids(request, options: GridDesk.options)
          grids += page.grids
          request.pageToken = page.nextPageToken
        } while !request.pageToken.isEmpty
        switch gateway.output {
        case .json: for grid in grids { print(try JSONText.of(grid)) }
        case .table:
          var table = Table(
            Say.of("编号", "code"), Say.of("名称", "name"), Say.of("类型", "type"), Say.of("户数", "households"),
            Say.of("状态", "state"), Say.of("问题", "findings"))
          for grid in grids {
            table.add(
              grid.gridCode, grid.name, grid.gridType.said, String(grid.householdCount), grid.state.said,
              grid.findings.map { Say.of($0.textZh, $0.textEn) }.joined(separator: " "))
          }
          print(table.text)
        }
      }
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("一个网格的全部情况", "Everything about one grid."))

    @Argument(help: .init(Say.of("网格编号或标识", "Its code or id.")))
    var grid: String

    @Option(help: .init(Say.of("当日的样子（年-月-日）", "As it was on that day (YYYY-MM-DD).")))
    var asOf = ""

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atGridDesk { desk in
        let answer = try await desk.grids.getGrid(.init(gridID: grid, asOfDate: asOf), options: GridDesk.options)
        switch gateway.output {
        case .json: print(try JSONText.of(answer))
        case .table: print(GridText.lines(answer).joined(separator: "\n"))
        }
      }
    }
  }

  struct Count: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("各乡镇、各类型的网格数", "How many grids, by township and type."))

    @Option(help: .init(Say.of("只看该乡镇（12位代码）", "Only this township's (12 digits).")))
    var township = ""

    @Option(help: .init(Say.of("当日的数量（年-月-日）", "On that day (YYYY-MM-DD).")))
    var asOf = ""

    @Option(help: .init(Say.of("自该日起的历次变化（年-月-日）", "Also each change since that day (YYYY-MM-DD).")))
    var since = ""

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atGridDesk { desk in
        let answer = try await desk.grids.countGrids(
          .init(townshipCode: township, asOfDate: asOf, historyFromDate: since), options: GridDesk.options)
        switch gateway.output {
        case .json: print(try JSONText.of(answer))
        case .table:
          var table = Table(
            Say.of("乡镇", "township"), Say.of("类型", "type"), Say.of("网格数", "grids"), Say.of("户数", "households"))
          for count in answer.counts {
            table.add(count.townshipCode, count.gridType.said, String(count.gridCount), String(count.householdCount))
          }
          print(table.text)
          print(Say.of("共 \(answer.totalCount) 个", "\(answer.totalCount) in all"))
          guard !answer.history.isEmpty else { return }
          var history = Table(Say.of("自", "since"), Say.of("网格数", "grids"))
          for point in answer.history { history.add(point.date, String(point.gridCount)) }
          print("\n" + history.text)
        }
      }
    }
  }

  struct Locate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("某处属于哪个网格", "Which grid a place lies in."),
      discussion: Say.of(
        "写明单元、坐标、地址之一。地址须带社区（村）名，片区名各处相同。",
        "Give a unit, a point or an address. An address names its community or village: names of blocks are the same everywhere."
      ))

    @Option(help: .init(Say.of("单元标识", "A unit's id.")))
    var unit = ""

    @Option(help: .init(Say.of("地址", "An address as people write it.")))
    var address = ""

    @Option(help: .init(Say.of("纬度,经度，如 34.612,118.351", "LATITUDE,LONGITUDE, like 34.612,118.351.")))
    var at: String?

    @Option(help: .init(Say.of("当日（年-月-日）", "On that day (YYYY-MM-DD).")))
    var asOf = ""

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      var request = GridRegistryV1.LocateGridRequest(unitID: unit, address: address, asOfDate: asOf)
      if let at {
        let numbers = at.split(separator: ",").compactMap { Double($0.trimmingCharacters(in: .whitespaces)) }
        guard numbers.count == 2 else {
          throw ValidationError(Say.of("坐标写作 纬度,经度", "a point is written LATITUDE,LONGITUDE"))
        }
        request.point = .init(latitude: numbers[0], longitude: numbers[1])
      }
      try await gateway.atGridDesk { desk in
        let answer = try await desk.grids.locateGrid(request, options: GridDesk.options)
        switch gateway.output {
        case .json: print(try JSONText.of(answer))
        case .table:
          guard !answer.candidates.isEmpty else { return print(Say.of("没有找到", "nothing found")) }
          var table = Table(
            Say.of("把握", "confidence"), Say.of("编号", "code"), Say.of("名称", "name"), Say.of("依据", "by"),
            Say.of("单元", "unit"), Say.of("距离（米）", "metres"))
          for candidate in answer.candidates {
            table.add(
              String(format: "%.2f", candidate.confidence), candidate.gridCode, candidate.name,
              Say.word(candidate.foundBy), candidate.unitID,
              candidate.distanceMetres == 0 ? "" : String(candidate.distanceMetres))
          }
          print(table.text)
        }
      }
    }
  }

  struct Lineage: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("网格由谁变来、变成了谁", "What a grid came from and what became of it."))

    @Argument(help: .init(Say.of("网格编号或标识，旧的也可", "Its code or id, also an old one.")))
    var grid: String

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atGridDesk { desk in
        let answer = try await desk.grids.getLineage(.init(gridID: grid), options: GridDesk.options)
        switch gateway.output {
        case .json: print(try JSONText.of(answer))
        case .table:
          print("\(answer.grid?.gridCode ?? "")  \(answer.grid?.name ?? "")  \(answer.grid?.state.said ?? "")")
          var table = Table(
            Say.of("原网格", "from"), Say.of("方式", "how"), Say.of("新网格", "to"), Say.of("日期", "on"))
          for link in answer.predecessors.reversed() + answer.successors {
            table.add(link.predecessorCode, Say.word(link.changeKind), link.successorCode, link.effectiveDate)
          }
          let isAlone = answer.predecessors.isEmpty && answer.successors.isEmpty
          print(isAlone ? Say.of("没有沿革记录", "it came from no other grid, and none came from it") : table.text)
        }
      }
    }
  }

  struct ReportCoverage: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "report",
      abstract: Say.of("覆盖报告：盲区、交叉、规模不符、悬空网格", "Coverage: gaps, overlaps, wrong sizes, grids that hang in the air."),
      discussion: Say.of("有盲区或交叉时退出码为 1。", "Exit code 1 if there is a gap or an overlap."))

    @Option(help: .init(Say.of("只看该乡镇（12位代码）", "Only this township's (12 digits).")))
    var township = ""

    @Option(help: .init(Say.of("当日（年-月-日）", "On that day (YYYY-MM-DD).")))
    var asOf = ""

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atGridDesk { desk in
        let report = try await desk.coverage.getCoverageReport(
          .init(townshipCode: township, asOfDate: asOf), options: GridDesk.options)
        switch gateway.output {
        case .json: print(try JSONText.of(report))
        case .table: print(GridText.lines(report).joined(separator: "\n"))
        }
        if report.gapCount + report.overlapCount > 0 { throw ExitCode(1) }
      }
    }
  }

  struct Units: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("单元清单，及其所在网格", "Units, and the grid that each lies in."))

    @Option(help: .init(Say.of("只看该乡镇（12位代码）", "Only this township's (12 digits).")))
    var township = ""

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atGridDesk { desk in
        var units: [GridRegistryV1.CoverageUnit] = []
        var request = GridRegistryV1.ListUnitsRequest(pageSize: 500, townshipCode: township)
        repeat {
          let page = try await desk.coverage.listUnits(request, options: GridDesk.options)
          units += page.units
          request.pageToken = page.nextPageToken
        } while !request.pageToken.isEmpty
        switch gateway.output {
        case .json: for unit in units { print(try JSONText.of(unit)) }
        case .table: print(GridText.table(units))
        }
      }
    }
  }
}
