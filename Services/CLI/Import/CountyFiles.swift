import Foundation

/// The files that describe a county: the built-in small one, or a folder's. What a file holds is told by its name.
struct CountyFiles {
  /// What one file holds.
  enum Kind: String, CaseIterable {
    case areas
    case organisations
    case persons
    case grids
    case calendar
    case items
  }

  /// A file's name and its content.
  struct File {
    let name: String
    let kind: Kind
    let bytes: [UInt8]
  }

  /// In the order in which they are brought in: what others refer to comes first.
  let files: [File]

  /// The code of the built-in county; no real one can ever have it (D§4).
  static let builtInCode = "379922000000"

  /// The fictional 沭安县, marked 演示数据.
  static let builtIn = CountyFiles([
    ("county_01_areas.csv", PackageResources.county_01_areas_csv),
    ("county_02_organisations.csv", PackageResources.county_02_organisations_csv),
    ("county_03_organisations_chengguan.csv", PackageResources.county_03_organisations_chengguan_csv),
    ("county_04_organisations_guiyi.csv", PackageResources.county_04_organisations_guiyi_csv),
    ("county_05_persons.csv", PackageResources.county_05_persons_csv),
    ("county_06_grids_chengguan_urban.csv", PackageResources.county_06_grids_chengguan_urban_csv),
    ("county_07_grids_chengguan_other.csv", PackageResources.county_07_grids_chengguan_other_csv),
    ("county_08_grids_guiyi.csv", PackageResources.county_08_grids_guiyi_csv),
    ("county_09_calendar.csv", PackageResources.county_09_calendar_csv),
    ("items-1.jsonl", PackageResources.items_1_jsonl), ("items-2.jsonl", PackageResources.items_2_jsonl),
    ("items-3.jsonl", PackageResources.items_3_jsonl), ("items-4.jsonl", PackageResources.items_4_jsonl),
  ])

  /// The `.csv` and `.jsonl` files of a folder. A file whose name says nothing is refused, so that none is left out unseen.
  init(folder: String) throws {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw Complaint(
        "没有可读的文件夹 \(folder)（容器中的 /import 就是 docker-compose.yml 旁的 import/）",
        "there is no readable folder \(folder) (in containers /import is import/ beside docker-compose.yml)"
      )
    }
    let wanted = names.filter(Self.isWanted).sorted()
    guard !wanted.isEmpty else {
      throw Complaint("\(folder) 中没有 .csv 或 .jsonl 文件", "there is no .csv or .jsonl file in \(folder)")
    }
    if let unknown = wanted.first(where: { Self.kind(of: $0) == nil }) {
      let kinds = Kind.allCases.map(\.rawValue).joined(separator: ", ")
      throw Complaint("\(unknown)：文件名须说明其内容：\(kinds)", "\(unknown): a file's name must say what it holds: \(kinds)")
    }
    let contents = wanted.map { ($0, FileManager.default.contents(atPath: "\(folder)/\($0)").map(Array.init)) }
    let unreadable = contents.filter { $0.1 == nil }.map { "\(folder)/\($0.0)" }
    guard unreadable.isEmpty else {
      throw Complaint(
        "无权读取：chmod a+r \(unreadable.joined(separator: " "))",
        "these may not be read from here: chmod a+r \(unreadable.joined(separator: " "))")
    }
    self.init(contents.map { ($0.0, $0.1 ?? []) })
    leftOut = names.filter { !Self.isWanted($0) && !$0.hasPrefix(".") }.sorted()
  }

  /// Files whose names are none of ours: `.xlsx`. Nobody may think that they went in.
  private(set) var leftOut: [String] = []

  private static func isWanted(_ name: String) -> Bool {
    !name.hasPrefix(".") && [".csv", ".jsonl"].contains { name.lowercased().hasSuffix($0) }
  }

  private init(_ files: [(String, [UInt8])]) {
    let known = files.compactMap { name, bytes in Self.kind(of: name).map { File(name: name, kind: $0, bytes: bytes) } }
    self.files = Kind.allCases.flatMap { kind in known.filter { $0.kind == kind } }
  }

  private static func kind(of name: String) -> Kind? {
    Kind.allCases.first { name.lowercased().contains($0.rawValue) }
  }
}

extension CountyFiles.File {
  /// The rows of a CSV file that a person has named.
  static func rows(of path: String, as kind: CountyFiles.Kind) throws -> [(line: Int, fields: [String: String])] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Complaint.unreadable(path)
    }
    return try Self(name: (path as NSString).lastPathComponent, kind: kind, bytes: Array(data)).rows()
  }

  /// A CSV file's content: rows as fields by heading, and the lines that are no rows. Each with its line number.
  struct Content {
    var rows: [(line: Int, fields: [String: String])] = []
    var malformed: [(line: Int, reason: String)] = []
  }

  /// The content of a CSV file. Lines that begin with `#` are comments; a field may stand in double quotes; a row with a word or a
  /// number that its column does not take is none. Throws what is wrong
  /// with the file as a whole: its encoding; where only its kind's headings may be there, one that means nothing.
  func content(ofKnownHeadings: Bool = true) throws -> Content {
    var headings: [String]?
    var content = Content()
    for (index, line) in try rawLines().enumerated() {
      if line.isEmpty || line.hasPrefix("#") { continue }
      let fields = Self.fields(line)
      guard let names = headings else {
        headings = fields
        if ofKnownHeadings { try expectKnown(fields) }
        continue
      }
      guard fields.count == names.count else {
        content.malformed.append(
          (
            index + 1,
            Say.of(
              "有 \(fields.count) 个字段，表头有 \(names.count) 个", "\(fields.count) fields, \(names.count) headings")
          ))
        continue
      }
      // Spreadsheets leave rows of nothing but commas.
      if fields.allSatisfy({ $0.allSatisfy(\.isWhitespace) }) { continue }
      let row = Dictionary(zip(names, fields), uniquingKeysWith: { first, _ in first })
      let faults = CountyColumns.faults(row, of: kind)
      guard faults.isEmpty else {
        content.malformed.append((index + 1, faults.joined(separator: Say.of("；", "; "))))
        continue
      }
      content.rows.append((index + 1, row))
    }
    return content
  }

  /// The rows of a CSV file that has to be whole: throws the first line that is no row.
  func rows() throws -> [(line: Int, fields: [String: String])] {
    let content = try content(ofKnownHeadings: false)
    if let bad = content.malformed.first {
      throw Complaint("\(name) 第 \(bad.line) 行：\(bad.reason)", "\(name), line \(bad.line): \(bad.reason)")
    }
    return content.rows
  }

  /// The lines of a JSONL file with their numbers.
  func lines() throws -> [(line: Int, text: String)] {
    try rawLines().enumerated()
      .filter { !$0.element.isEmpty && !$0.element.hasPrefix("#") }.map { ($0.offset + 1, String($0.element)) }
  }

  /// The text's lines, ended in whatever system's way: CR LF is one character to Swift, and no line feed.
  private func rawLines() throws -> [Substring] {
    try text().split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
  }

  /// Without the byte order mark that spreadsheets put in front.
  private func text() throws -> Substring {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Complaint(
        "\(name) 不是 UTF-8 编码：在表格软件中另存为 “CSV UTF-8”",
        "\(name) is not UTF-8: save it as \"CSV UTF-8\" in the spreadsheet")
    }
    return text.unicodeScalars.first == "\u{feff}" ? Substring(text.unicodeScalars.dropFirst()) : text[...]
  }

  /// A misspelt heading would leave its whole column out, unseen.
  private func expectKnown(_ headings: [String]) throws {
    guard let known = CountyFiles.headings[kind] else { return }
    let unknown = headings.filter { !known.contains($0) }
    guard unknown.isEmpty else {
      throw Complaint(
        "\(name)：表头 \(unknown.joined(separator: "、")) 无效；可用：\(known.joined(separator: ","))",
        "\(name): no such heading: \(unknown.joined(separator: ", ")); there are: \(known.joined(separator: ","))")
    }
  }

  private static func fields(_ line: some StringProtocol) -> [String] {
    var fields: [String] = []
    var field = ""
    var isQuoted = false
    var previous: Character?
    for character in line {
      switch character {
      case "\"" where !isQuoted && field.isEmpty && previous != "\"": isQuoted = true
      case "\"" where isQuoted: isQuoted = false
      case "\"":  // A doubled quote inside a quoted field is a quote.
        field.append("\"")
        isQuoted = true
      case "," where !isQuoted:
        fields.append(field)
        field = ""
      default: field.append(character)
      }
      previous = character
    }
    return fields + [field]
  }
}
