package import Access
package import Kernel
import Lifecycle

extension Grid {
  /// A grid somebody wants entered, and what the directory says around it.
  package struct Proposal: Sendable {
    package var id: ID
    package var before: Grid?
    package var facts: Facts
    package var organisation: Organisation?
    package var host: Organisation?
    package var party: Organisation?
    package var isAreaEntered: Bool
    /// Units that another active grid has already: unit id to that grid's code.
    package var unitsElsewhere: [String: String]
    package var path: MediationPath
    package var county: AreaCode
    /// The plan that makes it, where one does.
    package var planID: DivisionPlan.ID?
    /// What it came out of, where the command says so.
    package var predecessors: [ID]?
    /// What a plan's course has to do with it.
    package var course = Course()

    package init(
      id: ID, before: Grid?, facts: Facts, organisation: Organisation?, host: Organisation? = nil,
      party: Organisation? = nil, isAreaEntered: Bool = true, unitsElsewhere: [String: String] = [:],
      path: MediationPath, county: AreaCode
    ) {
      self.id = id
      self.before = before
      self.facts = facts
      self.organisation = organisation
      self.host = host
      self.party = party
      self.isAreaEntered = isAreaEntered
      self.unitsElsewhere = unitsElsewhere
      self.path = path
      self.county = county
    }

    package var townshipCode: AreaCode? { AreaCode(facts.areaCode)?.ancestor(.township) }
  }

  /// Where a grid stands in a plan's course, and around it.
  package struct Course: Hashable, Sendable {
    package var planIsApproved = true
    package var planIsGone = true
    package var dateIsReached = true
    /// A primary member is assigned, or the vacancy is recorded (I1).
    package var isStaffedOrVacant = true
    package var hasSuccessors = true
    package var unitsAreMoved = true
    /// Nobody of the grid is responsible for an open case any more.
    package var casesAreHandedOver = true
    package var caseCountsAreStale = false
    package var lineageIsWritten = true

    package init() {}
  }

  /// How a grid comes into the registry.
  package enum Command: Hashable, Sendable {
    /// A new one, under the full size rule.
    case create
    /// A legacy one: what breaks the size or unit rule becomes an open finding. Over an active one: a correction.
    case importLegacy
    /// A plan that will make it was approved.
    case plan
    /// The plan's day has come.
    case takeEffect
    /// A plan moved units into or out of it, or put right what it shared with another.
    case moveUnits
    /// These take its place from the day on.
    case change(successors: [ID], day: CivilDate, kind: String)
    /// A plan ends it from the day on.
    case retire(day: CivilDate)
    /// Its time as a changed grid is over.
    case archive
    /// The plan that would have made it came to nothing.
    case drop
  }

  /// What is proposed; the words of the lifecycle table.
  package enum Action: String, Hashable, Sendable, CaseIterable {
    case create = "create"
    case importLegacy = "import"
    case correct = "correct"
    case plan = "plan approve"
    case takeEffect = "take effect"
    case moveUnits = "move units"
    case planEffect = "plan effect"
    case retire = "retire"
    case archive = "archive"
    case drop = "drop"
  }

  /// What `command` means now; nothing, if it would change nothing. Findings that are open already keep their time.
  package static func decide(
    _ command: Command, on proposal: Proposal, as role: Role, at now: Timestamp
  ) throws(Refused) -> [Event] {
    let before = proposal.before
    let action: Action =
      switch command {
      case .create: .create
      case .importLegacy: before == nil ? .importLegacy : .correct
      case .plan: .plan
      case .takeEffect: .takeEffect
      case .moveUnits: .moveUnits
      case .change: .planEffect
      case .retire: .retire
      case .archive: .archive
      case .drop: .drop
      }
    let row: LifecycleTable<State, Action, Proposal>.Row
    do {
      row = try lifecycle.transition(action, from: before?.state, as: [role], on: proposal)
    } catch {
      throw error.refusal(action: action.rawValue, state: before?.state.rawValue ?? "∅")
    }
    guard let township = proposal.townshipCode else { throw Refused(.failedPrecondition, .areaCodeInvalid) }
    var after = Grid(
      id: proposal.id, facts: proposal.facts, townshipCode: township, state: row.to,
      findings: row.to == .active ? proposal.findings(at: now) : [], path: proposal.path,
      effectiveTo: before?.effectiveTo ?? "", planID: proposal.planID ?? before?.planID,
      predecessors: proposal.predecessors ?? before?.predecessors ?? [], successors: before?.successors ?? [],
      version: before?.version ?? 0)
    switch command {
    case .change(let successors, let day, _):
      after.successors = Set(after.successors + successors).sorted()
      if after.effectiveTo.isEmpty { after.effectiveTo = day.description }
    case .retire(let day): after.effectiveTo = day.description
    case .create, .importLegacy, .plan, .takeEffect, .moveUnits, .archive, .drop: break
    }
    if after == before { return [] }
    after.version += 1
    return [event(command, after, isNew: before == nil)]
  }

  private static func event(_ command: Command, _ after: Grid, isNew: Bool) -> Event {
    switch command {
    case .create, .takeEffect: .activated(after, legacy: false)
    case .importLegacy: isNew ? .activated(after, legacy: true) : .corrected(after)
    case .plan: .planned(after)
    case .moveUnits: .unitsMoved(after)
    case .change(_, _, let kind): .changed(after, kind: kind)
    case .retire: .retired(after, .plan)
    case .archive: .retired(after, .archived)
    case .drop: .retired(after, .dropped)
    }
  }
}

extension Grid.Proposal {
  /// Every breach of the size and unit rules (I2, I3), exception or not.
  package var breaches: [Reason] {
    let size = SizeRule.breach(facts.kind, households: facts.households, villages: facts.naturalVillages.count)
    return [size].compactMap { $0 }
      + unitsElsewhere.sorted { $0.key < $1.key }.map { unit, grid in
        Reason.unitInTwoGrids.at("units").with("unit_id", unit).with("grid_code", grid)
      }
  }

  fileprivate func findings(at now: Timestamp) -> [Grid.Finding] {
    let excused = !facts.sizeExceptionReason.isEmpty
    return breaches.filter { !excused || $0.code == Reason.unitInTwoGrids.code }.map { breach in
      let known = before?.findings.first { $0.code == breach.code && $0.metadata == breach.metadata }
      return Grid.Finding(
        code: breach.code, chinese: breach.chinese, english: breach.english, openTime: known?.openTime ?? now,
        metadata: breach.metadata)
    }
  }
}

/// The sizes that the article names (G04, G05).
package enum SizeRule {
  /// Households of an urban grid.
  package static let urbanHouseholds = 300...500
  /// Natural villages of a rural grid.
  package static let ruralVillages = 1

  /// What is wrong with the size of a grid, if anything.
  package static func breach(_ kind: Grid.Kind?, households: Int, villages: Int) -> Reason? {
    switch kind {
    case .urban where !urbanHouseholds.contains(households):
      .householdsOutOfRange.at("household_count").with("household_count", String(households))
    case .rural where villages != ruralVillages:
      .naturalVillageCount.at("natural_villages").with("count", String(villages))
    case .urban, .rural, .dedicated, nil: nil
    }
  }
}

extension Grid.Proposal {
  /// What keeps a planned grid out of the registry, sizes and units aside: those are the plan's to prove.
  package var planFaults: [Reason] {
    Grid.lifecycle.actions(from: nil, as: [.system], on: self).first { $0.action == .plan }?.unmet ?? []
  }
}
