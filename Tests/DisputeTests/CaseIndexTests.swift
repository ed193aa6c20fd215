import DisputeDomain
import DisputeService
import DisputeStore
import Kernel
import Persistence
import TestSupport
import Testing

@Suite struct CaseIndexTests {
  /// Small enough that every stage of the turning round is passed through.
  static let shape = CaseIndex.Shape(blockSize: 4, blockSlices: 3, fanOut: 3, mergeSlices: 5)

  @Test(arguments: 0..<6) func `P2 the index finds what a plain look at all cases finds, at every stage`(
    seed: Int
  ) async throws {
    var random = Seeded(state: UInt64(seed))
    let bench = try ServiceBench(migrations: DisputeService.migrations)
    let index = CaseIndex(county: Scenery.county, shape: Self.shape)
    // Spread over the whole space, so that every slice has some.
    let vocabulary = (0..<12).map { UInt32($0) * 357_913_941 }
    var plain: [Int: Set<UInt32>] = [:]
    for number in 0..<60 {
      let pairs = vocabulary.filter { _ in Int.random(in: 0..<3, using: &random) == 0 }
      let singles = vocabulary.filter { _ in Int.random(in: 0..<4, using: &random) == 0 }
      let fingerprint = Fingerprint(pairs: pairs, singles: singles)
      let record = try Self.record(number)
      let isNew = try await bench.database.write { transaction in
        let isNew = try index.add(record, fingerprint, in: transaction)
        return try isNew && !index.add(record, fingerprint, in: transaction)
      }
      #expect(isNew)
      plain[number] = Set(pairs).union(singles)
      if number % 7 == 6 {
        let gone = Int.random(in: 0...number, using: &random)
        let id = ID<Case>("case-\(gone)")
        try await bench.database.write { try index.forget(id, in: $0) }
        plain[gone] = nil
      }
      for _ in 0..<4 {
        let keys = (0..<Int.random(in: 1...3, using: &random)).map { _ in vocabulary.randomElement(using: &random) ?? 0
        }
        let below = Int.random(in: 0...number + 2, using: &random)
        let expected = plain.filter { $0.key < below && $0.value.isSuperset(of: keys) }.keys.sorted(by: >)
        var found = [Int]()
        try bench.database.readInline { reading in
          try index.walk(having: keys, below: below, in: reading) { document in
            found.append(document)
            return true
          }
        }
        #expect(found == expected, "\(number) cases, \(keys), below \(below)")
      }
    }
  }

  @Test func `a walk ends when it is told to`() async throws {
    let bench = try ServiceBench(migrations: DisputeService.migrations)
    let index = CaseIndex(county: Scenery.county, shape: Self.shape)
    let records = try (0..<30).map { try Self.record($0) }
    try await bench.database.write { transaction in
      for record in records { try index.add(record, Fingerprint(pairs: [7], singles: []), in: transaction) }
    }
    var found = [Int]()
    try bench.database.readInline { reading in
      try index.walk(having: [7], below: .max, in: reading) { document in
        found.append(document)
        return found.count < 11
      }
    }
    #expect(found == Array((19..<30).reversed()))
  }

  static func record(_ number: Int) throws -> Case {
    let draft = Case.ReportDraft(
      caseID: ID("case-\(number)"), number: "DJ-\(number)", kind: .matter, discovery: .patrol, grid: "rural",
      title: Scenery.text)
    let event = try Case.report(
      draft, by: Scenery.member, as: [.reporter], in: Scenery.world(), at: Scenery.monday + .minutes(Int64(number)))
    return try #require(Case.fold([event]))
  }
}

/// The same numbers for the same seed (SplitMix64).
struct Seeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
