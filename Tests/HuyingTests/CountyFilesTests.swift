import Foundation
import GridRegistryContract
import TestSupport
import Testing

@testable import HuyingCLI

@Suite struct CountyFilesTests {
  @Test func `the built-in county is whole`() throws {
    let files = CountyFiles.builtIn.files
    #expect(files.count == 13)
    let grids = try files.filter { $0.kind == .grids }.flatMap { try $0.rows() }.map {
      GridRegistryV1.GridRow($0.fields)
    }
    #expect(grids.count == 207 + 28)
    #expect(grids.allSatisfy { $0.grid?.gridType != .unspecified && $0.grid?.units.isEmpty == false })
    let items = try files.filter { $0.kind == .items }.flatMap { try $0.lines() }
    #expect(items.count == 51)
  }

  @Test func `what others refer to comes first`() {
    let kinds = CountyFiles.builtIn.files.map(\.kind)
    #expect(
      kinds
        == kinds.sorted {
          CountyFiles.Kind.allCases.firstIndex(of: $0)! < CountyFiles.Kind.allCases.firstIndex(of: $1)!
        })
  }

  @Test func `fields may be quoted, comments are passed over, a short line is named`() throws {
    let file = CountyFiles.File(
      name: "x_areas.csv", kind: .areas, bytes: Array("# 演示\narea_code,name\n1,\"2,\"\"3\"\"\"\n".utf8))
    #expect(try file.rows().first?.fields == ["area_code": "1", "name": "2,\"3\""])
    let short = CountyFiles.File(
      name: "x_areas.csv", kind: .areas, bytes: Array("\u{feff}area_code,name\r\n1\r\n2,b\r\n3\r\n".utf8))
    let complaint = try #require(throws: Complaint.self) { try short.rows() }
    #expect(complaint.text == "x_areas.csv, line 2: 1 fields, 2 headings")
    let content = try short.content()
    #expect(content.malformed.map(\.line) == [2, 4])
    #expect(content.rows.map(\.line) == [3])
  }

  @Test func `a heading that means nothing, and a file in another encoding, are refused as a whole`() throws {
    let misspelt = CountyFiles.File(name: "areas.csv", kind: .areas, bytes: Array("area_code,nmae\n".utf8))
    #expect(try #require(throws: Complaint.self) { try misspelt.content() }.text.contains("nmae"))
    let gbk = CountyFiles.File(name: "areas.csv", kind: .areas, bytes: [0xc3, 0xfb, 0xb3, 0xc6, 0x0a])
    #expect(try #require(throws: Complaint.self) { try gbk.content() }.text.contains("UTF-8"))
  }

  @Test func `a file whose name says nothing is refused`() throws {
    let folder = TemporaryFolder()
    #expect(FileManager.default.createFile(atPath: folder.file("things.csv"), contents: Data("a\n".utf8)))
    #expect(throws: Complaint.self) { try CountyFiles(folder: folder.path) }
  }

  private static func file(_ kind: CountyFiles.Kind, _ text: String) -> CountyFiles.File {
    CountyFiles.File(name: "\(kind.rawValue).csv", kind: kind, bytes: Array(text.utf8))
  }

  @Test func `a word that a column does not take is named with its line, its column and the words that there are`()
    throws
  {
    let content = try Self.file(
      .organisations, "org_id,org_type,industry_kind\na,COUNTY_DEPT,\nb,电话办公室,\nc,TOWNSHIP,GUILD\n"
    ).content()
    #expect(content.rows.map(\.line) == [2])
    #expect(content.malformed.map(\.line) == [3, 4])
    let reason = content.malformed[0].reason
    for part in ["org_type", "电话办公室", "COUNTY_DEPT (县直部门)", "CALL_OFFICE (呼叫受理办公室)"] {
      #expect(reason.contains(part), "\(reason)")
    }
    #expect(
      content.malformed[1].reason.hasPrefix("industry_kind: there is no \"GUILD\""), "\(content.malformed[1].reason)")
    let grids = try Self.file(
      .grids, "grid_id,grid_type,units\na,CITY,u:SITE:某厂:3\nb,,u:SITE:x:;v:BARN:y:2\nc,RURAL,\n"
    ).content()
    #expect(grids.malformed.map(\.line) == [2, 3] && grids.rows.map(\.line) == [4])
    #expect(grids.malformed[1].reason.contains("unit v") && grids.malformed[1].reason.contains("NATURAL_VILLAGE (自然村)"))
    let days = try Self.file(.calendar, "year,date,kind\n2020,2020-01-01,HOLIDAY\n").content()
    #expect(days.malformed.first?.reason.contains("kind: there is no \"HOLIDAY\"") == true, "\(days.malformed)")
  }

  @Test func `words are taken in Chinese and in any case; every word has its Chinese`() throws {
    typealias Kind = GridRegistryV1.Organisation.TypeEnum
    for word in ["COUNTY_DEPT", "county_dept", "县直部门"] { #expect(Kind(known: word) == .countyDept) }
    #expect(Kind(known: "UNSPECIFIED") == nil && Kind(known: "") == nil)
    func check<Value: NamedEnum>(_: Value.Type) {
      let chinese = Value.words.compactMap { CountyColumns.chinese[$0] }
      #expect(chinese.count == Value.words.count && Set(chinese).count == chinese.count, "\(Value.self)")
    }
    check(Kind.self)
    check(GridRegistryV1.Organisation.IndustryKind.self)
    check(GridRegistryV1.Grid.TypeEnum.self)
    check(GridRegistryV1.Grid.SubjectType.self)
    check(GridRegistryV1.CoverageUnit.Kind.self)
    check(GridRegistryV1.CalendarDay.Kind.self)
  }

  @Test func `a number that is none is refused and never taken for nothing`() throws {
    let content = try Self.file(
      .grids, "grid_id,household_count,population_count,units\na,四百,,\nb,426,1e3,\nc,3,,u:SITE:x:two\nd,426,1200,\n"
    ).content()
    #expect(content.malformed.map(\.line) == [2, 3, 4] && content.rows.map(\.line) == [5])
    #expect(content.malformed[0].reason == "household_count: \"四百\" is not a whole number")
    let years = try Self.file(.calendar, "year,confirmed\n2020,TRUE\n2021,perhaps\n").content()
    #expect(years.rows.map { GridRegistryV1.CalendarRow($0.fields).confirmed } == [true])
    #expect(years.malformed.map(\.line) == [3])
  }

  @Test func `rows of nothing but commas are passed over`() throws {
    let content = try Self.file(.areas, "area_code,name\n,\n1,a\n , \n").content()
    #expect(content.rows.map(\.line) == [3] && content.malformed.isEmpty)
  }

  @Test func `a file that cannot be read ends it, one of another kind is named, the case of a name does not matter`()
    throws
  {
    let folder = TemporaryFolder()
    _ = try folder.write("Areas.CSV", Array("area_code,name\n".utf8))
    _ = try folder.write("grids.xlsx", Array("PK".utf8))
    let files = try CountyFiles(folder: folder.path)
    #expect(files.files.map(\.name) == ["Areas.CSV"] && files.leftOut == ["grids.xlsx"])
    try FileManager.default.createDirectory(atPath: folder.file("persons.csv"), withIntermediateDirectories: true)
    let complaint = try #require(throws: Complaint.self) { try CountyFiles(folder: folder.path) }
    #expect(complaint.text.contains("chmod a+r \(folder.file("persons.csv"))"), "\(complaint.text)")
  }

  @Test func `refused lines with one reason are one line, the first reason first`() {
    let refused = [(9, "no parent"), (2, "no type"), (7, "no parent"), (8, "no parent"), (12, "no parent")]
    #expect(
      RefusedLines.texts(refused.map { (line: $0.0, reason: $0.1) }) == [
        "line 2: no type", "lines 7–9, 12: no parent",
      ])
  }

  @Test func `what stands twice is named with the place where it stood first`() {
    var seen = SeenRows()
    #expect(seen.place(of: "a", .persons, file: "x.csv", line: 2) == nil)
    #expect(seen.place(of: "a", .organisations, file: "x.csv", line: 3) == nil)
    #expect(seen.place(of: "a", .persons, file: "x.csv", line: 4) == "line 2")
    #expect(seen.place(of: "a", .persons, file: "y.csv", line: 4) == "x.csv, line 2")
    #expect(seen.place(of: "", .persons, file: "y.csv", line: 5) == nil)
    #expect(seen.place(of: "", .persons, file: "y.csv", line: 6) == nil)
  }
}
