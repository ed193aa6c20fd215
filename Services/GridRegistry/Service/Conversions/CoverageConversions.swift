package import GridRegistryContract
package import GridRegistryDomain
import GridRegistryStore
import Kernel
import Wire

extension GridRegistryV1.CoverageUnit {
  init(_ unit: CoverageUnit) {
    self.init(
      unitID: unit.id.text, kind: .init(unit.kind, prefix: "KIND_"), name: unit.name, areaCode: unit.areaCode.text,
      householdCount: Int32(clamping: unit.households), point: unit.point.map { .init($0) },
      memberships: unit.memberships.map {
        .init(gridID: $0.gridID.text, fromDate: $0.from?.description ?? "", toDate: $0.to?.description ?? "")
      }, townshipCode: unit.townshipCode.text, version: UInt64(unit.version))
  }
}

extension GridRegistryV1.GeoPoint {
  init(_ point: CoverageUnit.Point) {
    self.init(latitude: point.degrees.latitude, longitude: point.degrees.longitude)
  }
}

extension CoverageUnit.Facts {
  init(_ message: GridRegistryV1.CoverageUnit) {
    self.init(
      id: message.unitID, kind: message.kind.word(prefix: "KIND_"), name: message.name, areaCode: message.areaCode,
      households: Int(message.householdCount), latitude: message.point?.latitude, longitude: message.point?.longitude)
  }
}

extension CoverageUnit {
  /// `nil` if the message is not one that this service wrote.
  init?(_ message: GridRegistryV1.CoverageUnit) {
    guard let kind = message.kind.word(prefix: "KIND_", as: Grid.Unit.Kind.self), let area = AreaCode(message.areaCode)
    else { return nil }
    self.init(
      id: ID(message.unitID), kind: kind, name: message.name, areaCode: area, households: Int(message.householdCount),
      point: Point(latitude: message.point?.latitude, longitude: message.point?.longitude),
      memberships: message.memberships.map {
        .init(gridID: Grid.ID($0.gridID), from: CivilDate($0.fromDate), to: CivilDate($0.toDate))
      }, version: Int(message.version))
  }
}

extension GridRegistryV1.UnitEvent {
  init(_ event: CoverageUnit.Event) {
    switch event {
    case .changed(let unit): self.init(event: .changed(.init(unit: .init(unit))))
    }
  }
}

extension CoverageUnit.Event {
  package init?(_ message: GridRegistryV1.UnitEvent) {
    guard case .changed(let changed)? = message.event, let unit = changed.unit.flatMap(CoverageUnit.init) else {
      return nil
    }
    self = .changed(unit)
  }
}
