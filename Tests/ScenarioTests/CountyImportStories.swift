import Access
import Foundation
import ResponsibilityListContract
import TestSupport
import Testing
import Wire

/// A county's files brought in by `huying import county`, as county IT meets it.
extension Scenarios {
  @Test func `huying import county again: what is there, what was changed, and what a published list does not take`()
    async throws
  {
    try await Scenarios.withCounty { stack in
      let folder = CountyFolder("demo")
      let example = try await stack.huying(["import", "county", "--example", folder.path, "--lang", "en"])
      #expect(example.exitCode == 0, "\(example.errors)")
      let same = try await stack.importCounty(folder, ["--dry-run"])
      #expect(same.exitCode == 0, "\(same.errors)")
      #expect(same.files.allSatisfy { $0.added == 0 && $0.changed == 0 && $0.there > 0 && $0.refused.isEmpty })
      #expect(same.errors.contains("the list 2019-1 is published, in force from 2019-01-01"), "\(same.errors)")

      // One organisation has another telephone; of the list one item says something else, one is new, one line is broken, and one
      // item stands there twice.
      try folder.edit("county_02_organisations.csv") { $0.replacing("000-00001001", with: "000-00009009") }
      var changedLine = 0
      try folder.edit("items-1.jsonl") { text in
        var lines = text.split(separator: "\n").map(String.init)
        changedLine = (lines.firstIndex { $0.hasPrefix("{") } ?? 0) + 1
        let item = lines[changedLine - 1]
        lines[changedLine - 1] = item.replacing("\"title\":\"", with: "\"title\":\"改动后的")
        lines.append("{\"external_ref\": \"broken")
        lines.append(item.replacing(/"(external_ref|item_code)":"[^"]+"/) { "\"\($0.output.1)\":\"XX-01\"" })
        lines.append(item)
        return lines.joined(separator: "\n")
      }
      let lineCount = try folder.text("items-1.jsonl").split(separator: "\n").count
      for dryRun in [true, false] {
        let again = try await stack.importCounty(folder, dryRun ? ["--dry-run"] : [])
        #expect(again.exitCode == 1, "\(again.errors)")
        let organisations = try #require(again.files.first { $0.name == "county_02_organisations.csv" })
        #expect(organisations.changed == 1 && organisations.added == 0 && organisations.there > 0, "\(organisations)")
        let items = try #require(again.files.first { $0.name == "items-1.jsonl" })
        #expect(items.changed == 0 && items.added == 0 && items.there > 0, "\(items)")
        #expect(items.refused.map(\.line) == [changedLine, lineCount - 2, lineCount - 1, lineCount], "\(items)")
        let wayOut = "(--list NUMBER) [ILLEGAL_TRANSITION]"
        #expect(items.refused[0].reason.contains(wayOut) && items.refused[2].reason.contains(wayOut), "\(items)")
        #expect(items.refused[1].reason.contains("not JSON: the string does not end"), "\(items)")
        #expect(items.refused[3].reason.contains("stands at line \(changedLine) already"), "\(items)")
        #expect(again.errors.contains("in force from 2019-01-01; the 4 refused rows are not in it"), "\(again.errors)")
      }

      // The way that was named: the whole list as another edition, with the mended lines.
      try folder.edit("items-1.jsonl") { text in
        text.split(separator: "\n").filter { !$0.contains("\"broken") }.dropLast().joined(separator: "\n")
      }
      // What its own county has not said nobody makes up: it stays a draft.
      let draft = try await stack.importCounty(folder, ["--list", "2020-1", "--policy", "鲁编办发〔2019〕4号"])
      #expect(draft.exitCode == 0 && draft.errors.contains("--approval NUMBER --effective DATE"), "\(draft.errors)")
      let approval = ["--list", "2020-1", "--approval", "沭政〔2020〕7号"]
      let overlapping = try await stack.importCounty(folder, approval + ["--effective", "2019-01-01"])
      #expect(overlapping.exitCode == 1, "\(overlapping.errors)")
      #expect(
        overlapping.errors.contains("the list 2020-1 is still a draft: the list 2019-1 is in force from 2019-01-01"))
      // Somebody broken off after 编办 had submitted it: the same command goes on from there.
      let office = ResponsibilityListV1.ListVersionServiceClient(try await stack.channel(.bianban))
      let pending = try #require(try await office.getListVersion(.init(number: "2020-1")).listVersion)
      _ = try await office.submitListVersion(
        .init(requestID: "submit-2020-1", listVersionID: pending.listVersionID, expectedVersion: pending.version))
      let edition = try await stack.importCounty(folder, approval + ["--effective", "2020-01-01"])
      #expect(edition.exitCode == 0, "\(edition.errors)")
      #expect(edition.errors.contains("the list 2020-1 is published, in force from 2020-01-01"), "\(edition.errors)")
      let lists = ResponsibilityListV1.ListVersionServiceClient(try await stack.channel(.auditor))
      let published = try await lists.getListVersion(.init(number: "2020-1")).listVersion
      #expect(published?.approvalNumber == "沭政〔2020〕7号" && published?.parentPolicy == "鲁编办发〔2019〕4号")
    }
  }

  /// The demo's files under another code and with other organisations' ids, as a county of its own has them.
  @Test func `huying import county in another county: its list is published, and the demo does not come in`()
    async throws
  {
    let county = "371302000000"
    try await RunningStack.withStack(variables: ["HUYING_COUNTY": county]) { stack in
      let session = TemporaryFolder()
      let administrator = session.file("session.json")
      let login = try await stack.huying(
        ["login", "--as", "COUNTY_ADMIN@our-gov", "--county", county, "--quiet"], session: administrator)
      #expect(login.exitCode == 0, "\(login.errors)")
      let folder = CountyFolder("own")
      _ = try await stack.huying(["import", "county", "--example", folder.path], session: administrator)
      for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
        try folder.edit(name) { text in
          text.replacing("379922", with: "371302").replacing("county-gov", with: "our-gov")
            .replacing("bianban", with: "our-bianban")
        }
      }
      for dryRun in [true, false] {
        let demo = try await stack.huying(
          ["import", "county", "--lang", "en"] + (dryRun ? ["--dry-run"] : []), session: administrator)
        #expect(demo.exitCode == 64 && demo.errors.contains("nothing was brought in"), "\(demo.errors) \(demo.output)")
      }
      let imported = try await stack.importCounty(
        folder, ["--approval", "某政〔2019〕7号", "--effective", "2019-01-01"], session: administrator)
      #expect(imported.exitCode == 0 && imported.files.allSatisfy { $0.refused.isEmpty }, "\(imported.errors)")
      #expect(imported.errors.contains("the list 2019-1 is published, in force from 2019-01-01"), "\(imported.errors)")
      let determined = try await stack.huying(
        ["determine", "村口有人偷倒工业污水到河里", "--township", "371302001000", "--lang", "en"], session: administrator)
      #expect(determined.output.hasPrefix("AGENCY  (list 2019-1"), "\(determined.output) \(determined.errors)")
    }
  }

  @Test
  func `huying import county --dry-run: items alone, a file without rows, rows that name another, words that are none`()
    async throws
  {
    try await RunningStack.withStack { stack in
      let example = CountyFolder("demo")
      _ = try await stack.huying(["import", "county", "--example", example.path])
      let items = try CountyFolder(made: "items")
      try items.write("items-1.jsonl", example.text("items-1.jsonl"))
      let alone = try await stack.importCounty(items, ["--dry-run"])
      #expect(alone.exitCode == 0 && alone.files.map(\.added) == [10], "\(alone.files) \(alone.errors)")
      #expect(alone.errors.contains("nothing was changed"), "\(alone.errors)")

      let empty = try CountyFolder(made: "empty")
      try empty.write("areas.csv", "area_code,name\n")
      for dryRun in [true, false] {
        let nothing = try await stack.importCounty(empty, dryRun ? ["--dry-run"] : [])
        #expect(nothing.exitCode == 0 && nothing.errors.contains("areas.csv has no rows"), "\(nothing.errors)")
      }

      let wrong = try CountyFolder(made: "wrong")
      let county = "379922000000,沭安县,\n"
      try wrong.write("areas.csv", "area_code,name,urban_rural_class\n" + county + county)
      try wrong.write(
        "organisations.csv",
        "org_id,name,org_type,area_codes\ncounty-gov,县政府,县政府,379922000000\ndept,某局,DEPT,379922000000\n")
      try wrong.write(
        "calendar.csv",
        """
        year,confirmed,source_document,date,kind,reason
        2020,TRUE,国办,2020-01-01,REST,元旦
        2020,TRUE,国办,2020-01-02,HOLIDAY,元旦

        """)
      let bad = try await stack.importCounty(wrong, ["--dry-run"])
      #expect(bad.exitCode == 1, "\(bad.errors)")
      let (areas, organisations, calendar) = (bad.files[0], bad.files[1], bad.files[2])
      #expect(areas.added == 1 && areas.refused.map(\.line) == [3], "\(areas)")
      #expect(areas.refused[0].reason.contains("area_code 379922000000 stands at line 2 already"), "\(areas)")
      #expect(organisations.added == 1 && organisations.refused.map(\.line) == [3], "\(organisations)")
      #expect(organisations.refused[0].reason.contains("COUNTY_DEPT (县直部门)"), "\(organisations)")
      // A year without one of its days would be another year.
      #expect(calendar.added == 0 && calendar.refused.map(\.line) == [2, 3], "\(calendar)")
      let said = try await stack.huying(["import", "county", wrong.path, "--dry-run", "--lang", "zh"])
      #expect(said.errors.contains("organisations.csv 第 3 行：org_type：没有“DEPT”，可用：COUNTY_GOV 县政府、"), "\(said.errors)")
      #expect(said.output.contains("将更改"), "\(said.output)")

      // Once a county has organisations of its own, the built-in one does not come in by a forgotten folder.
      try wrong.write(
        "organisations.csv", "org_id,name,org_type,area_codes\nour-gov,某县人民政府,县政府,379922000000\n")
      try wrong.write("areas.csv", "area_code,name,urban_rural_class\n" + county)
      try wrong.write("calendar.csv", "year,confirmed,source_document,date,kind,reason\n")
      let own = try await stack.importCounty(wrong, [])
      #expect(own.exitCode == 0, "\(own.errors)")
      let forgotten = try await stack.huying(["import", "county", "--lang", "en"])
      #expect(forgotten.exitCode == 64 && forgotten.errors.contains("某县人民政府"), "\(forgotten.errors)")
    }
  }
}

/// A county's files in a folder of their own.
private struct CountyFolder {
  private let root = TemporaryFolder()
  private let name: String

  var path: String { root.file(name) }

  /// Not there yet: `--example` makes it.
  init(_ name: String) { self.name = name }

  init(made name: String) throws {
    self.name = name
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  func text(_ name: String) throws -> String { try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8) }

  func write(_ name: String, _ text: String) throws {
    try text.write(toFile: "\(path)/\(name)", atomically: true, encoding: .utf8)
  }

  func edit(_ name: String, _ change: (String) -> String) throws { try write(name, change(try text(name))) }
}

/// What an import said, file by file.
private struct ImportAnswer {
  struct File: Decodable {
    struct Refusal: Decodable {
      let line: Int
      let reason: String
    }

    let file: String
    let added: Int
    let changed: Int
    let alreadyThere: Int
    let refused: [Refusal]

    var name: String { file }
    var there: Int { alreadyThere }
  }

  let exitCode: Int32
  let errors: String
  let files: [File]
}

extension RunningStack {
  fileprivate func importCounty(
    _ folder: CountyFolder, _ more: [String], session: String? = nil
  ) async throws -> ImportAnswer {
    let result = try await huying(
      ["import", "county", folder.path, "--lang", "en", "-o", "json"] + more, session: session)
    let files = try result.output.split(separator: "\n").map {
      try JSONDecoder().decode(ImportAnswer.File.self, from: Data($0.utf8))
    }
    return ImportAnswer(exitCode: result.exitCode, errors: result.errors, files: files)
  }
}
