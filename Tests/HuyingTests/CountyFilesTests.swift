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
}
