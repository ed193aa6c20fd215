import Kernel
import PerformanceEvaluationDomain

/// Facts told in days: what happened to one case or call, in order.
struct Story {
  let id: String
  var township = "379922001000"
  var source = ""
  var department = ""
  var verdict = Verdict.undetermined
  var grid = ""
  var discovery: CaseFact.Discovery?
  private(set) var caseFacts: [CaseFact] = []
  private(set) var callFacts: [CallFact] = []
  private var due: Timestamp?
  private var reportTime = Timestamp(seconds: 0)

  init(_ id: String, township: String = "379922001000", source: String = "", department: String = "") {
    (self.id, self.township, self.source, self.department) = (id, township, source, department)
  }

  /// Day `number` after 2020-01-01, at midnight UTC.
  static func day(_ number: Double) -> Timestamp {
    Timestamp(seconds: 1_577_836_800 + Int64(number * 86_400))
  }

  /// A case that is reported on `day` and due thirty days later.
  static func reported(
    _ id: String, on day: Double, township: String = "379922001000", source: String = "", grid: String = "",
    found discovery: CaseFact.Discovery? = nil
  ) -> Story {
    var story = Story(id, township: township, source: source)
    (story.grid, story.discovery) = (grid, discovery)
    story.reportTime = Story.day(day)
    story.due = Story.day(day + 30)
    return story.then(.reported, on: day)
  }

  func then(_ change: CaseFact.Change, on day: Double) -> Story {
    var next = self
    let isEnd = [.terminated, .withdrawn, .merged, .rejected].contains(change)
    next.caseFacts.append(
      CaseFact(
        origin: origin(day), change: change, caseID: id, number: "DJ-\(id)", townshipCode: township,
        gridID: grid, discovery: discovery, importSource: source, reportTime: reportTime, dueTime: isEnd ? nil : due,
        verdict: verdict))
    return next
  }

  func taken(at level: CaseFact.Level?, on day: Double) -> Story { then(.taken(at: level), on: day) }

  func closed(on day: Double, onTime: Bool = true, by level: CaseFact.Level? = nil) -> Story {
    then(.closed(at: Story.day(day), onTime: onTime, by: level), on: day)
  }

  /// The clock stands still from `day` on.
  func suspended(on day: Double) -> Story {
    var next = self
    next.due = nil
    return next.then(.moved, on: day)
  }

  func resumed(on day: Double, due: Double) -> Story {
    var next = self
    next.due = Story.day(due)
    return next.then(.moved, on: day)
  }

  func found(_ verdict: Verdict) -> Story {
    var next = self
    next.verdict = verdict
    return next.then(.moved, on: 0)
  }

  func call(_ change: CallFact.Change, on day: Double) -> Story {
    var next = self
    next.callFacts.append(
      CallFact(
        origin: origin(day), change: change, callID: id, number: "HY-\(id)", townshipCode: township,
        mainOrgID: department, importSource: source))
    return next
  }

  private func origin(_ day: Double) -> FactOrigin {
    let seq = caseFacts.count + callFacts.count + 1
    return FactOrigin(eventID: "\(id)-\(seq)", seq: Int64(seq), occurTime: Story.day(day))
  }
}

extension Records {
  init(_ stories: [Story]) {
    self.init(
      cases: stories.compactMap { CaseRecord(folding: $0.caseFacts) },
      calls: stories.compactMap { CallRecord(folding: $0.callFacts) })
  }
}
