import ArgumentParser
import CommonContract
import Foundation
import GridRegistryContract
import Kernel
import RPC
import Wire

extension GridCommand {
  /// `huying grid import FILE`: grids as they were before the registry.
  struct ImportLegacy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "import",
      abstract: Say.of("导入原有网格及单元（CSV）", "Bring in legacy grids and units (CSV)."),
      discussion: Say.of(
        """
        原有网格照原样导入：规模不符、单元交叉记为待整改问题，不属于任何网格的单元逐一列出。重复导入不会重复。

        网格表的列：grid_id,grid_code,name,grid_type,org_id,area_code,household_count,population_count,natural_villages,
        subject_type,host_org_id,party_org_id,effective_from_date,units，可加 predecessor_ids（原网格，分号隔开，原网格写在前面）。
        units 写作 标识:种类:名称:户数，分号隔开，种类为 HOUSEHOLD_BLOCK、NATURAL_VILLAGE、SITE。
        单元表的列：unit_id,kind,name,area_code,household_count，可加 latitude,longitude。

          huying grid import grids.csv --units units.csv --source 2019年摸底
        """,
        """
        Legacy grids come in as they are: a wrong size or a shared unit is an open finding, a unit that lies in no grid is named.
        Run again, nothing changes.

        Columns for grids: grid_id,grid_code,name,grid_type,org_id,area_code,household_count,population_count,natural_villages,
        subject_type,host_org_id,party_org_id,effective_from_date,units; also predecessor_ids (the grids that it came out of,
        separated by ;, entered before it). units: id:KIND:name:households, separated by ;; KIND is HOUSEHOLD_BLOCK,
        NATURAL_VILLAGE or SITE.
        Columns for units: unit_id,kind,name,area_code,household_count; also latitude,longitude.

          huying grid import grids.csv --units units.csv --source survey-2019
        """))

    @Argument(help: .init(Say.of("网格表（CSV）", "The grids (CSV).")))
    var file: String?

    @Option(help: .init(Say.of("单元表（CSV）", "The units (CSV).")))
    var units: String?

    @Option(help: .init(Say.of("数据来源，缺省为文件名", "Where the rows come from; default: the file's name.")))
    var source: String?

    @OptionGroup var gateway: GatewayOptions

    func validate() throws {
      if file == nil, units == nil {
        throw ValidationError(Say.of("须写明网格表或单元表", "name a file of grids, or --units"))
      }
    }

    func run() async throws {
      let grids: [GridRegistryV1.GridRow] =
        try file.map { try CountyFiles.File.rows(of: $0, as: .grids).map { .legacy($0.fields) } } ?? []
      let units: [GridRegistryV1.UnitRow] =
        try units.map { try CountyFiles.File.rows(of: $0, as: .grids).map { .init($0.fields) } } ?? []
      let name = source ?? ((file ?? self.units ?? "") as NSString).lastPathComponent
      try await gateway.atGridDesk { desk in
        var requests = stride(from: 0, to: grids.count, by: 300).map {
          GridRegistryV1.ImportGridsRequest(source: name, rows: Array(grids[$0..<min($0 + 300, grids.count)]))
        }
        requests += stride(from: 0, to: units.count, by: 1_000).map {
          .init(source: name, unitRows: Array(units[$0..<min($0 + 1_000, units.count)]))
        }
        var outcomes: [CommonV1.ImportOutcome] = []
        var unmatched: Set<String> = []
        var findings: Int32 = 0
        for request in requests {
          let answer = try await desk.grids.importGrids(request, options: .init(timeout: .seconds(120)))
          outcomes += answer.outcomes + answer.unitOutcomes
          findings += answer.findingCount
          unmatched.formUnion(answer.unmatchedUnitIDs)
        }
        try show(outcomes, findings, unmatched.sorted())
        if outcomes.contains(where: { $0.result == .refused }) { throw ExitCode(1) }
      }
    }

    /// What came of it, for programs.
    private struct Report: Encodable {
      let added: Int
      let alreadyThere: Int
      let findings: Int
      let unmatchedUnits: [String]
      let refused: [String: String]
    }

    private func show(_ outcomes: [CommonV1.ImportOutcome], _ findings: Int32, _ unmatched: [String]) throws {
      func count(_ result: CommonV1.ImportOutcome.Result) -> Int { outcomes.count { $0.result == result } }
      let (added, present, refused) = (count(.added), count(.alreadyPresent), count(.refused))
      if gateway.output == .json {
        let bad = outcomes.filter { $0.result == .refused }
        let report = Report(
          added: added, alreadyThere: present, findings: Int(findings), unmatchedUnits: unmatched,
          refused: Dictionary(
            bad.map { ($0.externalRef, RefusalText.of($0.reasons)) }, uniquingKeysWith: { first, _ in first }))
        return print(try JSONText.of(report))
      }
      print(
        Say.of(
          "新增或更正 \(added)，已有 \(present)，拒绝 \(refused)；待整改问题 \(findings)",
          "added or corrected \(added), there already \(present), refused \(refused); open findings \(findings)"))
      for outcome in outcomes where outcome.result == .refused {
        Terminal.say("\(outcome.externalRef): \(RefusalText.of(outcome.reasons))")
      }
      guard !unmatched.isEmpty else { return }
      print(Say.of("不属于任何网格的单元：", "units that lie in no grid: ") + unmatched.joined(separator: " "))
    }
  }
}

extension GridRegistryV1.GridRow {
  /// A row of a file of grids, with what it came out of.
  static func legacy(_ row: [String: String]) -> Self {
    var message = Self(row)
    message.predecessorIDs = (row["predecessor_ids"] ?? "").split(separator: ";").map(String.init)
    return message
  }
}

extension GridRegistryV1.UnitRow {
  init(_ row: [String: String]) {
    let kind = GridRegistryV1.CoverageUnit.Kind(word: row["kind"] ?? "")
    var unit = GridRegistryV1.CoverageUnit(
      unitID: row["unit_id"] ?? "", kind: kind, name: row["name"] ?? "", areaCode: row["area_code"] ?? "",
      householdCount: Int32(row["household_count"] ?? "") ?? 0)
    if let latitude = row["latitude"].flatMap(Double.init), let longitude = row["longitude"].flatMap(Double.init) {
      unit.point = .init(latitude: latitude, longitude: longitude)
    }
    self.init(externalRef: unit.unitID, unit: unit)
  }
}
