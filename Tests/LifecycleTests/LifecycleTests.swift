import Kernel
import Lifecycle
import Testing

/// A door: the smallest machine that has everything.
struct Door: Sendable {
  enum State: String, Sendable { case open = "OPEN", shut = "SHUT", locked = "LOCKED" }
  enum Action: String, Sendable { case hang = "hang", shut = "shut", lock = "lock", knock = "knock" }
  enum Role: Sendable { case owner, guest }

  var hasKey = true
  var isClear = true

  // swift-format-ignore
  static let lifecycle = Lifecycle<State, Action, Role, Door>([
    //    from      action   to        who                          guards
    .row(nil,      .hang,   .open,    .owner),
    .row(.open,    .shut,   .shut,    anyOf: [.owner, .guest],      .isClear),
    .row(.shut,    .lock,   .locked,  .owner,                       .hasKey, .isClear),
    .row(.shut,    .lock,   .open,    .owner,                       .hasNoKey),
    .row(.shut,    .knock,  .shut,    .guest),
  ])
}

extension Guard<Door> {
  static let isClear = Guard(Reason("NOT_CLEAR", zh: "门被挡住。", en: "Something is in the way.")) { $0.isClear }
  static let hasKey = Guard(Reason("NO_KEY", zh: "没有钥匙。", en: "There is no key.")) { $0.hasKey }
  static let hasNoKey = Guard(Reason("HAS_KEY", zh: "有钥匙。", en: "There is a key.")) { door, reason in
    door.hasKey ? reason.with("keys", "1") : nil
  }
}

struct LifecycleTests {
  static func codes(
    _ action: Door.Action, from state: Door.State?, as roles: Set<Door.Role>, _ door: Door = Door()
  ) -> [String] {
    do throws(TransitionRefusal) {
      return [try Door.lifecycle.transition(action, from: state, as: roles, on: door).to.rawValue]
    } catch {
      return error.refusal(action: action.rawValue, state: state?.rawValue ?? "-").reasons.map(\.code)
    }
  }

  // swift-format-ignore
  @Test(arguments: [
    (Door.Action.hang,  nil,               [Door.Role.owner],          ["OPEN"]),
    (Door.Action.hang,  nil,               [Door.Role.guest],          ["NOT_YOUR_ROLE"]),
    (Door.Action.hang,  Door.State.open,   [Door.Role.owner],          ["ILLEGAL_TRANSITION"]),
    (Door.Action.shut,  Door.State.open,   [Door.Role.guest],          ["SHUT"]),
    (Door.Action.lock,  Door.State.shut,   [Door.Role.guest],          ["NOT_YOUR_ROLE"]),
    (Door.Action.lock,  Door.State.shut,   [Door.Role.owner, .guest],  ["LOCKED"]),
    (Door.Action.knock, Door.State.shut,   [Door.Role.guest],          ["SHUT"]),
    (Door.Action.knock, Door.State.locked, [Door.Role.guest],          ["ILLEGAL_TRANSITION"]),
    (Door.Action.knock, Door.State.shut,   [],                         ["NOT_YOUR_ROLE"]),
  ] as [(Door.Action, Door.State?, Set<Door.Role>, [String])])
  func `the table answers what may be done`(
    action: Door.Action, state: Door.State?, roles: Set<Door.Role>, expected: [String]
  ) { #expect(Self.codes(action, from: state, as: roles) == expected) }

  @Test func `all unmet guards are given at once`() {
    let blocked = Door(hasKey: true, isClear: false)
    #expect(Self.codes(.lock, from: .shut, as: [.owner], blocked) == ["NOT_CLEAR"])
  }

  @Test func `of several rows the one whose guards hold is taken`() {
    #expect(Self.codes(.lock, from: .shut, as: [.owner], Door(hasKey: false, isClear: false)) == ["OPEN"])
  }

  @Test func `refusals have their kinds`() {
    #expect(
      TransitionRefusal(cause: .noSuchTransition).refusal(action: "lock", state: "OPEN").kind == .failedPrecondition)
    #expect(TransitionRefusal(cause: .notYourRole).refusal(action: "lock", state: "OPEN").kind == .permissionDenied)
    let unmet = TransitionRefusal(cause: .unmet([Guard<Door>.isClear.reason])).refusal(action: "shut", state: "OPEN")
    #expect(unmet.kind == .failedPrecondition && unmet.reasons == [Guard<Door>.isClear.reason])
  }

  @Test func `what may be done shows what still stands in its way`() {
    let actions = Door.lifecycle.actions(from: .shut, as: [.owner], on: Door(hasKey: true, isClear: false))
    #expect(actions.map(\.action) == [.lock, .lock])
    #expect(actions.map { $0.unmet.map(\.code) } == [["NOT_CLEAR"], ["HAS_KEY"]])
    #expect(actions[1].unmet[0].metadata == ["keys": "1"])
  }

  @Test func `the diagram shows the transitions only`() {
    #expect(
      Door.lifecycle.diagram == """
        stateDiagram-v2
          [*] --> OPEN: hang
          OPEN --> SHUT: shut
          SHUT --> LOCKED: lock
          SHUT --> OPEN: lock

        """)
  }
}
