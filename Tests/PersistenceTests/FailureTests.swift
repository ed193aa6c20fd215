import Glibc
import Kernel
import Persistence
import Synchronization
import Testing

/// Every step of the engine is made to fail once: the state is as before, the caller is told, and life goes on.
@Suite struct FailureTests {
  let folder = Folder()

  @Test(arguments: [Fault.full, .inputOutput, .interrupted])
  func `whichever step of a write fails, all of it is undone and the caller is told`(_ fault: Fault) async throws {
    for step in 1...100 {
      let folder = Folder()
      let failing = FailingAt()
      let database = try folder.open { $0.faults = failing.injection }
      try await database.write { try Ledger.record("before", 1, $0) }
      failing.arm(step, fault)
      let result = await told { try await database.write { try Ledger.record("a", 2, $0) } }
      let failed = failing.disarm()
      guard let failed else {
        #expect(result == nil)
        #expect(step > 5, "begin, savepoint, two statements, release, commit")
        return
      }
      #expect(result != nil, "\(failed) failed and nobody was told")
      // A disk that is full at COMMIT is known to have stored nothing; any other failure there is not.
      let isUnknown = failed == "transaction.commit" && fault != .full
      #expect(database.hasFailed == isUnknown)
      if isUnknown { #expect(result == .outcomeUnknown) }
      #expect(try database.readInline { try Ledger.state(in: $0) } == .init(count: 1, total: 1), "\(failed)")
      if !database.hasFailed { try await database.write { try Ledger.record("after", 1, $0) } }
      database.close()
      let again = try folder.open()
      #expect(try again.readInline { try Ledger.state(in: $0).count } == (isUnknown ? 1 : 2))
    }
    Issue.record("no run without a fault")
  }

  @Test func `a failing part undone alone leaves the write whole, whichever step fails`() async throws {
    for step in 1...100 {
      let failing = FailingAt()
      let folder = Folder()
      let database = try folder.open { $0.faults = failing.injection }
      failing.arm(step, .full)
      let result = await told {
        try await database.write { transaction in
          try Ledger.record("a", 1, transaction)
          // Swallowing what took the transaction away must not let the rest run outside of it.
          _ = try? transaction.attempt { try Ledger.record("b", 10, $0) }
          try Ledger.record("c", 100, transaction)
        }
      }
      guard failing.disarm() != nil else { return #expect(result == nil) }
      #expect(result != nil)
      #expect(try database.readInline { try Ledger.state(in: $0) } == .init(count: 0, total: 0))
    }
    Issue.record("no run without a fault")
  }

  @Test func `a write that takes the shared transaction with it fails alone; the innocent run again`() async throws {
    let failing = FailingAt()
    let database = try folder.open { $0.faults = failing.injection }
    let gate = Gate()
    async let first: Void = database.write { _ in gate.wait() }
    while !gate.isEntered { await Task.yield() }
    let results = await withTaskGroup(of: (Int, StorageError?).self) { group in
      for number in 1...20 {
        group.addTask {
          (number, await told { try await database.write { try Ledger.record("\(number)", 1, $0) } })
        }
      }
      group.addTask {
        while database.statistics.queuedCount < 20 { await Task.yield() }
        failing.arm(2 + 1 + 4 * 7 + 2, .full)
        gate.open()
        return (0, nil)
      }
      return await group.reduce(into: [Int: StorageError?]()) { $0[$1.0] = $1.1 }
    }
    try await first
    #expect(failing.disarm() != nil)
    #expect(results.values.compactMap(\.self) == [.full])
    #expect(try database.readInline { try Ledger.state(in: $0) } == .init(count: 19, total: 19))
    #expect(database.statistics.lostGroupCount == 1)
  }

  @Test func `a commit that fails stops the database and says so once`() async throws {
    let failing = FailingAt()
    let database = try folder.open { $0.faults = failing.injection }
    let told = Mutex<[StorageError]>([])
    database.onFailure { error in told.withLock { $0.append(error) } }
    failing.arm(6, .inputOutput)
    await #expect(throws: StorageError.outcomeUnknown) { try await database.write { try Ledger.record("a", 1, $0) } }
    #expect(failing.disarm() == "transaction.commit")
    await #expect(throws: StorageError.closed) { try await database.write { try Ledger.record("b", 1, $0) } }
    #expect(told.withLock { $0 } == [.outcomeUnknown])
    #expect(StorageError.outcomeUnknown.refusal?.kind == .unavailable)
  }

  @Test func `a full file refuses what does not fit, keeps what does, and takes more when there is room`() async throws
  {
    let database = try folder.open { $0.maximumPages = 30 }
    let big = [UInt8](repeating: 7, count: 8_000)
    var stored = 0
    var refusal: StorageError?
    for number in 1...40 where refusal == nil {
      refusal = await told { try await database.write { try Ledger.record("\(number)", 1, note: big, $0) } }
      if refusal == nil { stored += 1 }
    }
    #expect(refusal == .full)
    #expect(refusal?.refusal?.kind == .resourceExhausted)
    #expect(!database.hasFailed)
    #expect(try database.readInline { try Ledger.state(in: $0) } == .init(count: stored, total: stored))
    let remove = Statement("ledger.remove", "DELETE FROM ledger WHERE county_code = $1")
    _ = try await database.write { try $0.run(remove, [.text("321322")]) }
    try await database.write { try Ledger.record("again", 1, note: big, $0) }
  }

  @Test func `what was acknowledged outlives a process that is killed`() async throws {
    let database = try folder.open()
    for number in 1...50 { try await database.write { try Ledger.record("\(number)", 1, $0) } }
    // A copy of file and log as they lie on the disk is what a killed process leaves behind.
    let copy = Folder()
    for suffix in ["", "-wal"] { try Files.copy(folder.database + suffix, to: copy.database + suffix) }
    let again = try copy.open()
    #expect(try again.readInline { try Ledger.state(in: $0) } == .init(count: 50, total: 50))
  }

  @Test func `the disk is waited for by path: a file, a folder, where we are; what is not there is said`() async throws
  {
    _ = try folder.open()
    for path in [folder.database, folder.path, ""] { #expect(throws: Never.self) { try DiskSync.wait(for: path) } }
    let nowhere = "\(folder.path)/nowhere"
    #expect(throws: StorageError.cannotOpen(path: nowhere, code: ENOENT)) { try DiskSync.wait(for: nowhere) }
    // A pipe's bytes are on no disk.
    #expect(mkfifo(nowhere, 0o600) == 0)
    let reader = open(nowhere, O_RDONLY | O_NONBLOCK)
    let writer = open(nowhere, O_WRONLY)
    defer { [reader, writer].forEach { _ = close($0) } }
    #expect(throws: StorageError.inputOutput(code: EINVAL)) { try DiskSync.wait(for: nowhere) }
  }
}

/// The storage error that `body` throws, if any.
func told(_ body: () async throws -> Void) async -> StorageError? {
  do { try await body() } catch { return error as? StorageError ?? .misuse("\(error)") }
  return nil
}

/// Holds the writer's thread until it is opened.
final class Gate: Sendable {
  private let state = Mutex((isEntered: false, isOpen: false))

  var isEntered: Bool { state.withLock { $0.isEntered } }

  func open() { state.withLock { $0.isOpen = true } }

  func wait() {
    state.withLock { $0.isEntered = true }
    while !state.withLock({ $0.isOpen }) { usleep(200) }
  }
}
