import Kernel
import ResponsibilityListDomain
import Testing

/// Whose matter is this, on the demonstration county's 51 items.
struct DeterminationTests {
  @Test(arguments: [
    "村口有人偷倒工业污水到河里", "偷排", "村口有人偷倒工業汙水到河裡", "偷倒工業汙水", "偷　排汙水！",
  ])
  func `dumped waste water is the environment bureau's, however it is written`(text: String) throws {
    let answer = try Asking.ask(text)
    let best = try #require(answer.best)
    #expect(best.item.code == "ST-04")
    #expect(best.main.organisationName == "市生态环境局沭安分局" && best.main.organisationID == "dept-environment")
    #expect(answer.verdict == .agency)
    #expect(answer.agencies.map(\.agencyType) == ["生态环境所"])
    #expect(!best.item.townshipDuties.isEmpty && !best.item.bases.isEmpty && !best.matches.isEmpty)
  }

  @Test func `matched stretches point into the text as it was written`() throws {
    let text = "「投訴」　村口有人偷倒工業汙水到河裡！"
    let best = try #require(try Asking.ask(text).best)
    let scalars = Array(text.unicodeScalars)
    let stretches = best.matches.map { match in
      String(String.UnicodeScalarView(scalars[match.range]))
    }
    #expect(stretches.contains("偷倒工業汙水"))
  }

  @Test func `the parts of a score are its fields`() throws {
    let best = try #require(try Asking.ask("村口有人偷倒工业污水到河里").best)
    let sum = best.fields.values.reduce(0, +)
    #expect(abs(sum - best.score) < 0.005)
    #expect(best.fields[.alias] != nil)
  }

  @Test func `a township matter is the township's own`() throws {
    let answer = try Asking.ask("路边垃圾成堆，好多天没人清运")
    #expect(answer.best?.item.code == "CJ-06")
    #expect(answer.verdict == .own)
    #expect(answer.best?.main.organisationID == "town")
  }

  @Test func `where the township has no such agency the county is called`() throws {
    let answer = try Asking.ask("偷排", in: Asking.directory(["司法所", "派出所"]))
    #expect(answer.verdict == .call)
    #expect(answer.agencies.isEmpty)
  }

  @Test func `sand on the river bank may be either of two items`() throws {
    let answer = try Asking.ask("沙子堆在河滩")
    #expect(answer.verdict == .ambiguous)
    #expect(Set(answer.candidates.prefix(2).map(\.item.code)) == ["NS-02", "NS-03"])
  }

  @Test(arguments: ["无人机黑飞", "最近总有无人机在小区上空飞来飞去", "请问公积金怎么提取"])
  func `what the list does not know is off the list`(text: String) throws {
    let answer = try Asking.ask(text)
    #expect(answer.verdict == .offList)
    #expect(answer.best == nil)
  }

  @Test func `an item of the country does not answer for the town`() throws {
    let text = "邻居没有手续盖房，挡了我家采光，村里说是违建"
    let inCountry = try Asking.ask(text, areaKind: .rural)
    let inTown = try Asking.ask(text, areaKind: .urban)
    #expect(inCountry.candidates.contains { $0.item.code == "CJ-02" })
    #expect(!inTown.candidates.contains { $0.item.areaKind == .rural })
  }

  @Test func `the same question gives the same answer`() throws {
    let first = try Asking.ask("养猪场臭气熏天，粪水流进水沟")
    #expect(try Asking.ask("养猪场臭气熏天，粪水流进水沟") == first)
    #expect(try Asking.ask("養豬場臭氣熏天，糞水流進水溝").id == first.id)
    let rebuilt = ListIndex(DemoList.items.shuffled())
    #expect(try Asking.ask("养猪场臭气熏天，粪水流进水沟", of: rebuilt).candidates.first == first.candidates.first)
  }

  @Test func `the id depends on everything that the answer depends on`() throws {
    var other = ScoringPolicy.standard
    other.threshold += 0.1
    let ids = [
      try Asking.ask("偷排").id, try Asking.ask("偷倒").id, try Asking.ask("偷排", day: 2).id,
      try Asking.ask("偷排", areaKind: .rural).id, try Asking.ask("偷排", in: Asking.directory(version: 2)).id,
      try Asking.ask("偷排", of: ListIndex(DemoList.items, policy: other)).id,
    ]
    #expect(Set(ids).count == ids.count)
  }

  @Test func `a question of one character is looked for in the words themselves`() throws {
    #expect(try Asking.ask("坟").candidates.first?.item.code == "MS-01")
    #expect(try Asking.ask("坟").best?.item.code == "MS-01")
  }

  @Test func `everything wrong with a question is said at once`() {
    #expect {
      try Question(text: " ，。 ", townshipCode: "379922", asOf: CivilDate(dayNumber: 18_000))
    } throws: { error in
      (error as? Refused)?.reasons.map(\.code) == ["TEXT_MISSING", "TOWNSHIP_CODE_INVALID"]
    }
  }

  @Test func `a long message does not come onto the list by its length`() throws {
    let filler = String(repeating: "请领导关心一下我们的生活，孩子上学的事情一直没有着落。", count: 60)
    #expect(try Asking.ask(filler).verdict == .offList)
    #expect(try Asking.ask(filler + "工厂夜里往河里偷排废水，鱼都死了。").best?.item.code == "ST-04")
  }
}
