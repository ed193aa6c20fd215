package import Kernel

/// Who mediates for a grid, from the lowest room to the township's, and why a level is not there (D§2.2.1, Q1).
package struct MediationPath: Hashable, Sendable {
  /// The levels at which a room may be.
  package enum Level: String, Hashable, Sendable, CaseIterable {
    case village = "VILLAGE"
    case community = "COMMUNITY"
    case industry = "INDUSTRY"
    case township = "TOWNSHIP"

    /// The organisation that has a room on this level.
    package var owner: Organisation.Kind {
      switch self {
      case .village: .village
      case .community: .community
      case .industry: .industryBody
      case .township: .township
      }
    }
  }

  /// One room on the way up.
  package struct Step: Hashable, Sendable {
    package let level: Level
    /// The room.
    package let organisationID: Organisation.ID
    package let name: String

    package init(level: Level, organisationID: Organisation.ID, name: String) {
      self.level = level
      self.organisationID = organisationID
      self.name = name
    }
  }

  /// Why a level is passed over.
  package enum SkipReason: String, Hashable, Sendable, CaseIterable {
    case urbanHasNoVillageLevel = "URBAN_HAS_NO_VILLAGE_LEVEL"
    case villageWithoutCommunity = "VILLAGE_WITHOUT_COMMUNITY"
    case noActiveRoom = "NO_ACTIVE_ROOM"
    case dedicatedGrid = "DEDICATED_GRID"
    case noIndustryRoom = "NO_INDUSTRY_ROOM"

    package var chinese: String {
      switch self {
      case .urbanHasNoVillageLevel: "城区网格不设村级。"
      case .villageWithoutCommunity: "该村未划入社区。"
      case .noActiveRoom: "该层级没有在用的调解场所。"
      case .dedicatedGrid: "专属网格由行业调解室办理，不经此层级。"
      case .noIndustryRoom: "主办单位没有在用的行业调解室。"
      }
    }

    package var english: String {
      switch self {
      case .urbanHasNoVillageLevel: "An urban grid has no village level."
      case .villageWithoutCommunity: "The village belongs to no community."
      case .noActiveRoom: "There is no active room on this level."
      case .dedicatedGrid: "A dedicated grid goes to the industry's room, not through this level."
      case .noIndustryRoom: "The host has no active industry room."
      }
    }
  }

  /// A level without a room, and why it has none.
  package struct Skipped: Hashable, Sendable {
    package let level: Level
    package let reason: SkipReason

    package init(level: Level, reason: SkipReason) {
      self.level = level
      self.reason = reason
    }
  }

  package var steps: [Step]
  package var skipped: [Skipped]

  package init(steps: [Step] = [], skipped: [Skipped] = []) {
    self.steps = steps
    self.skipped = skipped
  }

  /// What the directory says to a path.
  package struct Directory {
    /// The organisation and its daily parents up to the county.
    package var chain: (Organisation.ID) throws -> [Organisation]
    /// The active mediation room of an organisation.
    package var room: (Organisation) throws -> Organisation?
    /// The active township organisation of a code.
    package var township: (AreaCode) throws -> Organisation?

    package init(
      chain: @escaping (Organisation.ID) throws -> [Organisation],
      room: @escaping (Organisation) throws -> Organisation?,
      township: @escaping (AreaCode) throws -> Organisation?
    ) {
      self.chain = chain
      self.room = room
      self.township = township
    }
  }

  /// The path of a grid as the directory stands: urban community → township, rural village → community → township,
  /// dedicated industry room → township (without one: as the place where it lies).
  package static func of(_ facts: Grid.Facts, in directory: Directory) throws -> Self {
    var path = MediationPath()
    var owners = try directory.chain(facts.organisationID)
    if !owners.contains(where: { $0.kind == .township }), let code = AreaCode(facts.areaCode)?.ancestor(.township),
      let township = try directory.township(code)
    {
      owners.append(township)
    }

    let hasIndustryRoom = try facts.kind == .dedicated && path.addIndustry(facts, directory)
    if hasIndustryRoom {
      path.skipped += [
        .init(level: .village, reason: .dedicatedGrid), .init(level: .community, reason: .dedicatedGrid),
      ]
    } else {
      if facts.kind == .urban { path.skipped.append(.init(level: .village, reason: .urbanHasNoVillageLevel)) }
      try path.add(.village, owners, directory)
      try path.add(.community, owners, directory)
      if facts.kind == .rural, !owners.contains(where: { $0.kind == .community }) {
        path.skipped.append(.init(level: .community, reason: .villageWithoutCommunity))
      }
    }
    try path.add(.township, owners, directory)
    return path
  }

  private mutating func addIndustry(_ facts: Grid.Facts, _ directory: Directory) throws -> Bool {
    let hosts = try facts.hostID.map(directory.chain) ?? []
    let before = steps.count
    if let body = hosts.first(where: { $0.kind == .industryBody }), let room = try directory.room(body) {
      steps.append(Step(level: .industry, organisationID: room.id, name: room.name))
    } else {
      skipped.append(.init(level: .industry, reason: .noIndustryRoom))
    }
    return steps.count > before
  }

  private mutating func add(_ level: Level, _ owners: [Organisation], _ directory: Directory) throws {
    guard let owner = owners.first(where: { $0.kind == level.owner }) else { return }
    guard let room = try directory.room(owner) else {
      skipped.append(.init(level: level, reason: .noActiveRoom))
      return
    }
    steps.append(Step(level: level, organisationID: room.id, name: room.name))
  }
}
