package import DisputeDomain
package import Kernel
package import Persistence

/// What the index knows of a case beside its fingerprint.
package struct IndexedCase: Hashable, Sendable {
  /// Counts the cases in the order in which they were registered, from 0.
  package let document: Int
  package let caseID: ID<Case>
  package let township: AreaCode
  /// `grid:<id>`, or `township:<code>` of what is not located.
  package let place: String
  package let location: Location?
  package let category: String
  package let reportTime: Timestamp

  package init(
    document: Int, caseID: ID<Case>, township: AreaCode, place: String, location: Location?, category: String,
    reportTime: Timestamp
  ) {
    self.document = document
    self.caseID = caseID
    self.township = township
    self.place = place
    self.location = location
    self.category = category
    self.reportTime = reportTime
  }

  package var grid: ID<Grid>? { place.hasPrefix("grid:") ? ID(String(place.dropFirst(5))) : nil }

  package static func place(of record: Case) -> String {
    record.origin.grid.map { "grid:\($0.text)" } ?? "township:\(record.origin.township.text)"
  }
}

/// Finds cases by keyed hashes of the tokens of their sealed texts (docs: the service's README, "Search and duplicates").
///
/// Every case keeps its sorted hashes. A block of 1,024 cases that is full is turned round, a slice of the hash space with each
/// case that follows, into lists of cases per hash; 32 such blocks become one the same way. A search looks at the cases that are
/// not turned round yet, some sixty blocks at most, and one list per 32,768 cases: a millionth case costs it no more than the
/// fifty-thousandth.
package struct CaseIndex: Sendable {
  /// How many cases make a block, how many blocks a bigger one, and in how many slices each is made.
  package struct Shape: Hashable, Sendable {
    package let blockSize: Int
    package let blockSlices: Int
    package let fanOut: Int
    package let mergeSlices: Int

    package init(blockSize: Int, blockSlices: Int, fanOut: Int, mergeSlices: Int) {
      self.blockSize = blockSize
      self.blockSlices = blockSlices
      self.fanOut = fanOut
      self.mergeSlices = mergeSlices
    }

    package static let standard = Shape(blockSize: 1_024, blockSlices: 32, fanOut: 32, mergeSlices: 1_024)
  }

  private let county: AreaCode
  private let shape: Shape

  package init(county: AreaCode, shape: Shape = .standard) {
    self.county = county
    self.shape = shape
  }

  // MARK: - Adding

  /// Enters a case. `false`: it is there already.
  @discardableResult
  package func add(_ record: Case, _ fingerprint: Fingerprint, in transaction: WriteTransaction) throws -> Bool {
    guard try find(record.caseID, in: transaction) == nil else { return false }
    var state = try state(in: transaction)
    let location = record.origin.location
    try transaction.run(
      CaseIndexQueries.addDocument,
      [
        .text(county.text), .integer(state.documents), .id(record.caseID), .text(record.origin.township.text),
        .text(IndexedCase.place(of: record)), .optionalInteger(location?.latitudeMicrodegrees),
        .optionalInteger(location?.longitudeMicrodegrees), .optionalInteger(location?.cell),
        .text(record.origin.category), .time(record.origin.reportTime),
      ])
    try transaction.run(
      CaseIndexQueries.addTerms,
      [
        .integer(state.documents), .bytes(KeyList.bytes(fingerprint.pairs)), .bytes(KeyList.bytes(fingerprint.singles)),
      ])
    state.documents += 1
    try step(&state, in: transaction)
    try save(state, in: transaction)
    return true
  }

  /// A little of the turning round that is due: each case that comes pays for its part.
  private func step(_ state: inout State, in transaction: WriteTransaction) throws {
    if (state.block + 1) * shape.blockSize <= state.documents {
      try turn(block: state.block, slice: state.slice, in: transaction)
      state.slice += 1
      if state.slice == shape.blockSlices { (state.block, state.slice) = (state.block + 1, 0) }
    }
    if (state.mergedBlock + 1) * shape.fanOut <= state.block {
      try merge(group: state.mergedBlock, slice: state.mergedSlice, in: transaction)
      state.mergedSlice += 1
      if state.mergedSlice == shape.mergeSlices { (state.mergedBlock, state.mergedSlice) = (state.mergedBlock + 1, 0) }
    }
  }

  private func turn(block: Int, slice: Int, in transaction: WriteTransaction) throws {
    let (lower, upper) = Self.bounds(slice, of: shape.blockSlices)
    let start = block * shape.blockSize
    let rows = try transaction.all(
      CaseIndexQueries.terms, [.integer(start), .integer(start + shape.blockSize)]
    ) { row in
      (
        document: row.int(0),
        keys: Set(KeyList(row.bytes(1)).keys(from: lower, below: upper))
          .union(KeyList(row.bytes(2)).keys(from: lower, below: upper))
      )
    }
    var lists = [UInt32: [Int]]()
    for row in rows { for key in row.keys { lists[key, default: []].append(row.document - start) } }
    for (key, documents) in lists.sorted(by: { $0.key < $1.key }) {
      try save(documents, tier: 0, block: block, key, in: transaction)
    }
  }

  private func merge(group: Int, slice: Int, in transaction: WriteTransaction) throws {
    let (lower, upper) = Self.bounds(slice, of: shape.mergeSlices)
    let start = group * shape.fanOut * shape.blockSize
    var lists = [UInt32: [Int]]()
    for block in group * shape.fanOut..<(group + 1) * shape.fanOut {
      let values: [Value] = [.integer(block), .integer(Int64(lower)), .integer(Int64(upper))]
      let rows = try transaction.all(CaseIndexQueries.slice, values) { row in
        (UInt32(truncatingIfNeeded: row.integer(0)), row.bytes(1))
      }
      for (key, bytes) in rows {
        lists[key, default: []] += NumberList.numbers(bytes, base: block * shape.blockSize - start)
      }
      try transaction.run(CaseIndexQueries.dropSlice, values)
    }
    for (key, documents) in lists.sorted(by: { $0.key < $1.key }) {
      try save(documents, tier: 1, block: group, key, in: transaction)
    }
  }

  private func save(
    _ documents: [Int], tier: Int, block: Int, _ key: UInt32, in transaction: WriteTransaction
  ) throws {
    try transaction.run(
      CaseIndexQueries.savePostings,
      [.integer(tier), .integer(block), .integer(Int64(key)), .bytes(NumberList.bytes(documents))])
  }

  private static func bounds(_ slice: Int, of slices: Int) -> (lower: UInt64, upper: UInt64) {
    let width = (UInt64(1) << 32) / UInt64(slices)
    return (UInt64(slice) * width, slice + 1 == slices ? 1 << 32 : UInt64(slice + 1) * width)
  }

  // MARK: - Forgetting

  /// Takes a case's hashes out: it is not found by words any more, and not compared by them.
  package func forget(_ caseID: ID<Case>, in transaction: WriteTransaction) throws {
    guard let document = try find(caseID, in: transaction)?.document,
      let fingerprint = try fingerprint(document, in: transaction)
    else { return }
    let state = try state(in: transaction)
    for key in fingerprint.keys {
      guard let (tier, block) = home(of: document, key, state) else { continue }
      let start = block * shape.blockSize * (tier == 0 ? 1 : shape.fanOut)
      let left = try documents(tier, block, key, in: transaction).filter { $0 != document }.map { $0 - start }
      if left.isEmpty {
        try transaction.run(
          CaseIndexQueries.dropPostings, [.integer(tier), .integer(block), .integer(Int64(key))])
      } else {
        try save(left, tier: tier, block: block, key, in: transaction)
      }
    }
    try transaction.run(CaseIndexQueries.dropTerms, [.integer(document)])
  }

  /// Where the list of `key` that names `document` lies; `nil`: it is not turned round yet.
  private func home(of document: Int, _ key: UInt32, _ state: State) -> (tier: Int, block: Int)? {
    let block = document / shape.blockSize
    let group = block / shape.fanOut
    if group < state.mergedBlock { return (1, group) }
    if group == state.mergedBlock, key.isBelow(Self.bounds(state.mergedSlice, of: shape.mergeSlices).lower) {
      return (1, group)
    }
    if block < state.block { return (0, block) }
    let isTurned = block == state.block && key.isBelow(Self.bounds(state.slice, of: shape.blockSlices).lower)
    return isTurned ? (0, block) : nil
  }

  // MARK: - Finding

  package func find(_ caseID: ID<Case>, in reading: some Reading) throws -> IndexedCase? {
    try reading.first(CaseIndexQueries.ofCase, [.text(county.text), .id(caseID)], Self.indexed)
  }

  package func document(_ number: Int, in reading: some Reading) throws -> IndexedCase? {
    try reading.first(CaseIndexQueries.document, [.text(county.text), .integer(number)], Self.indexed)
  }

  package func fingerprint(_ document: Int, in reading: some Reading) throws -> Fingerprint? {
    try reading.first(CaseIndexQueries.termsOf, [.integer(document)]) { row in
      Fingerprint(pairs: KeyList(row.bytes(0)).keys, singles: KeyList(row.bytes(1)).keys)
    }
  }

  /// Cases reported at `place` in the period, newest first.
  package func cases(
    at place: String, _ period: ClosedRange<Timestamp>, limit: Int, in reading: some Reading
  ) throws -> [IndexedCase] {
    try reading.all(
      CaseIndexQueries.atPlace,
      [
        .text(county.text), .text(place), .time(period.lowerBound), .time(period.upperBound), .integer(limit),
      ], Self.indexed)
  }

  /// Each case reported at `place` in the period, newest first, with its pairs of characters; those that are forgotten are left out.
  package func near<Found>(
    _ place: String, _ period: ClosedRange<Timestamp>, limit: Int, in reading: some Reading,
    _ look: (IndexedCase, Fingerprint) throws -> Found
  ) throws -> [Found] {
    try near(CaseIndexQueries.termsAtPlace, .text(place), period, limit, in: reading, look)
  }

  /// Likewise in a cell of the map.
  package func near<Found>(
    cell: Int, _ period: ClosedRange<Timestamp>, limit: Int, in reading: some Reading,
    _ look: (IndexedCase, Fingerprint) throws -> Found
  ) throws -> [Found] {
    try near(CaseIndexQueries.termsInCell, .integer(cell), period, limit, in: reading, look)
  }

  private func near<Found>(
    _ statement: Statement, _ place: Value, _ period: ClosedRange<Timestamp>, _ limit: Int, in reading: some Reading,
    _ look: (IndexedCase, Fingerprint) throws -> Found
  ) throws -> [Found] {
    let values: [Value] = [
      .text(county.text), place, .time(period.lowerBound), .time(period.upperBound), .integer(limit),
    ]
    return try reading.all(statement, values) { row in
      try look(Self.indexed(row), Fingerprint(pairs: KeyList(row.bytes(8)).keys, singles: []))
    }
  }

  /// Visits the documents that have all of `keys`, the latest first, below `document`, until `visit` says that it is enough.
  package func walk(
    having keys: [UInt32], below document: Int, in reading: some Reading, _ visit: (Int) throws -> Bool
  ) throws {
    guard !keys.isEmpty else { return }
    let state = try state(in: reading)
    let end = min(document, state.documents)
    guard try walkUnturned(keys, state, below: end, in: reading, visit) else { return }
    for unit in units(state, below: end) {
      for found in try common(keys, unit, state, in: reading).reversed() where found < end {
        guard try visit(found) else { return }
      }
    }
  }

  private func walkUnturned(
    _ keys: [UInt32], _ state: State, below end: Int, in reading: some Reading, _ visit: (Int) throws -> Bool
  ) throws -> Bool {
    var end = end
    let start = state.block * shape.blockSize
    while end > start {
      let from = max(start, end - 256)
      let rows = try reading.all(CaseIndexQueries.terms, [.integer(from), .integer(end)]) { row in
        let (pairs, singles) = (KeyList(row.bytes(1)), KeyList(row.bytes(2)))
        return (row.int(0), keys.allSatisfy { pairs.contains($0) || singles.contains($0) })
      }
      for (document, hasAll) in rows.reversed() where hasAll {
        guard try visit(document) else { return false }
      }
      end = from
    }
    return true
  }

  private enum Unit {
    case block(Int)
    case merging(Int)
    case merged(Int)
  }

  /// What was turned round, the latest first; what lies wholly above `end` is left out.
  private func units(_ state: State, below end: Int) -> [Unit] {
    let isMerging = state.mergedSlice > 0
    let firstSingle = (state.mergedBlock + (isMerging ? 1 : 0)) * shape.fanOut
    let groupSize = shape.blockSize * shape.fanOut
    var units = [Unit]()
    for block in stride(from: state.block - 1, through: firstSingle, by: -1) where block * shape.blockSize < end {
      units.append(.block(block))
    }
    if isMerging, state.mergedBlock * groupSize < end { units.append(.merging(state.mergedBlock)) }
    for group in stride(from: state.mergedBlock - 1, through: 0, by: -1) where group * groupSize < end {
      units.append(.merged(group))
    }
    return units
  }

  private func common(_ keys: [UInt32], _ unit: Unit, _ state: State, in reading: some Reading) throws -> [Int] {
    var common: [Int]?
    for key in keys {
      let next = try documents(unit, key, state, in: reading)
      common = common.map { Self.intersection($0, next) } ?? next
      if common?.isEmpty == true { return [] }
    }
    return common ?? []
  }

  private func documents(_ unit: Unit, _ key: UInt32, _ state: State, in reading: some Reading) throws -> [Int] {
    switch unit {
    case .block(let block): return try documents(0, block, key, in: reading)
    case .merged(let group): return try documents(1, group, key, in: reading)
    case .merging(let group):
      if key.isBelow(Self.bounds(state.mergedSlice, of: shape.mergeSlices).lower) {
        return try documents(1, group, key, in: reading)
      }
      return try (group * shape.fanOut..<(group + 1) * shape.fanOut).flatMap {
        try documents(0, $0, key, in: reading)
      }
    }
  }

  private func documents(_ tier: Int, _ block: Int, _ key: UInt32, in reading: some Reading) throws -> [Int] {
    let start = block * shape.blockSize * (tier == 0 ? 1 : shape.fanOut)
    let values: [Value] = [.integer(tier), .integer(block), .integer(Int64(key))]
    return try reading.first(CaseIndexQueries.postings, values) { NumberList.numbers($0.bytes(0), base: start) } ?? []
  }

  private static func intersection(_ left: [Int], _ right: [Int]) -> [Int] {
    var (i, j, common) = (0, 0, [Int]())
    while i < left.count, j < right.count {
      if left[i] == right[j] {
        common.append(left[i])
        i += 1
        j += 1
      } else if left[i] < right[j] {
        i += 1
      } else {
        j += 1
      }
    }
    return common
  }

  // MARK: - Cases of earlier versions

  /// At most `limit` cases that may not have been entered yet, oldest report first; `nil`: all have been looked at.
  package func backlog(limit: Int, in reading: some Reading) throws -> [ID<Case>]? {
    let state = try state(in: reading)
    guard let time = state.backfillTime else { return nil }
    return try reading.all(
      CaseIndexQueries.backlog,
      [.text(county.text), .time(time), .text(state.backfillCaseID), .integer(limit)]
    ) { $0.id(0) }
  }

  /// These have been entered now; none: all have.
  package func finishBacklog(_ last: Case?, in transaction: WriteTransaction) throws {
    var state = try state(in: transaction)
    state.backfillTime = last?.origin.reportTime
    state.backfillCaseID = last?.caseID.text ?? ""
    try save(state, in: transaction)
  }

  // MARK: - Parties

  /// Remembers who is concerned, as keyed hashes.
  package func save(
    _ key: [UInt8], of party: Case.Party, _ record: Case, in transaction: WriteTransaction
  ) throws {
    try transaction.run(
      CaseIndexQueries.savePartyKey,
      [
        .text(county.text), .id(record.caseID), .text(party.partyID), .bytes(key), .text(party.role.rawValue),
        .bool(party.isOrganisation), .time(record.origin.reportTime),
      ])
  }

  package func partyKeys(of caseID: ID<Case>, in reading: some Reading) throws -> Set<[UInt8]> {
    Set(try reading.all(CaseIndexQueries.partyKeys, [.text(county.text), .id(caseID)]) { $0.bytes(0) })
  }

  /// The cases since `time` that an organisation answers to as respondent, oldest first.
  package func cases(
    against organisation: [UInt8], since time: Timestamp, in reading: some Reading
  ) throws -> [ID<Case>] {
    try reading.all(
      CaseIndexQueries.casesAgainst, [.text(county.text), .bytes(organisation), .time(time)]
    ) { $0.id(0) }
  }

  /// How many keys of this case's natural persons were there.
  package func forgetPartyKeys(of caseID: ID<Case>, in transaction: WriteTransaction) throws -> Int {
    try transaction.run(CaseIndexQueries.forgetPartyKeys, [.text(county.text), .id(caseID)])
  }

  package func forgetPartyKey(
    of caseID: ID<Case>, party: String, in transaction: WriteTransaction
  ) throws {
    try transaction.run(CaseIndexQueries.forgetPartyKey, [.text(county.text), .id(caseID), .text(party)])
  }

  // MARK: - State

  private struct State {
    var documents: Int
    var block: Int
    var slice: Int
    var mergedBlock: Int
    var mergedSlice: Int
    var backfillTime: Timestamp?
    var backfillCaseID: String
  }

  /// How many cases have been entered.
  package func count(in reading: some Reading) throws -> Int { try state(in: reading).documents }

  private func state(in reading: some Reading) throws -> State {
    let state = try reading.first(CaseIndexQueries.state, []) { row in
      State(
        documents: row.int(0), block: row.int(1), slice: row.int(2), mergedBlock: row.int(3), mergedSlice: row.int(4),
        backfillTime: row.optionalTime(5), backfillCaseID: row.text(6))
    }
    guard let state else { throw StorageError.corrupt("the state of the case index is missing") }
    return state
  }

  private func save(_ state: State, in transaction: WriteTransaction) throws {
    try transaction.run(
      CaseIndexQueries.saveState,
      [
        .integer(state.documents), .integer(state.block), .integer(state.slice), .integer(state.mergedBlock),
        .integer(state.mergedSlice), .optionalTime(state.backfillTime), .text(state.backfillCaseID),
      ])
  }

  private static func indexed(_ row: borrowing Row) -> IndexedCase {
    var location: Location?
    if let latitude = row.optionalInt(4), let longitude = row.optionalInt(5) {
      location = Location(latitudeMicrodegrees: latitude, longitudeMicrodegrees: longitude)
    }
    return IndexedCase(
      document: row.int(0), caseID: row.id(1), township: Column.area(row, 2), place: row.text(3), location: location,
      category: row.text(6), reportTime: row.time(7))
  }
}

extension UInt32 {
  fileprivate func isBelow(_ bound: UInt64) -> Bool { UInt64(self) < bound }
}
