package import Kernel

/// A line of work whose resources the grids bring together (P01).
package struct LineOfWork: Hashable, Sendable {
  package let code: String
  package var name: String
  /// 0: one of the seven, never changed.
  package var version: Int

  package init(code: String, name: String, version: Int) {
    self.code = code
    self.name = name
    self.version = version
  }

  /// The seven that the article names.
  package static let standard = [
    LineOfWork(code: "ORGANISATION", name: "组织", version: 0), LineOfWork(code: "POLICE", name: "公安", version: 0),
    LineOfWork(code: "CIVIL_AFFAIRS", name: "民政", version: 0), LineOfWork(code: "LABOUR", name: "人社", version: 0),
    LineOfWork(code: "ENVIRONMENT", name: "环保", version: 0),
    LineOfWork(code: "AGRICULTURE", name: "农林水", version: 0), LineOfWork(code: "SAFETY", name: "安全生产", version: 0),
  ]

  /// The catalogue: the seven as they are now, then the county's own by code.
  package static func catalogue(_ stored: [LineOfWork]) -> [LineOfWork] {
    let changed = Dictionary(stored.map { ($0.code, $0) }) { first, _ in first }
    let own = stored.filter { line in !standard.contains { $0.code == line.code } }
    return standard.map { changed[$0.code] ?? $0 } + own.sorted { $0.code < $1.code }
  }

  /// What entering `line` over `current` means; nothing, if nothing differs.
  package static func decide(entering line: LineOfWork, over current: LineOfWork?) throws(Refused) -> LineOfWork? {
    var reasons: [Reason] = []
    if line.name.isEmpty { reasons.append(.lineNameMissing.at("line.name")) }
    let isCode =
      (1...32).contains(line.code.utf8.count)
      && line.code.utf8.allSatisfy { 65...90 ~= $0 || 48...57 ~= $0 || $0 == 95 }
    if !isCode { reasons.append(.lineCodeInvalid.at("line.line_code")) }
    guard reasons.isEmpty else { throw Refused(.failedPrecondition, reasons) }
    if line.name == current?.name { return nil }
    return LineOfWork(code: line.code, name: line.name, version: (current?.version ?? 0) + 1)
  }
}

/// Who answers for a line of work, in one grid or one organisation, `[from, to)`.
package struct Liaison: Hashable, Sendable {
  package typealias ID = Kernel.ID<Liaison>

  /// Where the liaison answers.
  package enum Place: Hashable, Sendable {
    case grid(Grid.ID)
    case organisation(Organisation.ID)
  }

  package let id: ID
  package let lineCode: String
  package let place: Place
  package let townshipCode: AreaCode?
  package let personID: Person.ID
  package let from: CivilDate
  package var to: CivilDate?
  package var version: Int

  package init(
    id: ID, lineCode: String, place: Place, townshipCode: AreaCode?, personID: Person.ID, from: CivilDate,
    to: CivilDate? = nil, version: Int
  ) {
    self.id = id
    self.lineCode = lineCode
    self.place = place
    self.townshipCode = townshipCode
    self.personID = personID
    self.from = from
    self.to = to
    self.version = version
  }

  /// Whether it holds on `date`.
  package func holds(on date: CivilDate) -> Bool { from <= date && to.map { date < $0 } ?? true }

  /// The same, over on `date`.
  package func ended(on date: CivilDate) throws(Refused) -> Liaison {
    guard to == nil else { throw Refused(.failedPrecondition, .liaisonEnded.at("liaison_id")) }
    var after = self
    after.to = max(date, from)
    after.version += 1
    return after
  }
}

/// One grid's row of the matrix grid × line of work (P02).
package struct CapabilityRow: Hashable, Sendable {
  /// What one grid has in one line.
  package struct Cell: Hashable, Sendable {
    package let lineCode: String
    package let liaison: Person.ID?
    package let certified: [GridMember.ID]

    /// What is missing; empty: nothing.
    package var gap: String {
      switch (liaison == nil, certified.isEmpty) {
      case (false, false): ""
      case (true, false): "NO_LIAISON"
      case (false, true): "NO_CERTIFIED_MEMBER"
      case (true, true): "NEITHER"
      }
    }
  }

  package let grid: Grid
  package let cells: [Cell]

  /// The row of `grid` on `date`. A grid's own liaison goes before those of the organisations above it, the nearest first.
  package init(
    _ grid: Grid, lines: [LineOfWork], liaisons: [Liaison], above organisations: [Organisation.ID],
    members: [GridMember], certificates: [Person.ID: [Certificate]], on date: CivilDate
  ) {
    self.grid = grid
    let places = [Liaison.Place.grid(grid.id)] + organisations.map { .organisation($0) }
    let here = members.filter { member in
      member.assignments.contains { $0.gridID == grid.id && $0.holds(on: date) }
    }
    cells = lines.map { line in
      let candidates = liaisons.filter { $0.lineCode == line.code && $0.holds(on: date) }
      let liaison = places.lazy.compactMap { place in candidates.first { $0.place == place } }.first
      let certified = here.filter { member in
        certificates[member.personID, default: []].contains { $0.lineCode == line.code && $0.isValid(on: date) }
      }
      return Cell(lineCode: line.code, liaison: liaison?.personID, certified: certified.map(\.id).sorted())
    }
  }
}

extension Reason {
  /// No line under this code.
  package static let lineNotFound = Reason("LINE_NOT_FOUND", zh: "没有此工作条线。", en: "There is no such line of work.")
  /// A line without a name.
  package static let lineNameMissing = Reason("LINE_NAME_MISSING", zh: "缺少工作条线名称。", en: "The line of work has no name.")
  /// Capital letters, digits, underscore.
  package static let lineCodeInvalid = Reason(
    "LINE_CODE_INVALID", zh: "条线代码最长32个字符，只能用大写字母、数字和“_”。",
    en: "A line's code has at most 32 capital letters, digits and _.")
  /// A grid or an organisation, not both, not neither.
  package static let liaisonPlaceInvalid = Reason(
    "LIAISON_PLACE_INVALID", zh: "联络人须对应一个网格或一个组织（二者选一）。",
    en: "A liaison answers for a grid or for an organisation: name one of the two.")
  /// Nobody under this id.
  package static let liaisonNotFound = Reason("LIAISON_NOT_FOUND", zh: "没有此联络人记录。", en: "There is no such liaison.")
  /// Over already.
  package static let liaisonEnded = Reason("LIAISON_ENDED", zh: "该联络关系已经结束。", en: "The liaison has ended already.")
}
