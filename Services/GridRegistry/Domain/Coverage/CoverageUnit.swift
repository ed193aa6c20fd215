package import Kernel

/// A block of households, a natural village or a site, and which grids it belonged to and when (D§2.1.1). The list of units is
/// what gaps and overlaps are proved from.
package struct CoverageUnit: Hashable, Sendable {
  package typealias ID = Kernel.ID<CoverageUnit>

  /// A unit's time in a grid, `[from, to)`.
  package struct Membership: Hashable, Sendable {
    package var gridID: Grid.ID
    /// `nil`: since ever.
    package var from: CivilDate?
    /// The first day on which it no longer belongs; `nil`: it still does.
    package var to: CivilDate?

    package init(gridID: Grid.ID, from: CivilDate?, to: CivilDate? = nil) {
      self.gridID = gridID
      self.from = from
      self.to = to
    }

    /// Whether the unit belonged to the grid on `date`.
    package func covers(_ date: CivilDate) -> Bool {
      (from.map { $0 <= date } ?? true) && (to.map { date < $0 } ?? true)
    }
  }

  /// A place on the earth, in millionths of a degree (WGS 84).
  package struct Point: Hashable, Sendable {
    package var latitude: Int
    package var longitude: Int

    package init(latitude: Int, longitude: Int) {
      self.latitude = latitude
      self.longitude = longitude
    }
  }

  /// What happens to units.
  package enum Event: Hashable, Sendable {
    /// Entered, corrected or moved: the unit as it is now.
    case changed(CoverageUnit)
  }

  package let id: ID
  package var kind: Grid.Unit.Kind
  package var name: String
  package var areaCode: AreaCode
  package var households: Int
  package var point: Point?
  /// Oldest first.
  package var memberships: [Membership]
  package var version: Int

  package init(
    id: ID, kind: Grid.Unit.Kind, name: String, areaCode: AreaCode, households: Int, point: Point? = nil,
    memberships: [Membership] = [], version: Int = 0
  ) {
    self.id = id
    self.kind = kind
    self.name = name
    self.areaCode = areaCode
    self.households = households
    self.point = point
    self.memberships = memberships
    self.version = version
  }

  package var townshipCode: AreaCode { areaCode.ancestor(.township) }

  /// The grids that it belonged to on `date`.
  package func grids(on date: CivilDate) -> [Grid.ID] { memberships.filter { $0.covers(date) }.map(\.gridID) }

  /// The unit as a grid lists it.
  package var summary: Grid.Unit {
    Grid.Unit(id: id.text, kind: kind, name: name, areaCode: areaCode.text, households: households)
  }

  /// From `date` on it belongs to the grid; nothing, if it does already.
  package mutating func enter(_ grid: Grid.ID, on date: CivilDate?) {
    guard !memberships.contains(where: { $0.gridID == grid && $0.to == nil }) else { return }
    if let ended = memberships.lastIndex(where: { $0.gridID == grid && $0.to == date && date != nil }) {
      memberships[ended].to = nil
    } else {
      memberships.append(Membership(gridID: grid, from: date))
    }
  }

  /// From `date` on it no longer belongs to the grid. A time in the grid that would be empty never was.
  package mutating func leave(_ grid: Grid.ID, on date: CivilDate) {
    for index in memberships.indices.reversed() where memberships[index].gridID == grid && memberships[index].to == nil
    {
      if let from = memberships[index].from, from >= date {
        memberships.remove(at: index)
      } else {
        memberships[index].to = date
      }
    }
  }

  /// Folds one event in.
  package mutating func apply(_ event: Event) {
    switch event {
    case .changed(let unit): self = unit
    }
  }

  /// What the unit's becoming `after` means; nothing, if nothing differs.
  package static func decide(from before: CoverageUnit?, to after: CoverageUnit) -> [Event] {
    var after = after
    after.version = before?.version ?? 0
    if after == before { return [] }
    after.version += 1
    return [.changed(after)]
  }

  /// What an import says about a unit, as it was written.
  package struct Facts: Hashable, Sendable {
    package var id: String
    package var kind: Grid.Unit.Kind?
    package var name: String
    package var areaCode: String
    package var households: Int
    package var latitude: Double?
    package var longitude: Double?

    package init(
      id: String, kind: Grid.Unit.Kind?, name: String, areaCode: String, households: Int, latitude: Double? = nil,
      longitude: Double? = nil
    ) {
      self.id = id
      self.kind = kind
      self.name = name
      self.areaCode = areaCode
      self.households = households
      self.latitude = latitude
      self.longitude = longitude
    }
  }

  /// What entering `facts` over `before` means; its memberships stay. Everything wrong is said at once.
  package static func decide(
    entering facts: Facts, over before: CoverageUnit?, inCounty county: AreaCode, areaIsEntered: Bool
  ) throws(Refused) -> [Event] {
    var reasons: [Reason] = []
    if facts.id.isEmpty || facts.kind == nil || facts.households < 0 { reasons.append(.unitInvalid.at("unit")) }
    let code = AreaCode(facts.areaCode)
    switch code {
    case nil: reasons.append(.areaCodeInvalid.at("unit.area_code"))
    case let code? where !code.isWithin(county): reasons.append(.areaOutsideCounty.at("unit.area_code"))
    default: if !areaIsEntered { reasons.append(.areaNotFound.at("unit.area_code")) }
    }
    let point = Point(latitude: facts.latitude, longitude: facts.longitude)
    if point == nil, facts.latitude != nil || facts.longitude != nil { reasons.append(.pointInvalid.at("unit.point")) }
    guard reasons.isEmpty, let kind = facts.kind, let code else { throw Refused(.failedPrecondition, reasons) }
    let after = CoverageUnit(
      id: ID(facts.id), kind: kind, name: facts.name, areaCode: code, households: facts.households,
      point: point ?? before?.point, memberships: before?.memberships ?? [])
    return decide(from: before, to: after)
  }
}

extension CoverageUnit.Point {
  /// `nil` for a place that is not on the earth.
  package init?(latitude: Double?, longitude: Double?) {
    guard let latitude, let longitude, latitude.magnitude <= 90, longitude.magnitude <= 180 else { return nil }
    self.init(
      latitude: Int((latitude * 1_000_000).rounded()), longitude: Int((longitude * 1_000_000).rounded()))
  }

  package var degrees: (latitude: Double, longitude: Double) {
    (Double(latitude) / 1_000_000, Double(longitude) / 1_000_000)
  }
}

extension Reason {
  /// No unit of this id.
  package static let unitNotFound = Reason("UNIT_NOT_FOUND", zh: "没有此网格单元。", en: "There is no such unit.")
  /// Not on the earth.
  package static let pointInvalid = Reason(
    "POINT_INVALID", zh: "经纬度无效。", en: "Latitude and longitude do not name a place on the earth.")
}
