import Access
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
    for suffix in ["", "-wal", "-shm", ".lock"] { unlink(path + "/journal.sqlite" + suffix) }
    rmdir(path)
  }

  func open(_ faults: FaultInjection? = nil) throws -> Database {
    var configuration = DatabaseConfiguration()
    configuration.faults = faults
    return try Database.open(
      path: path + "/journal.sqlite", migrations: Journal.migrations, configuration: configuration)
  }
}

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
