import GridRegistryContract
import Testing

@testable import HuyingCLI

@Suite struct GridWordsTests {
  @Test func `a new grid is written NAME=UNIT,UNIT`() {
    let grid = NewGrid(argument: "甲网格=a,c")
    #expect(grid?.name == "甲网格")
    #expect(grid?.units == ["a", "c"])
    #expect(NewGrid(argument: "合并=*")?.units == [])
    for wrong in ["甲网格", "=a", "甲网格=", ""] { #expect(NewGrid(argument: wrong) == nil) }
  }

  @Test func `a grid that a split makes lies and belongs where the old one does`() throws {
    let old = GridRegistryV1.Grid(
      gridID: "g", gridType: .urban, orgID: "community", areaCode: "379922200001",
      units: [.init(unitID: "a"), .init(unitID: "b")])
    let new = try #require(NewGrid(argument: "甲=a")).planned(like: [old])
    #expect(new.orgID == "community" && new.areaCode == "379922200001" && new.gridType == .urban)
    #expect(new.unitIDs == ["a"])
    #expect(try #require(NewGrid(argument: "全=*")).planned(like: [old], type: .rural).unitIDs == ["a", "b"])
    #expect(try #require(NewGrid(argument: "全=*")).planned(like: [old], type: .rural).gridType == .rural)
  }

  @Test func `words of the contract are taken as they are, in any case, and others are refused`() throws {
    #expect(try GridRegistryV1.Grid.TypeEnum(named: "urban") == .urban)
    #expect(try GridRegistryV1.DivisionPlan.State(named: "") == .unspecified)
    #expect(try GridRegistryV1.PlanChange.Kind(named: "move-units") == .moveUnits)
    #expect(throws: Complaint.self) { try GridRegistryV1.Grid.TypeEnum(named: "CITY") }
  }

  @Test func `the language is taken out of the arguments, wherever it stands`() {
    #expect(Terminal.Language.chosen(from: ["plan", "--lang", "en", "show", "last"]) == ["plan", "show", "last"])
    #expect(Terminal.Language.chosen(from: ["--lang=en", "grid", "list"]) == ["grid", "list"])
    #expect(Terminal.Language.chosen(from: ["plan", "show"]) == ["plan", "show"])
  }

  @Test func `a plan's findings stand in an aligned table`() {
    let check = GridRegistryV1.PlanCheck(
      gaps: [
        .init(
          findingCode: "UNIT_IN_NO_GRID", textZh: "该单元不属于任何网格。", textEn: "The unit lies in no grid.",
          metadata: ["unit_id": "e", "unit_name": "城东1片"])
      ],
      sizeBreaches: [
        .init(
          findingCode: "HOUSEHOLDS_OUT_OF_RANGE", textZh: "城区网格应为300至500户。", textEn: "300 to 500",
          metadata: ["grid_code": "379922001001U104"], excused: true)
      ])
    let lines = PlanText.lines(check)
    #expect(lines.count == 2)
    let rows = lines[1].split(separator: "\n").map(String.init)
    #expect(rows.count == 4)
    // Every row's second column begins where the heading's rule begins it, whatever script stands before.
    let second = rows[1].prefix { $0 == "─" }.count + 2
    for row in rows where row != rows[1] {
      var width = 0
      let rest = row.drop { character in
        guard width < second else { return false }
        width += Terminal.width(String(character))
        return true
      }
      #expect(width == second && rest.first != " ", "\(row)")
    }
  }

  @Test func `a report says the share in percent with two decimals`() {
    let report = GridRegistryV1.GetCoverageReportResponse(
      asOfDate: "2020-03-01", unitCount: 3, coveredUnitCount: 2, coveredShare: 2.0 / 3,
      gapCount: 1, gaps: [.init(unit: .init(unitID: "e", name: "e片"))])
    let lines = GridText.lines(report)
    #expect(lines[0].contains("66.67%"))
    #expect(lines.joined().contains("e片"))
  }
}
