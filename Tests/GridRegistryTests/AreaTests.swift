import GridRegistryDomain
import Kernel
import Testing

@Suite struct AreaTests {
  private func decide(_ facts: Area.Facts, over current: Area? = nil, knowsParent: Bool = true) throws -> [Area.Event] {
    try Area.decide(entering: facts, over: current, inCounty: .county) { _ in knowsParent }
  }

  @Test func `a village is entered below its township`() throws {
    let events = try decide(.init(code: "379922001001", name: "城东居委会", urbanRuralClass: "111"))
    guard case .changed(let area)? = events.first else { return #expect(Bool(false)) }
    #expect(area.version == 1)
    #expect(area.parent?.text == "379922001000")
  }

  @Test func `the same facts again are no event`() throws {
    let facts = Area.Facts(code: "379922001001", name: "城东居委会", urbanRuralClass: "111")
    guard case .changed(let area)? = try decide(facts).first else { return #expect(Bool(false)) }
    #expect(try decide(facts, over: area).isEmpty)
    var renamed = facts
    renamed.name = "东关居委会"
    guard case .changed(let changed)? = try decide(renamed, over: area).first else { return #expect(Bool(false)) }
    #expect(changed.version == 2)
  }

  @Test func `every fault of a row is named at once`() {
    let facts = Area.Facts(
      code: "110101001001", name: "", urbanRuralClass: "999", validFrom: "2021-02-29", successorCodes: ["x"])
    let refused = #expect(throws: Refused.self) { try decide(facts, knowsParent: false) }
    #expect(
      refused?.reasons.map(\.code) == [
        "AREA_OUTSIDE_COUNTY", "AREA_NAME_MISSING", "URBAN_RURAL_CLASS_INVALID", "DATE_INVALID", "AREA_CODE_INVALID",
        "PARENT_AREA_MISSING",
      ])
  }

  @Test func `a code that is not twelve digits is refused`() {
    let refused = #expect(throws: Refused.self) { try decide(.init(code: "37992", name: "x")) }
    #expect(refused?.reasons.map(\.code) == ["AREA_CODE_INVALID"])
  }

  @Test func `the county itself needs no parent`() throws {
    #expect(try decide(.init(code: "379922000000", name: "沭安县"), knowsParent: false).count == 1)
  }
}

extension AreaCode {
  /// The fictional county.
  static let county = AreaCode("379922000000").unsafelyUnwrapped
  static let chengguan = AreaCode("379922001000").unsafelyUnwrapped
  static let guiyi = AreaCode("379922200000").unsafelyUnwrapped
}
