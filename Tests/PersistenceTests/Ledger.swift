import Glibc
import Kernel
import Persistence
import Synchronization

/// The small table that these tests write to.
enum Ledger {
  static let migration = Migration(
    name: "m0001_ledger",
    sql: """
      CREATE TABLE ledger (
        county_code TEXT NOT NULL, line_id TEXT NOT NULL, amount INTEGER NOT NULL, note BLOB,
        PRIMARY KEY (county_code, line_id), CONSTRAINT amount_is_positive CHECK (amount > 0)
      ) STRICT;
      CREATE TABLE total (county_code TEXT NOT NULL PRIMARY KEY, amount INTEGER NOT NULL) STRICT;
      INSERT INTO total (county_code, amount) VALUES ('321322', 0);
      """)

  static let insert = Statement(
    "ledger.insert", "INSERT INTO ledger (county_code, line_id, amount, note) VALUES ($1, $2, $3, $4)")
  static let add = Statement("ledger.add", "UPDATE total SET amount = amount + $2 WHERE county_code = $1")
  static let load = Statement(
    "ledger.load", "SELECT amount, note FROM ledger WHERE county_code = $1 AND line_id = $2")
  static let total = Statement("ledger.total", "SELECT amount FROM total WHERE county_code = $1")
  static let count = Statement("ledger.count", "SELECT count(*) FROM ledger WHERE county_code = $1")
  static let list = Statement(
    "ledger.list", "SELECT line_id FROM ledger WHERE county_code = $1 ORDER BY line_id")
  static let byAmount = Statement("ledger.by_amount", "SELECT line_id FROM ledger WHERE amount > $1")

  /// A line and the total, as one write.
  static func record(_ id: String, _ amount: Int, note: [UInt8]? = nil, _ transaction: WriteTransaction) throws {
    try transaction.run(add, [.text("321322"), .integer(amount)])
    try transaction.run(insert, [.text("321322"), .text(id), .integer(amount), .optionalBytes(note)])
  }

  static func state(in reading: some Reading) throws -> State {
    State(
      count: try reading.first(count, [.text("321322")]) { $0.int(0) } ?? -1,
      total: try reading.first(total, [.text("321322")]) { $0.int(0) } ?? -1)
  }

  struct State: Equatable, Sendable {
    var count: Int
    var total: Int
  }
}

/// A folder of its own for one test, gone with it.
final class Folder: Sendable {
  let path: String

  init() {
    var template = Array("/tmp/huying-test-XXXXXX".utf8CString)
    path = template.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) } ?? "/tmp"
    }
  }

  deinit {
    guard let entries = opendir(path) else { return }
    while let entry = readdir(entries) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      unlink("\(path)/\(name)")
    }
    closedir(entries)
    rmdir(path)
  }

  var database: String { "\(path)/ledger.sqlite" }

  func open(
    _ migrations: [Migration] = [Ledger.migration], _ change: (inout DatabaseConfiguration) -> Void = { _ in }
  ) throws(StorageError) -> Database {
    var configuration = DatabaseConfiguration()
    change(&configuration)
    return try Database.open(path: database, migrations: migrations, configuration: configuration)
  }
}

/// Lets the n-th step of the engine fail, once; counts from when it is armed.
final class FailingAt: Sendable {
  private let state = Mutex<(left: Int?, fault: Fault, failed: StaticString?)>((nil, .full, nil))

  var injection: FaultInjection {
    FaultInjection { [self] name in
      state.withLock { state in
        guard let left = state.left else { return nil }
        state.left = left > 1 ? left - 1 : nil
        guard left == 1 else { return nil }
        state.failed = name
        return state.fault
      }
    }
  }

  func arm(_ step: Int, _ fault: Fault) { state.withLock { $0 = (step, fault, nil) } }

  /// What failed since it was armed; ends it.
  func disarm() -> String? {
    state.withLock { state in
      state.left = nil
      return state.failed?.description
    }
  }
}
