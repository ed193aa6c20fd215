import GridRegistryStore
import GridRegistryContract
import GridRegistryDomain
import Kernel
import Wire

extension Registrar {
  /// Enters a place or corrects it.
  func enter(_ facts: Area.Facts) throws -> Entry<Area?> {
    var area = try AreaCode(facts.code).flatMap { try registry.areas.load($0, in: tx) }
    let events = try Area.decide(entering: facts, over: area, inCounty: registry.county) {
      try registry.areas.load($0, in: tx) != nil
    }
    for case .changed(let changed) in events {
      area = changed
      try registry.areas.save(changed, in: tx)
      let payload = GridRegistryV1.AreaEvent(.changed(changed)).encoded()
      try record("area.changed", "area", changed.code.text, changed.version, payload)
    }
    return Entry(record: area, isChanged: !events.isEmpty)
  }
}
