package import Kernel

/// A point on the map, WGS 84, kept to a ten-thousandth of a degree (about ten metres).
package struct Location: Hashable, Sendable {
  package let latitudeMicrodegrees: Int
  package let longitudeMicrodegrees: Int

  /// `nil` for what is no place on earth, and for the sea off Africa where unset coordinates lie.
  package init?(latitudeMicrodegrees: Int, longitudeMicrodegrees: Int) {
    guard abs(latitudeMicrodegrees) <= 90_000_000, abs(longitudeMicrodegrees) <= 180_000_000,
      latitudeMicrodegrees != 0 || longitudeMicrodegrees != 0
    else { return nil }
    self.latitudeMicrodegrees = Self.coarse(latitudeMicrodegrees)
    self.longitudeMicrodegrees = Self.coarse(longitudeMicrodegrees)
  }

  private static func coarse(_ microdegrees: Int) -> Int {
    Int((Double(microdegrees) / 100).rounded()) * 100
  }

  /// Metres to `other`, on a flat map: exact enough for neighbours.
  package func distance(to other: Location) -> Double {
    let metresPerMicrodegree = 0.111_194_9
    let latitude = Double(latitudeMicrodegrees + other.latitudeMicrodegrees) / 2 * (Double.pi / 180_000_000)
    let north = Double(latitudeMicrodegrees - other.latitudeMicrodegrees) * metresPerMicrodegree
    let east =
      Double(longitudeMicrodegrees - other.longitudeMicrodegrees) * metresPerMicrodegree * Self.cosine(latitude)
    return (north * north + east * east).squareRoot()
  }

  /// Of an angle up to a quarter turn, by its series.
  private static func cosine(_ angle: Double) -> Double {
    var (term, sum) = (1.0, 1.0)
    for step in 1...10 {
      term *= -angle * angle / Double((2 * step - 1) * (2 * step))
      sum += term
    }
    return sum
  }

  /// The cells of a grid of at least 300 m that this place and its neighbourhood lie in: its own in the middle.
  package var neighbourhood: [Int] {
    let (row, column) = Self.cell(latitudeMicrodegrees, longitudeMicrodegrees)
    return (-1...1).flatMap { down in (-1...1).map { across in Self.number(row + down, column + across) } }
  }

  package var cell: Int {
    let (row, column) = Self.cell(latitudeMicrodegrees, longitudeMicrodegrees)
    return Self.number(row, column)
  }

  /// 0.003° from south to north is 333 m; 0.006° from west to east is 300 m and more up to 63° of latitude.
  private static func cell(_ latitude: Int, _ longitude: Int) -> (Int, Int) {
    ((latitude + 90_000_000) / 3_000, (longitude + 180_000_000) / 6_000)
  }

  private static func number(_ row: Int, _ column: Int) -> Int { row * 100_000 + column }
}

/// How much one case looks like a report of the same matter as another (D§2.2.5, docs/decisions/0009): made of parts that are shown.
package struct DuplicateScore: Hashable, Sendable {
  /// What a clerk is told.
  package enum Strength: String, Hashable, Sendable, CaseIterable {
    case strong = "STRONG"
    case weak = "WEAK"
  }

  package let text: Double
  package let party: Double
  package let place: Double

  package init(text: Double, party: Double, place: Double) {
    self.text = text
    self.party = party
    self.place = place
  }

  /// The better of the two readings.
  package var total: Double { max(withParties, betweenStrangers) }

  /// The parties count, in common or not.
  package var withParties: Double { 0.5 * text + 0.3 * party + 0.2 * place }

  /// Two people tell of one matter in words of their own: no party in common says nothing, and few common words are many.
  package var betweenStrangers: Double { (0.5 * min(1, text / Self.alike) + 0.2 * place) / 0.7 }

  /// What it would be at most, whoever the parties are.
  package var withAllParties: DuplicateScore { DuplicateScore(text: text, party: 1, place: place) }

  /// `nil`: not worth a look. A billionth is forgiven, so that 0.75 made of three parts is 0.75.
  package var strength: Strength? {
    if total >= 0.75 - 1e-9 { return .strong }
    return total >= 0.55 - 1e-9 ? .weak : nil
  }

  /// Texts of different people that have so much in common are as alike as such texts get.
  package static let alike = 0.25
  /// Reports further apart are not compared.
  package static let windowDays = 60
  /// Nor are places.
  package static let metres = 300.0
  /// Only for the same grid.
  package static let samePlace = 1.0
  /// Both are only known to lie in the same township.
  package static let sameTownship = 0.5
}

/// What is compared of a case.
package struct ComparedCase: Hashable, Sendable {
  /// `nil`: unlocated, only the township is known.
  package let grid: ID<Grid>?
  package let township: AreaCode
  package let location: Location?
  package let category: String
  package let reportTime: Timestamp
  package let fingerprint: Fingerprint
  /// Keyed hashes of name and telephone of each party, of the name of each organisation.
  package let partyKeys: Set<[UInt8]>

  package init(
    grid: ID<Grid>?, township: AreaCode, location: Location?, category: String, reportTime: Timestamp,
    fingerprint: Fingerprint, partyKeys: Set<[UInt8]>
  ) {
    self.grid = grid
    self.township = township
    self.location = location
    self.category = category
    self.reportTime = reportTime
    self.fingerprint = fingerprint
    self.partyKeys = partyKeys
  }

  /// `nil`: too far away in place, time or category to be the same matter.
  package func score(against other: ComparedCase) -> DuplicateScore? {
    let window = Interval.days(Int64(DuplicateScore.windowDays))
    guard reportTime - other.reportTime <= window, other.reportTime - reportTime <= window,
      Self.areSiblings(category, other.category), let place = placePart(other)
    else { return nil }
    return DuplicateScore(
      text: fingerprint.similarity(to: other.fingerprint), party: partyPart(other), place: place)
  }

  private func placePart(_ other: ComparedCase) -> Double? {
    if let grid, grid == other.grid { return DuplicateScore.samePlace }
    if let location, let there = other.location {
      let distance = location.distance(to: there)
      if distance <= DuplicateScore.metres { return 1 - distance / DuplicateScore.metres }
    }
    return grid == nil && other.grid == nil && township == other.township ? DuplicateScore.sameTownship : nil
  }

  private func partyPart(_ other: ComparedCase) -> Double {
    let smaller = min(partyKeys.count, other.partyKeys.count)
    return smaller == 0 ? 0 : Double(partyKeys.intersection(other.partyKeys).count) / Double(smaller)
  }

  /// The same category, one below the same parent (`邻里/漏水` and `邻里/噪声`), or one that nobody has named yet.
  package static func areSiblings(_ left: String, _ right: String) -> Bool {
    if left == right || left.isEmpty || right.isEmpty { return true }
    let (first, second) = (parent(left), parent(right))
    return !first.isEmpty && first == second
  }

  private static func parent(_ category: String) -> Substring {
    category.lastIndex { "/.>·-".contains($0) }.map { category[..<$0] } ?? ""
  }
}
