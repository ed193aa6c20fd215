import Kernel
import Testing

struct AreaCodeTests {
  // swift-format-ignore
  @Test(arguments: [
    ("370000000000", AreaCode.Level.province,   "37"),
    ("379900000000", AreaCode.Level.prefecture, "3799"),
    ("379922000000", AreaCode.Level.county,     "379922"),
    ("379922001000", AreaCode.Level.township,   "379922001"),
    ("379922001201", AreaCode.Level.village,    "379922001201"),
    ("379922100000", AreaCode.Level.township,   "379922100"),
  ])
  func `a code reaches as far down as its zeros leave`(text: String, level: AreaCode.Level, prefix: String) throws {
    let code = try #require(AreaCode(text))
    #expect(code.level == level)
    #expect(code.prefix == prefix)
  }

  @Test(arguments: ["", "37992200100", "3799220010000", "37992200100a", "００9922001000", "000000000000", " 79922001000"])
  func `anything but twelve digits is no code`(text: String) { #expect(AreaCode(text) == nil) }

  @Test func `places lie in places`() throws {
    let village = try #require(AreaCode("379922001201"))
    let township = try #require(AreaCode("379922001000"))
    let county = try #require(AreaCode("379922000000"))
    #expect(village.isWithin(township) && township.isWithin(county) && county.isWithin(county))
    #expect(!county.isWithin(township))
    #expect(village.ancestor(.township) == township)
    #expect(village.ancestor(.county) == county)
    #expect(county < township)
  }
}
