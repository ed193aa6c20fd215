import GridRegistryContract
import GridRegistryDomain
import GridRegistryStore
import Kernel
import Persistence
import Runtime
import Wire

/// One command at work: load, decide, apply, save, journal, in the transaction that the shell opened.
struct Registrar {
  let command: CommandTransaction
  let registry: Registry

  init(_ command: CommandTransaction, casesHeardUntil: Timestamp? = nil) throws(Refused) {
    self.command = command
    var registry = try Registry(of: command.actor)
    registry.casesHeardUntil = casesHeardUntil
    self.registry = registry
  }

  /// What was heard of open cases is older than an hour.
  var caseCountsAreStale: Bool { CaseNews.isStale(registry.casesHeardUntil, at: command.recordTime) }

  /// The same transaction at another time in the county's life.
  init(at now: Timestamp, _ other: Self) {
    command = other.command.at(now)
    registry = other.registry
  }

  /// What became of a record.
  struct Entry<Record> {
    var record: Record
    /// Something was written.
    var isChanged: Bool
  }

  var tx: WriteTransaction { command.tx }

  /// Writes down one event.
  func record(_ eventType: String, _ aggregateType: String, _ id: String, _ version: Int, _ payload: [UInt8]) throws {
    try command.record(
      eventType: eventType, aggregateType: aggregateType, aggregateID: id, version: Int64(version), correlationID: id,
      payload: payload)
  }

  /// Refuses what was decided on an older state than the stored one.
  static func check(_ expected: UInt64, against version: Int) throws(Refused) {
    guard expected == UInt64(version) else {
      throw Refused(
        .aborted, .versionConflict.with("version", String(version)).with("expected_version", String(expected)))
    }
  }

  /// An id that somebody wanted, or a new one.
  func id(_ wanted: String) throws(Refused) -> String {
    if wanted.isEmpty { return UUIDv7.make(at: command.recordTime) }
    guard wanted.utf8.count <= 64, wanted.utf8.allSatisfy(\.isIdentifier) else {
      throw Refused(.invalidArgument, .idInvalid)
    }
    return wanted
  }
}

extension UInt8 {
  /// a–z, A–Z, 0–9, - and _.
  fileprivate var isIdentifier: Bool {
    (48...57).contains(self) || (65...90).contains(self) || (97...122).contains(self) || self == 45 || self == 95
  }
}

extension Reason {
  /// Somebody else changed it meanwhile.
  static let versionConflict = Reason(
    "VERSION_CONFLICT", zh: "记录已被他人修改，请重新读取后再试。", en: "It changed since it was read: read it again.",
    field: "expected_version")
  /// An id that cannot be written in a URL or a file.
  static let idInvalid = Reason(
    "ID_INVALID", zh: "编号最长64个字符，只能用字母、数字、“-”和“_”。",
    en: "An id has at most 64 letters, digits, - and _.")
}
