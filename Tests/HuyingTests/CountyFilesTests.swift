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
      name: "x_areas.csv", kind: .areas, bytes: Array("# 演示\na,b\n1,\"2,\"\"3\"\"\"\n".utf8))
    #expect(try file.rows().first?.fields == ["a": "1", "b": "2,\"3\""])
    let short = CountyFiles.File(name: "x_areas.csv", kind: .areas, bytes: Array("a,b\n1\n".utf8))
    let complaint = try #require(throws: Complaint.self) { try short.rows() }
    #expect(complaint.text == "x_areas.csv, line 2: 1 fields, 2 headings")
  }

  @Test func `a file whose name says nothing is refused`() throws {
    let folder = TemporaryFolder()
    #expect(FileManager.default.createFile(atPath: folder.file("things.csv"), contents: Data("a\n".utf8)))
    #expect(throws: Complaint.self) { try CountyFiles(folder: folder.path) }
  }
}
