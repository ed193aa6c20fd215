import Access
import Crypto
import Foundation
import Journal
import Logging
import Persistence
import RPC
import ResponsibilityListContract
import ResponsibilityListService
import Runtime
import Wire

extension Measure {
  /// A question of about 500 characters against the 51 items: answered only, answered and kept, and without the network.
  func measureDetermine(_ stack: Stack, _ bench: Workbench) async throws -> Report.Group {
    let method = ResponsibilityListV1.DeterminationServiceMethods.determine
    func load(keeping: Bool) -> Load {
      stack.direct(
        "responsibility-list", method, Self.question(Stack.counter, keeping: keeping).encoded(), connections: 1,
        streams: 1)
    }
    var runners = [
      Runner("answered, through the service", load(keeping: false), [stack.responsibilityList], goal: "p95 ≤ 5000 µs"),
      Runner(
        "answered and kept, through the service", load(keeping: true), [stack.responsibilityList], goal: "p95 ≤ 5000 µs"
      ),
    ]
    try await Runner.interleave(&runners, bench)
    // The file has one writer: the service lets go of it first.
    await stack.responsibilityList.stop()
    let inProcess = try await determineInProcess(bench)
    return Report.Group(
      title: "Determine, 51 items, \(Self.text(Stack.counter).count) characters, 1 caller",
      lines: runners.map(\.line) + [inProcess])
  }

  private func determineInProcess(_ bench: Workbench) async throws -> Line {
    let database = try Database.open(
      path: bench.path("responsibility-list/responsibility-list.sqlite"),
      migrations: ResponsibilityListService.migrations)
    defer { database.close() }
    let shell = CommandShell(
      database: database, cryptography: .live(sealingKey: SymmetricKey(size: .bits256)), time: .real,
      logger: Logger(label: "benchmarks") { _ in SwiftLogNoOpLogHandler() })
    let service = ResponsibilityListService(shell, county: Stack.actor.countyCode)
    guard
      let handlers = service.parts.services.lazy.compactMap({ $0 as? any ResponsibilityListV1.DeterminationService })
        .first
    else { throw BenchmarkFailure("responsibility-list answers no Determine") }
    var context = ServerContext(method: ResponsibilityListV1.DeterminationServiceMethods.determine)
    context.setActor(Stack.actor)
    var line = Line(name: "answered, in process", goal: "p95 ≤ 5000 µs")
    var number = 0
    for round in 0...bench.rounds {
      var latencies: [Double] = []
      let clock = ContinuousClock()
      let end = clock.now + .milliseconds(bench.milliseconds / 2)
      while clock.now < end {
        number += 1
        let question = Self.question(String(format: "%012d", number), keeping: false)
        let begin = clock.now
        _ = try await handlers.determine(question, context: context)
        latencies.append(begin.duration(to: clock.now) / .microseconds(1))
      }
      guard round > 0 else { continue }
      latencies.sort()
      line.callsPerSecond.append(Double(latencies.count) / latencies.reduce(0, +) * 1e6)
      line.p50Microseconds.append(latencies[latencies.count / 2])
      line.p95Microseconds.append(latencies[(latencies.count - 1) * 95 / 100])
      line.p99Microseconds.append(latencies[(latencies.count - 1) * 99 / 100])
    }
    return line
  }

  private static func question(_ number: String, keeping: Bool) -> ResponsibilityListV1.DetermineRequest {
    .init(question: .init(text: text(number), townshipCode: Stack.townshipCode), dryRun: !keeping)
  }

  /// A long message as residents write them (演示数据), with a number so that no two are the same.
  private static func text(_ number: String) -> String {
    """
    领导您好，我是城关街道城东社区的居民，受理编号\(number)。我们小区东门外的那块空地，去年还种着庄稼，从今年三月开始陆续有货车\
    过来倾倒建筑垃圾和装修垃圾，现在堆得比围墙还高，一刮风满院子都是灰，老人孩子出门都要戴口罩。更让人担心的是，空地旁边有\
    一条排水沟通往村后的小河，上个月有人看见夜里有罐车往沟里排黑水，气味刺鼻，河里的鱼死了不少，附近几户人家的井水也不敢再喝。\
    我们先后找过社区和物业，社区说没有执法权，物业说不在红线范围内，让我们找环保部门；打电话过去，答复说要先由街道核实，街道\
    又说这块地的性质是耕地，应当由自然资源部门认定。就这样来回跑了一个多月，垃圾越堆越多，排水沟也堵了，前几天下大雨，污水\
    倒灌进了一楼的三户人家，家具家电泡坏了不少，损失到现在也没有人出面处理。另外，每天清早五点多就有铲车在空地上作业，噪声很大，\
    影响周围上百户居民休息，孩子马上要中考，实在受不了。空地西侧还有人私自搭了两间彩钢房，里面堆着废旧轮胎和油桶，没有任何消防\
    设施，万一起火后果不堪设想。恳请有关部门尽快到现场查看，弄清楚到底该由哪个单位负责，把垃圾清走，把偷排污水的人查出来，对占用\
    耕地和违法搭建的行为依法处理，并请书面答复我们居民。联系电话可以打给社区转达，谢谢。
    """
  }
}
