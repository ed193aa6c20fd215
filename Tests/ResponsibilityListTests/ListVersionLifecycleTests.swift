import Access
import Kernel
import Lifecycle
import ResponsibilityListDomain
import Testing

/// The life of a list: every state × action × part, and what the guards say.
struct ListVersionLifecycleTests {
  static let now = Timestamp(rfc3339: "2019-04-20T09:00:00+08:00") ?? Timestamp(seconds: 0)
  static let today = CivilDate(now)
  static let fine = ListVersion.Content(itemCount: 51, digest: "d", findings: [])

  static func list(_ state: ListVersion.State) -> ListVersion {
    ListVersion(
      id: "list", number: "2019-1", title: "", parentPolicy: "", isLegacy: false, state: state,
      supersedeDate: today, submitterID: "li", createTime: now)
  }

  static func actor(_ role: Role, person: String = "wang") -> Actor {
    Actor(personID: person, organisationID: "org", role: role, countyCode: "379922000000")
  }

  /// A command for each action, with everything that its guards ask for.
  static func command(_ action: ListVersion.Action) -> ListVersion.Command {
    switch action {
    case .open: .open(number: "2020-1", title: "", parentPolicy: "", isLegacy: false)
    case .putItem: .putItem(code: "ST-04", isNew: true)
    case .submit: .submit(content: fine)
    case .object: .object(opinion: "水利局不同意", organisationID: "org")
    case .approve: .approve(number: "沭编〔2019〕1号")
    case .publish: .publish(effective: today, content: fine)
    case .cancel: .cancel
    case .discard: .discard(reason: "重做")
    case .endOn: .endOn(today, successorID: "next")
    case .supersede: .supersede
    }
  }

  /// What the specification allows; every other cell refuses.
  static let allowed: [(ListVersion.State, ListVersion.Action, ListVersion.State, Set<Role>)] = [
    (.draft, .putItem, .draft, keepers), (.draft, .submit, .inReview, keepers), (.draft, .discard, .discarded, keepers),
    (.inReview, .object, .draft, [.departmentClerk, .departmentLeader, .townshipLeader, .legalOffice]),
    (.inReview, .approve, .approved, [.countyLeadership]), (.approved, .publish, .published, keepers),
    (.approved, .cancel, .draft, keepers), (.published, .endOn, .published, keepers),
    (.published, .supersede, .superseded, [.system]),
  ]
  static let keepers: Set<Role> = [.bianban, .countyAdmin, .integration]

  @Test(arguments: ListVersion.State.allCases)
  func `every cell of the table is as specified`(state: ListVersion.State) {
    for action in ListVersion.Action.allCases {
      for role in Role.allCases {
        let cell = Self.allowed.first { $0.0 == state && $0.1 == action && $0.3.contains(role) }
        var list = Self.list(state)
        let events = try? list.decide(Self.command(action), by: Self.actor(role), at: Self.now)
        #expect((events != nil) == (cell != nil), "\(state) \(action) \(role)")
        for event in events ?? [] { list.apply(event, at: Self.now) }
        #expect(list.state == cell?.2 ?? state)
      }
    }
  }

  @Test func `nobody approves what he submitted, nor without a number`() {
    #expect {
      try Self.list(.inReview).decide(
        .approve(number: " "), by: Self.actor(.countyLeadership, person: "li"), at: Self.now)
    } throws: { Self.codes($0) == ["APPROVER_IS_SUBMITTER", "APPROVAL_NUMBER_MISSING"] }
  }

  @Test func `a list takes effect today at the earliest, unless it is entered for the record`() throws {
    let yesterday = CivilDate(dayNumber: Self.today.dayNumber - 1)
    let command = ListVersion.Command.publish(effective: yesterday, content: Self.fine)
    #expect { try Self.list(.approved).decide(command, by: Self.actor(.bianban), at: Self.now) } throws: {
      Self.codes($0) == ["EFFECTIVE_DATE_PAST"]
    }
    var legacy = Self.list(.approved)
    legacy.isLegacy = true
    #expect(try legacy.decide(command, by: Self.actor(.bianban), at: Self.now) == [.published(effective: yesterday)])
  }

  @Test func `a list comes after those that are published`() {
    var other = Self.list(.published)
    (other.id, other.number, other.effectiveDate) = ("other", "2019-0", Self.today)
    #expect {
      try Self.list(.approved).decide(
        .publish(effective: Self.today, content: Self.fine), by: Self.actor(.bianban), at: Self.now, beside: [other])
    } throws: { Self.codes($0) == ["EFFECTIVE_DATE_OVERLAPS"] }
  }

  @Test func `one draft at a time, one number once`() {
    #expect {
      try ListVersion.open(
        .open(number: "2019-1", title: "", parentPolicy: "", isLegacy: false), id: "new", by: Self.actor(.bianban),
        at: Self.now, beside: [Self.list(.draft)])
    } throws: { Self.codes($0) == ["ANOTHER_DRAFT_OPEN", "LIST_NUMBER_TAKEN"] }
  }

  @Test func `every finding of every item at once`() {
    var twoMains = DemoList.items[0]
    twoMains.subjects.append(Subject(part: .main, level: .township))
    var bare = DemoList.items[1]
    bare.manual = Manual(offices: [.init(officeName: "办公室")], procedure: "先…再…")
    bare.bases[0].validity = .repealed
    let content = ListVersion.Content(
      itemCount: 2, digest: "d", findings: ItemFindings.all(of: [twoMains, bare, DemoList.items[2]]))
    #expect {
      try Self.list(.draft).decide(.submit(content: content), by: Self.actor(.bianban), at: Self.now)
    } throws: { error in
      let reasons = (error as? Refused)?.reasons ?? []
      #expect(reasons.last?.metadata["item_code"] == "ZR-02")
      #expect(reasons.first { $0.code == "MANUAL_INCOMPLETE" }?.metadata["missing"] == "TELEPHONE,TIME_LIMIT,EVIDENCE")
      return reasons.map(\.code) == ["MAIN_SUBJECT_NOT_ONE", "MANUAL_INCOMPLETE", "BASIS_REPEALED"]
    }
  }

  @Test func `a list holds from its day until the day of the next`() {
    var list = Self.list(.superseded)
    list.effectiveDate = Self.today
    list.supersedeDate = CivilDate(dayNumber: Self.today.dayNumber + 10)
    #expect(!list.isInForce(on: CivilDate(dayNumber: Self.today.dayNumber - 1)))
    #expect(list.isInForce(on: Self.today))
    #expect(list.isInForce(on: CivilDate(dayNumber: Self.today.dayNumber + 9)))
    #expect(!list.isInForce(on: CivilDate(dayNumber: Self.today.dayNumber + 10)))
  }

  static func codes(_ error: any Error) -> [String] { (error as? Refused)?.reasons.map(\.code) ?? [] }
}
