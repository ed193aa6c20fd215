import Access
import CareVisitContract
import CareVisitDomain
import CareVisitService
import CommonContract
import Foundation
import Journal
import Kernel
import Lifecycle
import Logging
import Persistence
import RPC
import Runtime
import Synchronization
import TestSupport
import Testing
import Wire
import WireTypes
import WorkClock

/// The register in process, over a file of its own, with a directory that the test changes.
final class CareBench: Sendable {
  typealias V1 = CareVisitV1

  let bench: ServiceBench
  let staff = Staff()
  let service: CareVisitService

  static let department = "dept-civil-affairs"
  static let village = "village-1"

  init() throws {
    bench = try ServiceBench(migrations: CareVisitService.migrations, configuration: CareVisitService.configuration)
    service = CareVisitService(bench.shell, county: "379922000000", directory: staff.directory)
  }

  /// Somebody of the directory who calls.
  func context(_ method: MethodDescriptor, as who: Staff.Who) -> ServerContext {
    bench.context(method, as: who.role, of: who.organisation, person: who.id)
  }

  var now: Timestamp { bench.clock.now }

  /// Moves time and lets everything fire that is due.
  @discardableResult
  func advance(days: Int) async throws -> Int {
    bench.clock.advance(by: .days(Int64(days)))
    var count = 0
    for timer in service.parts.timers { count += try await timer.fire(at: now) }
    return count
  }

  /// Every line of the register's journal.
  func journal() throws -> [JournalEntry] {
    try bench.database.readInline { try Journal.entries(after: 0, limit: 10_000, in: $0).entries }
  }

  /// Whether `bytes` stand in any file of the database.
  func onDisk(_ bytes: [UInt8]) throws -> [String] {
    let files = try FileManager.default.contentsOfDirectory(atPath: bench.folder.path)
    return files.sorted().filter { file in
      let data = FileManager.default.contents(atPath: bench.folder.file(file)) ?? Data()
      return data.range(of: Data(bytes)) != nil
    }
  }

  /// The sealed key of an enrolment as it lies in its row.
  func wrappedKey(_ token: String) throws -> [UInt8]? {
    try bench.database.readInline { reading in
      try reading.first(
        Statement("test.key", "SELECT wrapped_key FROM vault_keys WHERE enrolment_id = $1"), [.text(token)]
      ) { $0.bytes(0) }
    }
  }

  /// The sealed identity of an enrolment as it lies in its row.
  func sealedIdentity(_ token: String) throws -> [UInt8]? {
    try bench.database.readInline { reading in
      try reading.first(
        Statement(
          "test.text", "SELECT sealed FROM vault_texts WHERE enrolment_id = $1 AND text_name = 'identity'"),
        [.text(token)]
      ) { $0.bytes(0) }
    }
  }
}

/// The people who work in the county, as the test wants them.
final class Staff: Sendable {
  struct Who: Sendable {
    var id: String
    var role: Role
    var organisation: String
  }

  static let controller = Who(id: "controller", role: .departmentLeader, organisation: CareBench.department)
  static let officer = Who(id: "officer", role: .dataProtectionOfficer, organisation: "county-gov")
  static let secondOfficer = Who(id: "officer-2", role: .dataProtectionOfficer, organisation: "county-gov")
  static let lead = Who(id: "lead", role: .gridLead, organisation: CareBench.village)
  static let otherLead = Who(id: "lead-2", role: .gridLead, organisation: "village-2")
  static let visitor = Who(id: "visitor", role: .careVisitor, organisation: CareBench.village)
  static let secondVisitor = Who(id: "visitor-2", role: .careVisitor, organisation: CareBench.village)
  static let strangeVisitor = Who(id: "visitor-3", role: .careVisitor, organisation: "village-2")
  static let all = [controller, officer, secondOfficer, lead, otherLead, visitor, secondVisitor, strangeVisitor]

  private let entries = Mutex<[String: Colleague]>(
    Dictionary(uniqueKeysWithValues: all.map { ($0.id, Colleague($0)) }))

  /// What the directory says from now on.
  func set(_ who: Who, isPresent: Bool = true, organisation: String? = nil, roles: Set<Role>? = nil) {
    entries.withLock {
      $0[who.id] = Colleague(
        personID: who.id, organisationID: organisation ?? who.organisation, roles: roles ?? [who.role],
        isPresent: isPresent)
    }
  }

  var directory: CareDirectory {
    CareDirectory(
      colleague: { id in self.entries.withLock { $0[id] } }, hasOrganisation: { $0 == "clinic" },
      calendar: { try WorkCalendar([]) })
  }
}

extension Colleague {
  init(_ who: Staff.Who) {
    self.init(personID: who.id, organisationID: who.organisation, roles: [who.role], isPresent: true)
  }
}

/// The reasons of a refusal; `["OK"]` if there was none.
func reasons(_ body: () async throws -> some Any) async -> [String] {
  do {
    _ = try await body()
    return ["OK"]
  } catch let refusal as any Refusal {
    return refusal.reasons.map(\.code)
  } catch {
    return ["\(error)"]
  }
}

extension CareBench {
  /// Whether any of `needles` stands in any file of the database.
  func isAnyOnDisk(_ needles: [[UInt8]]) throws -> Bool { try needles.contains { try !onDisk($0).isEmpty } }
}
