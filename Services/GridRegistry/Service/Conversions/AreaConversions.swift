import GridRegistryContract
import GridRegistryDomain
import Kernel

extension GridRegistryV1.Area {
  init(_ area: Area) {
    self.init(
      areaCode: area.code.text, name: area.name, level: .init(area.code.level), parentCode: area.parent?.text ?? "",
      urbanRuralClass: area.urbanRuralClass, validFromDate: area.validFrom?.description ?? "",
      validToDate: area.validTo?.description ?? "", successorCodes: area.successors.map(\.text),
      version: UInt64(area.version))
  }
}

extension GridRegistryV1.Area.Level {
  init(_ level: AreaCode.Level) {
    self =
      switch level {
      case .province: .province
      case .prefecture: .prefecture
      case .county: .county
      case .township: .township
      case .village: .village
      }
  }
}

extension Area {
  /// `nil` if the message is not one that this service wrote.
  init?(_ message: GridRegistryV1.Area) {
    guard let code = AreaCode(message.areaCode) else { return nil }
    self.init(
      code: code, name: message.name, urbanRuralClass: message.urbanRuralClass,
      validFrom: CivilDate(message.validFromDate), validTo: CivilDate(message.validToDate),
      successors: message.successorCodes.compactMap(AreaCode.init), version: Int(message.version))
  }
}

extension Area.Facts {
  init(_ row: GridRegistryV1.AreaRow) {
    self.init(
      code: row.areaCode, name: row.name, urbanRuralClass: row.urbanRuralClass, validFrom: row.validFromDate,
      validTo: row.validToDate, successorCodes: row.successorCodes)
  }
}
