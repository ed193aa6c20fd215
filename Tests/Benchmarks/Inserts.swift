import Persistence
import Synchronization

extension Measure {
  /// Bare inserts of about 200 bytes, each acknowledged when it is on disk: one writer, then many who share transactions.
  func measureInserts(_ bench: Workbench) async throws -> Report.Group {
    let database = try Database.open(path: bench.path("inserts.sqlite"), migrations: [InsertedLine.migration])
    defer { database.close() }
    let writers = [1, 64, 256]
    var lines = writers.map {
      Line(name: $0 == 1 ? "1 writer" : "\($0) writers", goal: $0 == 64 ? "≥ 10 × calls/s of 1" : "")
    }
    for round in 0...bench.rounds {
      for (index, count) in writers.enumerated() {
        let (calls, seconds, latencies) = try await InsertedLine.insert(
          database, writers: count, for: .milliseconds(bench.milliseconds / 2))
        guard round > 0 else { continue }
        lines[index].callsPerSecond.append(Double(calls) / seconds)
        lines[index].p50Microseconds.append(latencies[latencies.count / 2])
        lines[index].p95Microseconds.append(latencies[(latencies.count - 1) * 95 / 100])
        lines[index].p99Microseconds.append(latencies[(latencies.count - 1) * 99 / 100])
      }
    }
    for index in lines.indices.dropFirst() {
      lines[index].ratios = zip(lines[index].callsPerSecond, lines[0].callsPerSecond).map { $0 / $1 }
      lines[index].ratioTo = lines[0].name
    }
    return Report.Group(title: "bare insert, Persistence in process", lines: lines)
  }
}

/// The table that is inserted into.
enum InsertedLine {
  static let migration = Migration(
    name: "m0001_inserted_line",
    sql: """
      CREATE TABLE inserted_line (
        county_code TEXT NOT NULL, line_id INTEGER NOT NULL, content BLOB NOT NULL, PRIMARY KEY (county_code, line_id)
      ) STRICT, WITHOUT ROWID;
      """)
  private static let insert = Statement(
    "inserted_line.insert", "INSERT INTO inserted_line (county_code, line_id, content) VALUES ($1, $2, $3)")
  private static let last = Atomic<Int>(0)

  /// Writes by so many tasks for a while: how many, in how many seconds, and how long each took, sorted, in microseconds.
  static func insert(
    _ database: Database, writers: Int, for duration: Duration
  ) async throws -> (calls: Int, seconds: Double, latencies: [Double]) {
    let begin = ContinuousClock.now
    let content = [UInt8](repeating: 7, count: 180)
    let all = try await withThrowingTaskGroup(of: [Double].self) { group in
      for _ in 0..<writers {
        group.addTask {
          var latencies: [Double] = []
          while begin.duration(to: .now) < duration {
            let number = last.add(1, ordering: .relaxed).newValue
            let start = ContinuousClock.now
            try await database.write { transaction in
              _ = try transaction.run(insert, [.text("379922000000"), .integer(number), .bytes(content)])
            }
            latencies.append(start.duration(to: .now) / .microseconds(1))
          }
          return latencies
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    return (all.count, begin.duration(to: .now) / .seconds(1), all.sorted())
  }
}
