import ArgumentParser
import DisputeContract
import Foundation
import Kernel
import TestSupport
import WireTypes

extension Measure {
  /// Dispute after one year and after nineteen, 52,800 cases a year in 784 grids: what may grow with the cases, and what must not.
  /// In process, one caller; the databases take turns, so that what else the machine does meets all of them.
  func measureGrowth(_ bench: Workbench) async throws -> [Report.Group] {
    let sizes = try growthSizes()
    let counties = try await GrownCounty.all(sizes, bench)
    defer { for county in counties { county.close() } }
    var groups: [Report.Group] = []
    for operation in try growthOperations() {
      var lines = sizes.map { size in
        Line(name: "\(size) cases", goal: size > sizes[0] && operation.hasGoal ? "p99 ≤ 2 × that of \(sizes[0])" : "")
      }
      for round in 0...bench.rounds {
        for (index, county) in counties.enumerated() {
          let latencies = try await county.latencies(of: operation, for: .milliseconds(bench.milliseconds))
          if round > 0 { lines[index].add(latencies, perCall: operation.casesPerCall) }
        }
      }
      for index in lines.indices.dropFirst() {
        lines[index].ratios = zip(lines[index].p99Microseconds, lines[0].p99Microseconds).map { $0 / $1 }
        lines[index].ratioTo = lines[0].name
      }
      groups.append(Report.Group(title: "dispute, in process: \(operation.rawValue)", lines: lines))
    }
    return groups
  }

  /// Smallest first; there is at least one.
  func growthSizes() throws -> [Int] {
    let words = sizes.split(separator: ",").map { $0.filter { !$0.isWhitespace } }
    let sizes = words.compactMap { Int($0) }.filter { $0 >= GrownCounty.leastSize }
    guard sizes.count == words.count, !sizes.isEmpty, Set(sizes).count == sizes.count else {
      throw ValidationError(
        "--sizes: different whole numbers of cases, each at least \(GrownCounty.leastSize), as in 50000,1000000")
    }
    return sizes.sorted()
  }

  func growthOperations() throws -> [GrownCounty.Operation] {
    let words = operations.split(separator: ",")
    let operations = GrownCounty.Operation.allCases.filter { operation in
      words.isEmpty || words.contains { operation.rawValue.contains($0) }
    }
    guard !operations.isEmpty else {
      let titles = GrownCounty.Operation.allCases.map(\.rawValue).joined(separator: "; ")
      throw ValidationError("--operations: no title has such a word: \(titles)")
    }
    return operations
  }
}

extension Line {
  /// A round's latencies in microseconds, sorted; `perCall` things are done by each.
  fileprivate mutating func add(_ latencies: [Double], perCall: Int) {
    callsPerSecond.append(Double(latencies.count * perCall) / latencies.reduce(0, +) * 1e6)
    p50Microseconds.append(latencies[latencies.count / 2])
    p95Microseconds.append(latencies[(latencies.count - 1) * 95 / 100])
    p99Microseconds.append(latencies[(latencies.count - 1) * 99 / 100])
  }
}

/// Dispute over a database with so many cases in it.
struct GrownCounty {
  /// What is measured.
  enum Operation: String, CaseIterable {
    case report = "a case reported, with its suggestions"
    case get = "a case by its number"
    case listTownship = "list: a township's newest 50 that nobody has accepted"
    case listCounty = "list: the county's newest 50"
    case listDeep = "list: 50 from the middle of the years"
    case searchRare = "search: a name that few cases have"
    case searchFrequent = "search: a word that one case in sixteen has"
    case searchSingle = "search: one character"
    case searchNarrow = "search: two frequent words in one township"
    case searchNever = "search: characters that are frequent and never stand together"
    case suggest = "duplicate suggestions in a grid"
    case suggestCrowd = "duplicate suggestions where 2,000 are near"
    case count = "count by state"
    case countTownship = "count by handling organisation in a township"
    case legacy = "legacy import, 500 cases a call (cases/s)"

    /// Design §9 has a goal for how these grow.
    var hasGoal: Bool { self != .legacy }
    var casesPerCall: Int { self == .legacy ? 500 : 1 }
    var leastCalls: Int { self == .legacy ? 3 : 20 }
  }

  /// Pages are taken from among these.
  static let leastSize = 2_000

  private let service: GrowthService
  private let years = GrowthYears()
  private let size: Int
  /// Cases of grids, by id and by number, and of the crowd.
  private let ids: [String]
  private let numbers: [String]
  private let crowd: [String]

  /// The databases with so many cases: from an earlier run, else each grown out of the next smaller one; growing goes on where it
  /// was broken off. Each run reports and imports some thousand: what that has made a fifth larger is grown anew.
  static func all(_ sizes: [Int], _ bench: Workbench) async throws -> [GrownCounty] {
    let folder = bench.binaries.appendingPathComponent("benchmarks-growth")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    func file(_ size: Int) -> URL { folder.appendingPathComponent("cases-\(size).sqlite") }
    for (index, size) in sizes.enumerated() {
      if FileManager.default.fileExists(atPath: file(size).path) {
        if try await count(at: file(size).path) <= size + size / 5 { continue }
        try FileManager.default.removeItem(at: file(size))
      }
      let growing = folder.appendingPathComponent("growing.sqlite")
      if index > 0, !FileManager.default.fileExists(atPath: growing.path) {
        try FileManager.default.copyItem(at: file(sizes[index - 1]), to: growing)
      }
      let service = try GrowthService(growing.path, grows: true)
      let begun = try await count(in: service)
      guard begun <= size else { throw BenchmarkFailure("\(growing.path) has grown beyond \(size) cases: delete it") }
      try await GrowthYears().grow(service, from: begun, to: size)
      service.close()
      try FileManager.default.moveItem(at: growing, to: file(size))
      // What is left of the log is empty; without its file it would be taken for one whose file was lost.
      for end in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: growing.path + end) }
    }
    var counties: [GrownCounty] = []
    for size in sizes { counties.append(try await GrownCounty(GrowthService(file(size).path), size)) }
    return counties
  }

  private static func count(at path: String) async throws -> Int {
    let service = try GrowthService(path)
    defer { service.close() }
    return try await count(in: service)
  }

  /// How many cases there are beside the crowd's.
  private static func count(in service: GrowthService) async throws -> Int {
    try await service.townships().filter { $0.key != GrowthYears.crowdTownship }.reduce(0) { $0 + $1.value }
  }

  private init(_ service: GrowthService, _ size: Int) async throws {
    self.service = service
    self.size = size
    // What earlier runs have reported lies behind what was grown.
    let newest = try await service.list(.init(pageSize: 1)).cases.first?.reportTime?.kernel
    service.clock.now = max(newest ?? years.time(of: size), years.time(of: size)) + .hours(1)
    var (ids, numbers): ([String], [String]) = ([], [])
    for index in 0..<2_000 {
      if index % 5 == 0 { ids += try await Self.oneCase(of: size, in: GrowthYears.townships[0], service).map(\.caseID) }
      numbers += try await Self.oneCase(of: size, in: "", service).map(\.number)
    }
    self.ids = ids
    self.numbers = numbers
    crowd = try await service.list(.init(areaCode: GrowthYears.crowdTownship, pageSize: 100)).cases.map(\.caseID)
    guard !ids.isEmpty, !numbers.isEmpty, !crowd.isEmpty else {
      throw BenchmarkFailure("the database of \(size) cases is not whole")
    }
  }

  private static func oneCase(
    of size: Int, in areaCode: String, _ service: GrowthService
  ) async throws -> [DisputeV1.Case] {
    let token = GrowthYears().pageToken(of: .random(in: leastSize / 2..<size))
    return try await service.list(.init(areaCode: areaCode, pageSize: 1, pageToken: token)).cases
  }

  func close() { service.close() }

  /// Of calls one after the other, sorted, in microseconds.
  func latencies(of operation: Operation, for duration: Duration) async throws -> [Double] {
    var latencies: [Double] = []
    let clock = ContinuousClock()
    let end = clock.now + duration
    repeat {
      let call = prepare(operation)
      let begin = clock.now
      try await call()
      latencies.append(begin.duration(to: clock.now) / .microseconds(1))
    } while clock.now < end || latencies.count < operation.leastCalls
    return latencies.sorted()
  }

  private func prepare(_ operation: Operation) -> () async throws -> Void {
    let number = Int.random(in: 0..<size)
    let township = GrowthYears.townships[number % GrowthYears.townships.count]
    switch operation {
    case .report:
      service.clock.advance(by: GrowthYears.interval)
      let request = years.report(.random(in: 0..<1_000_000_000))
      return { _ = try await service.report(request) }
    case .get:
      let number = numbers.randomElement() ?? ""
      return { _ = try await service.get(number) }
    case .listTownship: return list(.init(areaCode: township, state: .reported))
    case .listCounty: return list(.init())
    case .listDeep: return list(.init(pageToken: years.pageToken(of: number / 2 + size / 4)))
    case .searchRare: return search(years.name(of: number), "")
    case .searchFrequent: return search("宅基地", "")
    case .searchSingle: return search("墙", "")
    case .searchNarrow: return search("调解 多次", township)
    case .searchNever: return search("双方拒不", "")
    case .suggest: return suggest(ids)
    case .suggestCrowd: return suggest(crowd)
    case .count: return { try await service.count(.init(groupBy: .state)) }
    case .countTownship: return { try await service.count(.init(areaCode: township, groupBy: .organisation)) }
    case .legacy:
      let rows = (0..<500).map { _ in years.row(.random(in: 0..<1_000_000_000), before: service.clock.now) }
      return { try await service.importRows(rows) }
    }
  }

  private func list(_ request: DisputeV1.ListCasesRequest) -> () async throws -> Void {
    { _ = try await service.list(request) }
  }

  private func search(_ text: String, _ areaCode: String) -> () async throws -> Void {
    { try await service.search(.init(text: text, areaCode: areaCode)) }
  }

  private func suggest(_ ids: [String]) -> () async throws -> Void {
    let id = ids.randomElement() ?? ""
    return { try await service.suggest(id) }
  }
}
