import Access
import Feed
import Glibc
import Journal
import Kernel
import Persistence

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
    for suffix in ["", "-wal", "-shm", ".lock"] { unlink(path + "/feed.sqlite" + suffix) }
    rmdir(path)
  }

  func open(_ faults: FaultInjection? = nil) throws -> Database {
    var configuration = DatabaseConfiguration()
    configuration.faults = faults
    return try Database.open(
      path: path + "/feed.sqlite", migrations: Journal.migrations + Feed.migrations + [effects],
      configuration: configuration)
  }
}

/// What the messages of these tests do: one row each.
let effects = Migration(
  name: "m0001_effects", sql: "CREATE TABLE effect (word TEXT NOT NULL PRIMARY KEY) STRICT;")

extension Actor {
  static let clerk = Actor(
    personID: "p-1", organisationID: "o-1", role: .levelClerk, countyCode: "321322000000", onBehalfOf: "张三的邻居")
}

extension JournalDraft {
  static func reported(_ id: String, version: Int64 = 1, type: String = "case.reported") -> Self {
    Self(
      eventType: type, aggregateType: "case", aggregateID: id, aggregateVersion: version, actor: .clerk,
      occurTime: Timestamp(seconds: 1_600_000_000), correlationID: "journey-\(id)", payload: Array("payload \(id)".utf8)
    )
  }
}

let now = Timestamp(seconds: 1_700_000_000)
