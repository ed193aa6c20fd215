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
    package var isAreaEntered: Bool
    /// Units that another active grid has already: unit id to that grid's code.
    package var unitsElsewhere: [String: String]
    package var path: MediationPath
    package var county: AreaCode

    package init(
      id: ID, before: Grid?, facts: Facts, organisation: Organisation?, host: Organisation? = nil,
      isAreaEntered: Bool = true, unitsElsewhere: [String: String] = [:], path: MediationPath, county: AreaCode
    ) {
      self.id = id
      self.before = before
      self.facts = facts
      self.organisation = organisation
      self.host = host
      self.isAreaEntered = isAreaEntered
      self.unitsElsewhere = unitsElsewhere
      self.path = path
      self.county = county
    }

    package var townshipCode: AreaCode? { AreaCode(facts.areaCode)?.ancestor(.township) }
  }

  /// How a grid comes into the registry.
  package enum Command: Hashable, Sendable {
    /// A new one, under the full size rule.
    case create
    /// A legacy one: what breaks the size or unit rule becomes an open finding. Over an active one: a correction.
    case importLegacy
  }

  /// What is proposed; the words of the lifecycle table.
  package enum Action: String, Hashable, Sendable, CaseIterable {
    case create = "create"
    case importLegacy = "import"
    case correct = "correct"
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
      findings: proposal.findings(at: now), path: proposal.path, version: before?.version ?? 0)
    if after == before { return [] }
    after.version += 1
    return before == nil ? [.activated(after, legacy: action == .importLegacy)] : [.corrected(after)]
  }
}

extension Grid.Proposal {
  /// Every breach of the size and unit rules (I2, I3), exception or not.
  package var breaches: [Reason] {
    var reasons: [Reason] = []
    switch facts.kind {
    case .urban where !SizeRule.urbanHouseholds.contains(facts.households):
      reasons.append(
        .householdsOutOfRange.at("household_count").with("household_count", String(facts.households)))
    case .rural where facts.naturalVillages.count != SizeRule.ruralVillages:
      reasons.append(
        .naturalVillageCount.at("natural_villages").with("count", String(facts.naturalVillages.count)))
    default: break
    }
    return reasons
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
}
