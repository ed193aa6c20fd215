import DisputeContract
import Foundation
import Kernel
import TestSupport
import WireTypes

/// What is reported in a fictional county year by year: case `number` is the same in every run.
struct GrowthYears: Sendable {
  static let start = Timestamp(rfc3339: "2006-01-02T08:00:00+08:00") ?? Timestamp(seconds: 0)
  /// 52,800 a year.
  static let interval = Interval.seconds(597)
  static let townships = (1...14).map { "3799221\(padded($0, 2))000" }
  /// Heard, and without a grid: here everybody calls at once.
  static let crowdTownship = "379922115000"
  private static let largestCrowd = 2_000
  private static let gridsPerTownship = 56

  func time(of number: Int) -> Timestamp { Self.start + .seconds(597 * Int64(number)) }

  /// Where a list goes on below case `number`.
  func pageToken(of number: Int) -> String { Array("\(time(of: number).microseconds) ~".utf8).hexadecimal }

  // MARK: - Texts

  private static let words = Array(
    """
    安柏宝北碧滨昌长朝辰城春翠大德东栋段方芳峰福富刚高歌工冠光桂国海汉航禾和河恒红宏虹洪厚湖华怀环辉惠吉佳嘉建江金锦京景静玖\
    居君开康科可坤蓝朗乐丽莲良林临灵龙路伦罗绿马满茂美梦民名明南宁农盘鹏平苹坪浦七奇千前桥青清庆秋泉然仁荣瑞润三森山杉尚圣盛\
    石时世首水顺思松苏台太泰唐桃天田亭通桐万旺望威维文梧西溪霞夏仙香祥向晓新星兴秀旭轩学雅阳杨业一宜逸银英永友宇玉裕园远岳云泽
    """)
  private static let kinds = [
    ("楼上漏水", "邻里/漏水"), ("深夜施工噪声", "邻里/噪声"), ("屋檐滴水", "邻里/排水"), ("宅基地边界", "土地/宅基地"),
    ("承包地流转", "土地/承包"), ("拖欠工钱", "劳动/欠薪"), ("物业收费", "物业/收费"), ("车辆占道", "物业/停车"),
    ("离婚财产", "婚姻/财产"), ("赡养老人", "婚姻/赡养"), ("车祸赔偿", "交通/赔偿"), ("退款不还", "消费/退款"),
    ("工程款结算", "合同/工程"), ("看病费用", "医疗/费用"), ("养猪场臭味", "环境/养殖"), ("饭店油烟", "环境/油烟"),
  ]
  private static let sentences = [
    "双方多次协商没有结果", "请求尽快安排调解", "已经向社区反映过一次", "老人和孩子晚上都无法休息", "对方拒不承认也不愿意到场",
    "围墙边上堆满了杂物", "下雨时积水倒灌进屋", "损失到现在没有人负责", "邻居之间因此吵过几回", "村里的老人都可以作证",
    "当时只有口头约定没有字据", "去年签过一份协议但没有执行", "希望有关部门到现场看看", "门口的路被挡住进出不便", "家里的东西泡坏了不少",
    "这件事拖了半年多", "双方各退一步也可以商量", "请把处理结果告诉我们",
  ]

  /// A name of two parts; a few dozen cases of a million have the same.
  func name(of number: Int) -> String {
    var dice = Dice(number)
    return (0..<4).map { _ in String(Self.words[dice.roll(Self.words.count)]) }.joined()
  }

  private func text(_ number: Int) -> (title: String, narrative: String, category: String) {
    var dice = Dice(number)
    let name = name(of: number)
    _ = dice.roll(1)
    let (kind, category) = Self.kinds[dice.roll(Self.kinds.count)]
    var said = "我住在\(name)\(dice.roll(40) + 1)栋\(dice.roll(6) + 1)单元，因\(kind)与邻居发生纠纷。"
    for _ in 0..<5 + dice.roll(4) { said += Self.sentences[dice.roll(Self.sentences.count)] + "，" }
    for _ in 0..<6 { said += String(Self.words[dice.roll(Self.words.count)]) }
    return ("\(name)\(kind)问题", said + "等人知道情况。", category)
  }

  func report(_ number: Int, inCrowd: Bool = false) -> DisputeV1.ReportCaseRequest {
    var dice = Dice(number)
    let (title, narrative, category) = text(number)
    let (count, township) = number.quotientAndRemainder(dividingBy: Self.townships.count)
    let grid = "grid-\(township)-\(count % Self.gridsPerTownship)"
    return .init(
      requestID: "growth-\(number)-\(UInt64.random(in: 0 ... .max))", kind: .dispute,
      category: inCrowd ? "" : category, gridID: inCrowd ? "" : grid,
      townshipOrgID: inCrowd ? "town-crowd" : "", title: title, narrative: narrative,
      parties: [
        .init(role: .applicant, name: "申\(dice.roll(900))", phone: "0000\(padded(dice.roll(10_000_000), 7))"),
        .init(role: .respondent, name: "被\(dice.roll(900))", phone: "0000\(padded(dice.roll(10_000_000), 7))"),
      ])
  }

  /// Handled elsewhere, long ago, by the own level.
  func row(_ number: Int, before now: Timestamp) -> DisputeV1.CaseRow {
    let (title, narrative, category) = text(number)
    return .init(
      externalRef: "\(number)-\(UInt64.random(in: 0 ... .max))", kind: .matter,
      townshipOrgID: "town-\(number % Self.townships.count)", category: category, title: title, narrative: narrative,
      reportTime: GoogleProtobuf.Timestamp(now - .days(400 + Int64(number % 300))),
      closeTime: GoogleProtobuf.Timestamp(now - .days(380)),
      determination: .init(determinationID: "d-\(number)", verdict: .self), settlementText: "双方和解。")
  }

  // MARK: - Growing

  /// Every case is reported by the service's own command at its own time, some thousand of them in a transaction; then a crowd calls.
  func grow(_ service: GrowthService, from first: Int, to end: Int) async throws {
    let contents = first == 0 ? Self.county : []
    for start in stride(from: 0, to: contents.count, by: 500) {
      try await service.hear(Array(contents[start..<min(contents.count, start + 500)]))
    }
    var bar = ProgressLine("growing dispute to \(end) cases")
    for batch in stride(from: first, to: end, by: 4_096) {
      let numbers = batch..<min(end, batch + 4_096)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in numbers {
          group.addTask {
            try await GrowthService.$reportTime.withValue(time(of: number)) {
              _ = try await service.report(report(number))
            }
          }
        }
        try await group.waitForAll()
      }
      bar.show(numbers.upperBound - first, of: end - first)
    }
    let crowd = min(Self.largestCrowd, end / 10)
    for number in 0..<crowd {
      service.clock.now = time(of: end) + .seconds(30 * Int64(number))
      _ = try await service.report(report(end + number, inCrowd: true))
      bar.show(number + 1, of: crowd)
    }
    bar.end()
  }

  private static var county: [DisputeV1.Message.OneOfContent] {
    var contents: [DisputeV1.Message.OneOfContent] = []
    func add(_ id: String, _ type: String, under parent: String, _ township: String) {
      contents.append(
        .organisation(
          .init(
            orgID: id, name: id, orgType: type, businessParentOrgID: parent, dailyParentOrgID: parent,
            areaCodes: [township], townshipCode: township)))
    }
    for (index, code) in (townships + [crowdTownship]).enumerated() {
      let name = code == crowdTownship ? "crowd" : "\(index)"
      add("town-\(name)", "TOWNSHIP", under: "county", code)
      add("centre-\(name)", "TOWNSHIP_CENTER", under: "town-\(name)", code)
      contents.append(.person(.init(personID: "clerk-\(name)", orgID: "centre-\(name)", roles: ["LEVEL_CLERK"])))
      guard code != crowdTownship else { continue }
      for number in 0..<gridsPerTownship {
        let area = "\(code.prefix(9))\(padded(201 + number / 4, 3))"
        let village = "village-\(index)-\(number / 4)"
        if number % 4 == 0 {
          add(village, "VILLAGE", under: "town-\(name)", code)
          add("room-\(village)", "VILLAGE_ROOM", under: village, code)
          contents.append(
            .person(.init(personID: "clerk-\(village)", orgID: "room-\(village)", roles: ["LEVEL_CLERK"])))
        }
        contents.append(
          .grid(
            .init(
              gridID: "grid-\(index)-\(number)", code: "\(area)R001", name: "网格\(number)", areaCode: area,
              orgID: village, memberPersonIDs: ["member-\(index)-\(number)"],
              path: [
                .init(level: .village, orgID: "room-\(village)"), .init(level: .township, orgID: "centre-\(name)"),
              ],
              gridType: "RURAL")))
      }
    }
    return contents
  }
}

/// The same numbers for the same seed (SplitMix64).
private struct Dice {
  private var state: UInt64

  init(_ seed: Int) { state = UInt64(truncatingIfNeeded: seed) &* 0x9e37_79b9_7f4a_7c15 }

  mutating func roll(_ sides: Int) -> Int {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return Int((mixed ^ (mixed >> 31)) % UInt64(sides))
  }
}

/// How far something long has come, on the terminal only.
struct ProgressLine {
  private let title: String
  private let start = ContinuousClock.now
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private var shown = -1

  init(_ title: String) { self.title = title }

  mutating func show(_ done: Int, of all: Int) {
    let percent = done * 100 / max(1, all)
    guard isTerminal, percent != shown else { return }
    shown = percent
    let bar = String(repeating: "█", count: percent / 4) + String(repeating: "░", count: 25 - percent / 4)
    let seconds = Int(start.duration(to: .now) / .seconds(1))
    FileHandle.standardError.write(Data("\r\(title) \(bar) \(percent) % \(seconds) s ".utf8))
  }

  func end() {
    let seconds = Int(start.duration(to: .now) / .seconds(1))
    FileHandle.standardError.write(Data("\(isTerminal ? "\r" : "")\(title): \(seconds) s\n".utf8))
  }
}
