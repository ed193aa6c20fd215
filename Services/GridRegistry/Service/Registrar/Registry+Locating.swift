import Foundation
import GridRegistryDomain
import GridRegistryStore
import Kernel
import Persistence
import TextSearch

/// A grid in which a place may lie.
struct GridCandidate: Hashable {
  /// What it was found by; the contract's words.
  enum Means: String {
    case unit = "UNIT"
    case point = "POINT"
    case unitName = "UNIT_NAME"
    case naturalVillage = "NATURAL_VILLAGE"
    case gridName = "GRID_NAME"
    case areaName = "AREA_NAME"
  }

  var grid: Grid.ID
  var unit: String
  var means: Means
  /// 0 to 1.
  var confidence: Double
  var metres = 0
}

extension Registry {
  /// The grids that a unit lay in.
  func locate(unit id: String, on day: CivilDate, in reading: some Reading) throws -> [GridCandidate] {
    guard let unit = try units.load(.init(id), in: reading) else { return [] }
    let grids = unit.grids(on: day)
    return grids.map { .init(grid: $0, unit: id, means: .unit, confidence: 1 / Double(grids.count)) }
  }

  /// The grids of the units whose points lie nearest. Points are rough: nothing is certain by them.
  func locate(
    point: CoverageUnit.Point, on day: CivilDate, in reading: some Reading
  ) throws -> [GridCandidate] {
    let reach = 50_000
    let near = try units.list(
      latitudes: point.latitude - reach...point.latitude + reach,
      longitudes: point.longitude - reach...point.longitude + reach, in: reading)
    return near.flatMap { unit -> [GridCandidate] in
      guard let place = unit.point else { return [] }
      let metres = place.metres(from: point)
      let confidence = metres <= 100 ? 0.9 : metres <= 500 ? 0.7 : metres <= 2_000 ? 0.4 : 0.2
      let grids = unit.grids(on: day)
      return grids.map {
        .init(
          grid: $0, unit: unit.id.text, means: .point, confidence: confidence / Double(grids.count), metres: metres)
      }
    }
  }

  /// The grids whose units, natural villages, names or areas an address names. The area narrows it down; without one nothing is
  /// found, because names of blocks are the same everywhere.
  func locate(address: String, on day: CivilDate, in reading: some Reading) throws -> [GridCandidate] {
    let text = NormalizedText(address).text
    func names(_ name: String) -> Bool { !name.isEmpty && text.contains(NormalizedText(name).text) }
    let named = try areas.list(below: nil, after: "", limit: Self.mostAreas, in: reading)
      .filter { $0.code.level == .village && names($0.name.withoutCommittee) }
    let townships = try areas.list(below: county, after: "", limit: Self.mostAreas, in: reading).filter {
      names($0.name)
    }
    let inTownship = named.filter { area in townships.contains { area.code.isWithin($0.code) } }
    let places = inTownship.isEmpty && townships.isEmpty ? named : inTownship
    var found: [GridCandidate] = []
    for area in places {
      let units = try units.list(area: area.code, in: reading)
      let byName = units.filter { names($0.name) }
      // 归仁村归仁头自然村 names the village, too: the longest name is the one that was meant.
      let longest = byName.map(\.name.count).max() ?? 0
      let meant = byName.count { $0.name.count == longest }
      for unit in byName {
        let grids = unit.grids(on: day)
        let means: GridCandidate.Means = unit.kind == .naturalVillage ? .naturalVillage : .unitName
        let confidence = unit.name.count == longest ? 0.9 / Double(meant) : 0.2
        found += grids.map {
          .init(
            grid: $0, unit: unit.id.text, means: means, confidence: confidence / Double(grids.count * places.count))
        }
      }
      let ids = Set(units.flatMap { $0.grids(on: day) })
      let all = try ids.sorted().compactMap { try grids.load($0, in: reading) }
      for grid in all where names(grid.facts.name) {
        found.append(.init(grid: grid.id, unit: "", means: .gridName, confidence: 0.8 / Double(places.count)))
      }
      if byName.isEmpty {
        found += all.map {
          .init(grid: $0.id, unit: "", means: .areaName, confidence: 0.6 / Double(all.count * places.count))
        }
      }
    }
    return found
  }

  /// The likeliest five, each grid once.
  func likeliest(_ candidates: [GridCandidate]) -> [GridCandidate] {
    var seen: Set<Grid.ID> = []
    let inOrder = candidates.sorted {
      ($1.confidence, $0.metres, $0.grid.text, $0.unit) < ($0.confidence, $1.metres, $1.grid.text, $1.unit)
    }
    return Array(inOrder.filter { seen.insert($0.grid).inserted }.prefix(5))
  }

  /// More places than a county has.
  private static let mostAreas = 5_000
}

extension CoverageUnit.Point {
  /// On a sphere, near enough over some kilometres.
  fileprivate func metres(from other: Self) -> Int {
    let (here, there) = (degrees, other.degrees)
    let north = (here.latitude - there.latitude) * 111_195
    let east = (here.longitude - there.longitude) * 111_195 * cos(here.latitude * .pi / 180)
    return Int((north * north + east * east).squareRoot().rounded())
  }
}

extension String {
  /// 城东居委会 → 城东: nobody writes the committee into an address.
  fileprivate var withoutCommittee: String {
    for suffix in ["社区居委会", "村委会", "居委会", "村民委员会", "居民委员会"] where hasSuffix(suffix) && self != suffix {
      return String(dropLast(suffix.count))
    }
    return self
  }
}
