import Journal
import Kernel
import ResponsibilityListDomain
import TestSupport

/// Asks the demonstration list in a township that has every kind of agency, unless told otherwise.
enum Asking {
  static let agencyTypes = [
    "自然资源所", "生态环境所", "市场监管所", "综合执法中队", "司法所", "派出所", "交警中队", "水利站", "畜牧兽医站", "财政所",
  ]

  static func directory(_ types: [String] = agencyTypes, version: Int64 = 1) -> DirectoryView {
    DirectoryView(
      version: version,
      agencies: types.map {
        Agency(organisationID: "agency-\($0)", name: "城关街道\($0)", agencyType: $0, departmentID: "")
      }, departmentIDs: ["市生态环境局沭安分局": "dept-environment"], townshipID: "town", townshipName: "城关街道")
  }

  static func ask(
    _ text: String, of items: ListIndex = DemoList.index, in directory: DirectoryView = directory(),
    areaKind: AreaKind? = nil, day: Int = 1
  ) throws -> Determination {
    let asOf = CivilDate(year: 2019, month: 6, day: day) ?? CivilDate(dayNumber: 18_048)
    return Determination.decide(
      try Question(text: text, townshipCode: "379922001000", areaKind: areaKind, asOf: asOf), against: items,
      of: ListReference(id: "list", number: "2019-1", contentDigest: "digest"), in: directory,
      engineVersion: items.policy.engineVersion, digest: Cryptography.testing.sha256)
  }
}
