import Foundation
import ResponsibilityListContract
import ResponsibilityListDomain
import Testing
import Wire

@testable import ResponsibilityListService

/// The 51 items that the demonstration county is loaded with, read from the very files.
enum DemoList {
  static let rows: [ResponsibilityListV1.ImportedItem] = lines("../../Services/CLI/Demo/items-", 1...4).map { line in
    ResponsibilityListV1.ImportedItem(externalRef: text(line["external_ref"]), item: item(object(line["item"])))
  }

  static let items = rows.compactMap(\.item).map { ListItem($0) }

  static let index = ListIndex(items)

  /// Labelled questions of this project's own.
  static func questions(_ name: String) -> [(text: String, expected: String)] {
    read(path(name)).map { (text($0["text"]), text($0["expect"])) }
  }

  // MARK: - ProtoJSON, as far as items need it

  private static func item(_ json: [String: Any]) -> ResponsibilityListV1.Item {
    ResponsibilityListV1.Item(
      itemCode: text(json["item_code"]), title: text(json["title"]), domainName: text(json["domain_name"]),
      definition: text(json["definition"]), scenes: texts(json["scenes"]), keywords: texts(json["keywords"]),
      aliases: texts(json["aliases"]), exclusions: texts(json["exclusions"]),
      subjects: objects(json["subjects"]).map(subject), duties: objects(json["duties"]).map(duty),
      bases: objects(json["bases"]).map {
        .init(
          kind: named($0["kind"]), title: text($0["title"]), article: text($0["article"]),
          validity: named($0["validity"]), remark: text($0["remark"]))
      }, practiceNote: text(json["practice_note"]), agencyTypes: texts(json["agency_types"]),
      areaKind: named(json["area_kind"]), manual: manual(object(json["manual"])))
  }

  private static func subject(_ json: [String: Any]) -> ResponsibilityListV1.Subject {
    .init(part: named(json["part"]), level: named(json["level"]), orgName: text(json["org_name"]))
  }

  private static func duty(_ json: [String: Any]) -> ResponsibilityListV1.Duty {
    .init(
      stage: named(json["stage"]), holder: subject(object(json["holder"])), text: text(json["text"]),
      basisNumbers: (json["basis_numbers"] as? [Int] ?? []).map(Int32.init))
  }

  private static func manual(_ json: [String: Any]) -> ResponsibilityListV1.Manual {
    .init(
      dutyStatement: text(json["duty_statement"]),
      offices: objects(json["offices"]).map {
        .init(
          orgName: text($0["org_name"]), officeName: text($0["office_name"]), phone: text($0["phone"]),
          backupPhone: text($0["backup_phone"]), verifyDate: text($0["verify_date"]))
      }, procedure: text(json["procedure"]), timeLimit: text(json["time_limit"]), evidence: texts(json["evidence"]))
  }

  private static func named<Kind: Wire.Enumeration>(_ json: Any?) -> Kind {
    Kind.allCases.first { $0.protoName == text(json) } ?? Kind(rawValue: 0)
  }

  private static func text(_ json: Any?) -> String { json as? String ?? "" }
  private static func texts(_ json: Any?) -> [String] { json as? [String] ?? [] }
  private static func object(_ json: Any?) -> [String: Any] { json as? [String: Any] ?? [:] }
  private static func objects(_ json: Any?) -> [[String: Any]] { json as? [[String: Any]] ?? [] }

  private static func lines(_ prefix: String, _ numbers: ClosedRange<Int>) -> [[String: Any]] {
    numbers.flatMap { read(path("\(prefix)\($0).jsonl")) }
  }

  private static func path(_ name: String) -> URL {
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: name)
  }

  private static func read(_ url: URL) -> [[String: Any]] {
    let content = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
    return content.split(separator: "\n").compactMap {
      (try? JSONSerialization.jsonObject(with: Data($0.utf8))) as? [String: Any]
    }
  }
}
