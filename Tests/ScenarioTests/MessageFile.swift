import Foundation
import TestSupport

/// A file of fictional citizens' messages, made by a seed, and what has to come out of it.
struct MessageFile {
  /// Lines that nobody can take in; where they stand and what is wrong with each.
  enum Flaw: CaseIterable {
    case notJSON, noTime, replyBeforeReport, invalidUTF8, tooLong
  }

  let path: String
  let count: Int
  let flawCount: Int
  private(set) var closedSeconds: [Int64] = []
  /// Ids in the order of the lines.
  private(set) var ids: [String] = []

  var name: String { (path as NSString).lastPathComponent }

  /// Writes `count` good messages, and after every fiftieth one of `flaws`.
  init(_ name: String, in folder: String, count: Int, flaws: [Flaw] = [], seed: UInt64) throws {
    path = "\(folder)/\(name)"
    self.count = count
    flawCount = flaws.count
    var random = Dice(state: seed)
    var remaining = flaws[...]
    guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path)
    else { throw StackError("cannot write \(path)") }
    for number in 0..<count {
      let id = "\(name)-\(number)"
      ids.append(id)
      let (subject, text) = Self.topics[random.roll(Self.topics.count)]
      let start = 1_556_150_400 + Int64(number) * 1_931 + Int64(random.roll(600))
      var fields: [String: Any] = [
        "id": id, "subject": subject, "text": "\(text)（第\(number)封）", "time": Self.text(start), "from": "网民",
      ]
      if random.roll(20) > 0 {
        let duration = Int64(random.roll(40 * 86_400))
        closedSeconds.append(duration)
        fields["reply"] = "您好，已办理，第\(number)号答复。"
        fields["reply_time"] = Self.text(start + duration)
      }
      try file.write(contentsOf: JSONSerialization.data(withJSONObject: fields) + Data("\n".utf8))
      if number % 20 == 19, let flaw = remaining.popFirst() { try file.write(contentsOf: Self.line(flaw)) }
    }
    for flaw in remaining { try file.write(contentsOf: Self.line(flaw)) }
    try file.close()
  }

  /// Nearest rank, as D§2.5.2 says: the ⌈p·n⌉-th smallest.
  func percentile(_ percent: Double) -> Int64 {
    let sorted = closedSeconds.sorted()
    return sorted[max(0, Int((percent / 100 * Double(sorted.count)).rounded(.up)) - 1)]
  }

  private static func line(_ flaw: Flaw) -> Data {
    switch flaw {
    case .notJSON: Data("这不是一行 JSON\n".utf8)
    case .noTime: Data(#"{"id":"x-1","subject":"路灯不亮","text":"整条街都不亮"}"#.utf8) + Data("\n".utf8)
    case .replyBeforeReport:
      Data(
        #"{"id":"x-2","subject":"路灯","text":"不亮","time":"2019-05-02T08:00:00+08:00","reply":"好","reply_time":"2019-05-01T08:00:00+08:00"}"#
          .utf8) + Data("\n".utf8)
    case .invalidUTF8:
      Data(#"{"id":"x-3","subject":"路灯","time":"2019-05-02T08:00:00+08:00","text":""#.utf8) + Data([0xe8, 0xb7, 0xff])
        + Data("\"}\n".utf8)
    case .tooLong:
      Data(#"{"id":"x-4","time":"2019-05-02T08:00:00+08:00","text":""#.utf8) + Data(repeating: 0x61, count: 1_100_000)
        + Data("\"}\n".utf8)
    }
  }

  private static func text(_ seconds: Int64) -> String {
    let moment = Calendar(identifier: .gregorian)
      .dateComponents(
        in: TimeZone(secondsFromGMT: 8 * 3600) ?? .gmt, from: Date(timeIntervalSince1970: Double(seconds)))
    return String(
      format: "%04d-%02d-%02dT%02d:%02d:%02d+08:00", moment.year ?? 0, moment.month ?? 0, moment.day ?? 0,
      moment.hour ?? 0, moment.minute ?? 0, moment.second ?? 0)
  }

  private static let topics = [
    ("河边夜里有人偷排污水", "村东小河边有个厂，一到后半夜就往河里排黑水，鱼都死了"),
    ("楼下饭店油烟太大", "一楼新开的烧烤店没有装净化器，油烟直往楼上灌"),
    ("广场舞半夜还在放音乐", "人民广场东边每晚跳到十一点多，音响开得特别大"),
    ("垃圾好几天没人清运", "菜市场后面的垃圾池满了四五天没人拉，苍蝇到处飞"),
    ("邻居在耕地上打水泥", "同村的人在自家承包的基本农田里铺水泥、搭大棚卖建材"),
    ("电梯经常困人", "三号楼电梯一个月困人两次，维保单位来了也修不好"),
    ("想咨询图书馆什么时候开门", "县图书馆装修半年了，什么时候能重新开放"),
    ("幼儿园没有证照", "巷子里有个家庭幼儿园，十几个孩子挤在一间屋，没看到任何证"),
    ("煤气罐店开在居民楼下", "小区车库里有人卖液化气罐，太危险了"),
    ("村里水沟又黑又臭", "村中间那条沟是生活污水排进去的，几年没清过"),
    ("希望公交线路延长", "新建了好几个小区，最近的公交站要走二十分钟"),
    ("危旧房漏雨要塌", "老房子后墙裂了一指宽的缝，下雨就漏，想申请危房改造"),
  ]
}

/// The same throws for the same seed.
struct Dice {
  var state: UInt64

  mutating func roll(_ sides: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(sides))
  }
}

/// What `huying import cases -o json` says.
struct ImportNumbers: Decodable, Equatable {
  struct Handling: Decodable, Equatable {
    struct VerdictCount: Decodable, Equatable {
      let verdict: String
      let caseCount: String
    }
    let caseCount: String
    let closedCount: String?
    let closingRate: Double?
    let medianDuration: String?
    let p90Duration: String?
    let verdictCounts: [VerdictCount]

    var verdicts: [String: Int] {
      Dictionary(verdictCounts.map { ($0.verdict, Int($0.caseCount) ?? 0) }, uniquingKeysWith: +)
    }
  }
  let added: Int
  let alreadyThere: Int
  let refused: Int
  let handlingTime: Handling

  init(_ output: String) throws { self = try JSONDecoder().decode(Self.self, from: Data(output.utf8)) }
}

/// What `huying score -o json` says, as far as the stories ask.
struct ScoreNumbers: Decodable {
  struct County: Decodable {
    struct Scorecard: Decodable { let handlingTime: ImportNumbers.Handling? }
    let scorecard: Scorecard
  }
  let county: County

  init(_ output: String) throws { self = try JSONDecoder().decode(Self.self, from: Data(output.utf8)) }
}
