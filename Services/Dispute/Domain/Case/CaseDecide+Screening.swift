package import Kernel
import Lifecycle
import WorkClock

/// What follows from rejecting, merging, and from saying anew what and whose a case is.
extension Case {
  func screening(_ command: Command, _ move: Move, _ ledger: inout ClockLedger) throws(Refused) -> Change {
    switch command {
    case .reject(let ground?, let reason, _):
      ledger.stopAll()
      return .rejected(Rejection(ground: ground, reason: reason, rejectTime: move.now, person: move.actor))
    case .reconsider(let objection):
      restart(&ledger)
      return .reconsidered(objection: objection)
    case .merge(let survivor, let reason):
      ledger.stopAll()
      return .merged(into: survivor, reason: reason)
    case .unmerge(let reason):
      restart(&ledger)
      return .unmerged(from: survivor?.caseID ?? "", reason: reason, level: ownLevel(in: move.world))
    case .absorb(let merges):
      if let earliest = merges.compactMap(\.startTime).min(), let own = runningClock(.whole)?.startTime, earliest < own
      {
        ledger.adopt(earliest, for: .whole)
      }
      return .absorbed(merges)
    case .release(let other):
      partClocks(from: other, &ledger)
      return .released(other)
    case .repoint(let survivor): return .repointed(to: survivor)
    default: throw TransitionRefusal.noSuch.refusal(action: action(of: command).rawValue, state: state.rawValue)
    }
  }

  /// What this case, merged into another at `now`, leaves with the survivor: itself and all that had been merged into it.
  package func legacy(to survivor: Case, at now: Timestamp) -> [Merge] {
    let own = survivor.runningClock(.whole)?.startTime
    let mine = Merge(
      caseID: caseID, reporterCount: 1, mergeTime: now, startTime: runningClock(.whole)?.startTime, ownStartTime: own)
    return [mine]
      + merges.map {
        Merge(
          caseID: $0.caseID, reporterCount: $0.reporterCount, mergeTime: now, startTime: $0.startTime, ownStartTime: own
        )
      }
  }

  func naming(_ command: Command, _ move: Move, _ ledger: inout ClockLedger) throws(Refused) -> Change {
    switch command {
    case .locate(let id):
      guard let grid = move.world.namedGrid, grid.gridID == id,
        let step = grid.ownStep(kind: origin.kind, flags: origin.flags, room: industryRoom)
      else { throw Refused(.failedPrecondition, .gridNotHeard) }
      ledger.stop(.accept)
      ledger.start(.accept, at: step.level)
      return .located(
        Placement(
          grid: id, area: grid.area, township: grid.area.ancestor(.township),
          townshipOrganisation: move.world.townshipOrganisation ?? origin.townshipOrganisation, step: step,
          responsible: move.world.intakeClerks[step.organisation] ?? move.actor))
    case .classify(let category, let complexity):
      return .classified(category: category ?? origin.category, complexity ?? origin.complexity)
    case .setFlags(let flags, let reason, let room):
      let industryRoom = flags.contains(.industry) ? move.world.industryRoom(room, for: origin.category) : nil
      var step = PathStep(level, handlingOrganisation)
      if state == .reported, let own = move.world.ownStep(of: self, flags: flags, room: industryRoom) { step = own }
      let moves = step.organisation != handlingOrganisation
      if moves {
        ledger.stop(.accept)
        ledger.start(.accept, at: step.level)
      }
      ledger.informTownship(flags: flags, standingAt: step.level)
      return .flagged(
        Flagging(
          flags: flags, reason: reason, industryRoom: industryRoom, step: step,
          responsible: moves ? move.world.intakeClerks[step.organisation] ?? move.actor : responsiblePerson))
    case .reassign(let person?, let reason, let phone):
      return .assigned(responsible: person, reason: reason, phone: phone)
    case .takeOver(let person): return .assigned(responsible: person, reason: nil, phone: nil)
    default: throw TransitionRefusal.noSuch.refusal(action: action(of: command).rawValue, state: state.rawValue)
    }
  }

  /// The level of the organisation that handles it, for a case that stands at GRID.
  func ownLevel(in world: Surroundings) -> Level {
    guard level == .grid else { return level }
    return world.grid?.path.first { $0.organisation == handlingOrganisation }?.level ?? .township
  }

  private func restart(_ ledger: inout ClockLedger) {
    ledger.start(.whole)
    ledger.start(.accept)
  }

  /// The clock counts as if `other` had never been merged: from the earliest of those that remain.
  private func partClocks(from other: ID<Case>, _ ledger: inout ClockLedger) {
    guard let parting = merges.first(where: { $0.caseID == other }), let own = merges.first?.ownStartTime,
      let running = runningClock(.whole), running.startTime == parting.startTime
    else { return }
    let remaining = merges.filter { $0.caseID != other }.compactMap(\.startTime)
    ledger.adopt(remaining.reduce(own, min), for: .whole)
  }
}

extension TransitionRefusal {
  static let noSuch = TransitionRefusal(cause: .noSuchTransition)
}
