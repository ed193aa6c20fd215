import ArgumentParser
import Foundation
import GridRegistryContract
import Kernel
import RPC

/// `NAME=UNIT,UNIT` or `NAME=*`: a grid that a plan will make, and what lies in it.
struct NewGrid: ExpressibleByArgument {
  let name: String
  /// Empty: all of the grids that it begins with.
  let units: [String]

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2, !parts[0].isEmpty else { return nil }
    name = parts[0]
    units = parts[1] == "*" ? [] : parts[1].split(separator: ",").map(String.init)
    if units.isEmpty, parts[1] != "*" { return nil }
  }

  /// The planned grid, where the old one lies and belongs.
  func planned(
    like old: [GridRegistryV1.Grid], type: GridRegistryV1.Grid.TypeEnum? = nil
  ) -> GridRegistryV1.PlannedGrid {
    let first = old.first ?? .init()
    return .init(
      name: name, gridType: type ?? first.gridType, orgID: first.orgID, areaCode: first.areaCode,
      subjectType: first.subjectType, hostOrgID: first.hostOrgID, partyOrgID: first.partyOrgID,
      unitIDs: units.isEmpty ? old.flatMap { $0.units.map(\.unitID) } : units)
  }
}

extension PlanCommand {
  struct Split: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("加入变更：一个网格拆成几个", "Add a change: one grid becomes several."),
      discussion: "  huying plan split last 379922200001U101 --into 甲网格=a,c --into 乙网格=b,d")

    @OptionGroup var chosen: ChosenPlan

    @Argument(help: .init(Say.of("原网格编号", "The grid's code.")))
    var grid: String

    @Option(help: .init(Say.of("新网格：名称=单元,单元", "A new grid: NAME=UNIT,UNIT.")))
    var into: [NewGrid]

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.add(to: chosen.plan) { desk in
        let old = try await desk.grid(grid)
        return .init(kind: .split, gridIDs: [old.gridID], plannedGrids: into.map { $0.planned(like: [old]) })
      }
    }
  }

  struct Merge: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("加入变更：几个网格合成一个", "Add a change: several grids become one."),
      discussion: "  huying plan merge last 379922200001U101 379922200001U102 --into 合并网格=*")

    @OptionGroup var chosen: ChosenPlan

    @Argument(help: .init(Say.of("原网格编号，两个以上", "The grids' codes, two or more.")))
    var grids: [String]

    @Option(help: .init(Say.of("新网格：名称=单元,单元；=* 为原网格的全部单元", "The new grid: NAME=UNIT,UNIT; =* takes all units.")))
    var into: NewGrid

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.add(to: chosen.plan) { desk in
        var old: [GridRegistryV1.Grid] = []
        for grid in grids { old.append(try await desk.grid(grid)) }
        return .init(kind: .merge, gridIDs: old.map(\.gridID), plannedGrids: [into.planned(like: old)])
      }
    }
  }

  struct Create: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of(
        "加入变更：新建网格（专属网格从周围网格划出）", "Add a change: a new grid; a dedicated one is carved out of those around it."),
      discussion: """
          huying plan create last 新城第3网格=u7,u8 --type URBAN --org community-379922200-01 --area 379922200001
          huying plan create last 归义中学网格=school-1 --type DEDICATED --subject SCHOOL --host school-guiyi \
        --org community-379922200-01 --area 379922200001
        """)

    @OptionGroup var chosen: ChosenPlan

    @Argument(help: .init(Say.of("新网格：名称=单元,单元", "The new grid: NAME=UNIT,UNIT.")))
    var grid: NewGrid

    @Option(
      help: .of("网格类型：urban、rural、dedicated。", "The grid's type: urban, rural, dedicated."),
      completion: .words(of: GridRegistryV1.Grid.TypeEnum.self))
    var type: String

    @Option(name: .customLong("org"), help: .init(Say.of("所属社区或村", "The community or village that it belongs to.")))
    var organisation: String

    @Option(help: .init(Say.of("所在区划（12位代码）", "Where it lies (12 digits).")))
    var area: String

    @Option(
      help: .init(Say.of("专属网格的主体：", "What a dedicated grid is: ") + "INDUSTRIAL_PARK, BUSINESS_MARKET, SCHOOL, OTHER"))
    var subject = ""

    @Option(help: .init(Say.of("专属网格的主办单位", "The organisation that hosts a dedicated grid.")))
    var host = ""

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.add(to: chosen.plan) { _ in
        .init(
          kind: .create,
          plannedGrids: [
            .init(
              name: grid.name, gridType: try .init(named: type), orgID: organisation, areaCode: area,
              subjectType: try .init(named: subject), hostOrgID: host, unitIDs: grid.units)
          ])
      }
    }
  }

  struct Move: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("加入变更：把单元调入、调出网格", "Add a change: units go into a grid, out of one, or both."),
      discussion: """
          huying plan move last e --to 379922200001U102
          huying plan move last f --out-of 379922200001U103
        """)

    @OptionGroup var chosen: ChosenPlan

    @Argument(help: .init(Say.of("单元标识", "The units' ids.")))
    var units: [String]

    @Option(help: .init(Say.of("调出的网格", "Out of this grid.")))
    var outOf = ""

    @Option(help: .init(Say.of("调入的网格", "Into this grid.")))
    var to = ""

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.add(to: chosen.plan) { _ in
        .init(kind: .moveUnits, moves: units.map { .init(unitID: $0, fromGridID: outOf, toGridID: to) })
      }
    }
  }

  struct Retire: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("加入变更：撤销网格（其单元须另行调入别处）", "Add a change: a grid ends; its units have to go elsewhere."))

    @OptionGroup var chosen: ChosenPlan

    @Argument(help: .init(Say.of("网格编号", "The grid's code.")))
    var grid: String

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.add(to: chosen.plan) { .init(kind: .retire, gridIDs: [try await $0.grid(grid).gridID]) }
    }
  }

  struct Retype: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("加入变更：网格改为另一类型", "Add a change: a grid becomes one of another type."))

    @OptionGroup var chosen: ChosenPlan

    @Argument(help: .init(Say.of("网格编号", "The grid's code.")))
    var grid: String

    @Option(
      help: .of("网格类型：urban、rural、dedicated。", "The grid's type: urban, rural, dedicated."),
      completion: .words(of: GridRegistryV1.Grid.TypeEnum.self))
    var type: String

    @Option(help: .init(Say.of("新网格：名称=单元,单元；=* 为原网格的全部单元", "The new grid: NAME=UNIT,UNIT; =* takes all units.")))
    var into: NewGrid

    @Option(name: .customLong("org"), help: .init(Say.of("所属组织，缺省不变", "What it belongs to; default: as before.")))
    var organisation = ""

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.add(to: chosen.plan) { desk in
        let old = try await desk.grid(grid)
        var planned = into.planned(like: [old], type: try .init(named: type))
        if !organisation.isEmpty { planned.orgID = organisation }
        return .init(kind: .retype, gridIDs: [old.gridID], plannedGrids: [planned])
      }
    }
  }

  struct Excuse: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "exception",
      abstract: Say.of("为规模不符的网格写明理由，随方案审批", "Say why a grid may be of another size; approved with the plan."),
      discussion: "  huying plan exception last 379922200001U105 --reason 河道相隔，不宜再分")

    @OptionGroup var chosen: ChosenPlan

    @Argument(help: .init(Say.of("网格编号", "The grid's code.")))
    var grid: String

    @Option(help: .init(Say.of("理由", "Why.")))
    var reason: String

    @Option(
      help: .of(
        "哪条规则的例外：HOUSEHOLDS_OUT_OF_RANGE、NATURAL_VILLAGE_COUNT。",
        "The rule: HOUSEHOLDS_OUT_OF_RANGE, NATURAL_VILLAGE_COUNT."))
    var rule = "HOUSEHOLDS_OUT_OF_RANGE"

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.edit(chosen.plan) { plan in
        plan.exceptions.removeAll { $0.rule == rule && $0.gridCode == grid }
        plan.exceptions.append(.init(rule: rule, gridCode: grid, reason: reason))
      }
    }
  }

  struct Amend: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("更改方案名称或生效日期", "Change a plan's title or day of effect."))

    @OptionGroup var chosen: ChosenPlan

    @Option(help: .init(Say.of("方案名称", "What it is called.")))
    var title: String?

    @Option(name: .customLong("from"), help: .init(Say.of("生效日期（年-月-日）", "The day of effect (YYYY-MM-DD).")))
    var day: String?

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.edit(chosen.plan) { plan in
        if let title { plan.title = title }
        if let day { plan.effectiveDate = day }
      }
    }
  }

  struct Unchange: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("删去方案的第几项变更", "Take a change out of a plan again."))

    @OptionGroup var chosen: ChosenPlan

    @Argument(help: .init(Say.of("第几项，见 plan show", "Its number, as plan show says.")))
    var number: Int

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.edit(chosen.plan) { plan in
        guard plan.changes.indices.contains(number - 1) else {
          throw Complaint("没有第 \(number) 项", "there is no change \(number)")
        }
        plan.changes.remove(at: number - 1)
      }
    }
  }

  struct EditFromFile: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "edit",
      abstract: Say.of("用文件（JSON）更换整个方案内容", "Replace a plan's whole content by a file's (JSON)."),
      discussion: """
          huying plan show last -o json > plan.json
          huying plan edit last plan.json
        """)

    @OptionGroup var chosen: ChosenPlan

    @Argument(help: .of("方案文件（plan.json）。", "The plan's file, plan.json."))
    var file: String

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      guard let data = FileManager.default.contents(atPath: file) else {
        throw Complaint.unreadable(file)
      }
      let content: GridRegistryV1.DivisionPlan = try JSONText.read(String(decoding: data, as: UTF8.self))
      try await gateway.edit(chosen.plan) { plan in
        plan.title = content.title
        plan.effectiveDate = content.effectiveDate
        plan.changes = content.changes
        plan.exceptions = content.exceptions
      }
    }
  }
}

extension GatewayOptions {
  /// Adds a change to a draft and shows what the plan is now.
  func add(to reference: String, _ change: (GridDesk) async throws -> GridRegistryV1.PlanChange) async throws {
    try await atGridDesk { desk in
      let plan = try await desk.plan(reference)
      let change = try await change(desk)
      try show(try await desk.edit(plan) { $0.changes.append(change) })
    }
  }

  /// Changes a draft and shows what the plan is now.
  func edit(_ reference: String, _ change: (inout GridRegistryV1.DivisionPlan) throws -> Void) async throws {
    try await atGridDesk { desk in
      try show(try await desk.edit(try await desk.plan(reference), change))
    }
  }
}
