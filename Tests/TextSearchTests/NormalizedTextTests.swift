import Testing

@testable import TextSearch

@Suite struct NormalizedTextTests {
  @Test(arguments: [
    ("偷排汙水", "偷排污水"), ("環境衛生髒亂差", "环境卫生脏乱差"), ("ＡＢＣ１２３", "abc123"), ("WiFi 信号", "wifi 信号"),
    ("金\u{F90A}", "金金"), ("共１，２００元", "共1200元"), ("3.5万元", "3.5万元"), ("，，你好！！  再见。", "你好\n再见"), ("", ""), ("。。。", ""),
    ("一、道路\n二、河流", "一 道路\n二 河流"), ("②号楼", "2号楼"), ("A1、A2区", "a1 a2区"),
  ])
  func `what a reader calls the same has one form`(written: String, folded: String) {
    #expect(NormalizedText(written).text == folded)
  }

  @Test func `every scalar knows where it stood`() {
    let text = NormalizedText("「偷  排」汙水！")
    #expect(text.text == "偷 排 污水")
    #expect(text.origins == [1, 2, 4, 5, 6, 7])
    #expect(text.originalRange(4..<6) == 6..<8)
  }

  @Test func `ideographs go in overlapping pairs and letters in words`() {
    let text = NormalizedText("村口有人 WiFi坏了3.5天 好")
    let cut = text.tokens.map { token in
      String(String.UnicodeScalarView(text.scalars[token.range].map { Unicode.Scalar($0)! }))
    }
    #expect(cut == ["村口", "口有", "有人", "wifi", "坏了", "3.5", "天", "好"])
  }

  @Test func `sentences end at full stops and are cut when too long`() {
    let text = NormalizedText("甲乙丙。丁戊，己庚辛壬！癸")
    #expect(text.sentences(limit: 100).map(\.count) == [3, 7, 1])
    #expect(text.sentences(limit: 5).map(\.count) == [3, 2, 4, 1])
  }

  @Test func `folding again changes nothing`() {
    for scalar in (0x2e80...0xffff as ClosedRange<UInt32>) where Unicode.Scalar(scalar) != nil {
      let once = Folding.fold(scalar)
      #expect(Folding.fold(once) == once, "U+\(String(scalar, radix: 16))")
    }
  }
}

@Suite struct TermFinderTests {
  @Test func `all terms are found, overlapping ones too`() {
    var finder = TermFinder()
    let numbers = ["污水", "工业污水", "水到", "KTV"].map { finder.add($0) }
    #expect(numbers == [0, 1, 2, 3])
    #expect(finder.add("汙水") == 0)
    let text = NormalizedText("偷倒工業汙水到河里，ktv 和 ktvs")
    let hits = finder.hits(in: text, range: 0..<text.scalars.count)
    #expect(hits.map(\.term) == [1, 0, 2, 3])
  }

  @Test func `search keys hide the words and forget their order`() {
    let keys = NormalizedText("污水到河里").searchKeys { $0.reversed() }
    #expect(keys.count == 4)
    #expect(Set(keys) == Set(NormalizedText("汙水到河裡").searchKeys { $0.reversed() }))
  }
}
