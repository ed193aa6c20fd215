import NIOCore

/// Who may run on one event loop, lane by lane. Lives on its loop.
///
/// ```
/// call ──enter──▶ runs ──leave──▶ the first that waits and is still wanted runs
///          ├─ as many run as may, or as can be expected to end soon ──▶ waits
///          └─ as many wait as may, or would wait too long ──▶ refused, with a hint when to come again
/// ```
final class Lanes {
  /// A lane: a class of methods of the server's own, or of one of those to whom it passes calls on.
  struct Number {
    fileprivate let index: Int

    /// Owner 0 is the server itself.
    init(_ kind: MethodClass, ofOwner owner: Int) { index = owner * MethodClass.allCases.count + kind.rawValue }
  }

  private var lanes: [Lane<ServerCall>] = []

  func enter(_ call: ServerCall, _ number: Number, _ limit: MethodLimit?) -> LaneEntry {
    guard let limit else { return .runs }
    while lanes.count <= number.index { lanes.append(Lane()) }
    return lanes[number.index].enter(call, limit, at: .now())
  }

  /// A call of this lane has ended. The calls whose turn it is; those among them that are over already take no place.
  func leave(_ number: Number, _ limit: MethodLimit?, isDone: Bool) -> [ServerCall] {
    guard let limit else { return [] }
    return lanes[number.index].leave(limit, isDone: isDone, at: .now())
  }
}
