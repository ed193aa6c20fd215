import Journal
import Kernel
import Logging
import Persistence
import Synchronization

/// Keeps a database and its key file together: notes which keys seal in it, refuses a key file that lacks one that is needed, and
/// seals anew what lies under older keys, by pages, beside the calls.
final class SealingWatch: Sendable {
  /// What becomes of older keys.
  enum Renewal: Sendable {
    /// What lies under them is sealed anew, and they are retired.
    case of(Cryptography)
    /// Nothing is sealed here, the keys make digests only: whatever is not the last is retired as soon as another is in force.
    case nothingSealed
    /// They stay needed for ever.
    case never
  }

  private struct State {
    var needs = SealingKeys.Needs()
    /// The keys whose walk has been done.
    var generation = -1
    var renewedCount = 0
    var unreadableCount = 0
    var isRefusing = false
  }

  private let database: Database
  private let ring: KeyRing
  private let renewal: Renewal
  private let logger: Logger
  private let state: Mutex<State>

  /// Throws what an operator can do about it if the key file lacks a key.
  init(_ database: Database, _ ring: KeyRing, _ renewal: Renewal, logger: Logger) throws {
    self.database = database
    self.ring = ring
    self.renewal = renewal
    self.logger = logger
    let names = ring.current.names
    let needs: SealingKeys.Needs
    do { needs = try database.readInline { try SealingKeys.needs(in: $0) } } catch {
      throw SettingError("\(database.path): \(error)")
    }
    if let fault = Self.fault(names, needs) { throw SettingError("\(database.path) \(fault)") }
    state = Mutex(State(needs: needs))
    ring.expect { [weak self] keys in self?.accept(keys) ?? true }
    ring.onChange { [weak self] keys in self?.note(keys) }
    remember(ring.current)
  }

  /// Notes the keys before anything is served: a file belongs to its keys from the first start, so that another installation's
  /// process does not serve it.
  func begin() async throws {
    let ring = ring
    do {
      try await database.write { try SealingKeys.note(ring.current.names, at: TimeSource.real.now(), $0) }
    } catch let error as StorageError { throw SettingError("\(database.path): \(error)") }
  }

  /// What is wrong with a key file that has these keys; `nil`: nothing.
  static func fault(_ names: [String], _ needs: SealingKeys.Needs) -> String? {
    let missing = needs.names.subtracting(names).sorted()
    let has = "it has \(names.joined(separator: ", "))"
    guard missing.isEmpty else {
      return
        "is sealed with the key \(missing.joined(separator: ", ")), which the key file does not have (\(has)); put its line back"
    }
    guard let digestKey = needs.digestKey, names.last != digestKey else { return nil }
    return
      "finds stored things by digests of the key \(digestKey), which has to be the last line of the key file (\(has)); put it there"
  }

  /// Looks whether the keys have changed, and does what follows, until it is cancelled.
  func run() async {
    if case .never = renewal { return }
    var pause = Self.look
    while !Task.isCancelled {
      do {
        try await renew()
        pause = Self.look
      } catch is CancellationError {} catch {
        logger.error("sealing anew has failed and is tried again", metadata: ["error": .string("\(error)")])
        pause = Self.patience
      }
      try? await Task.sleep(for: pause)
    }
  }

  private static let look: Duration = .seconds(2)
  private static let patience: Duration = .seconds(60)
  /// Between two pages: calls come first.
  private static let rest: Duration = .milliseconds(20)

  /// Seals anew what lies under another key than the first, if there is any, and retires those keys. `false`: there was nothing to do.
  @discardableResult
  func renew(rest: Duration = SealingWatch.rest) async throws -> Bool {
    let keys = ring.current
    guard state.withLock({ $0.generation }) != keys.generation else { return false }
    let first = keys.names[0]
    // What was sealed with older keys before the change is committed once this is.
    try await database.write { try SealingKeys.note(keys.names, at: TimeSource.real.now(), $0) }
    let older = try await database.read { try SealingKeys.older(than: first, in: $0) }
    var isOver = true
    if !older.isEmpty {
      var progress = Resealing.Progress()
      if case .of(let cryptography) = renewal {
        progress = try await Resealing(cryptography).run(over: database) { _ in try await Task.sleep(for: rest) }
      }
      isOver = try await end(progress, older, first)
    }
    let needs = try await database.read { try SealingKeys.needs(in: $0) }
    state.withLock { state in
      state.needs = needs
      if isOver { state.generation = keys.generation }
    }
    return !older.isEmpty
  }

  /// Retires the older keys if nothing was left under them. Whether this is over with these keys.
  private func end(_ progress: Resealing.Progress, _ older: [String], _ first: String) async throws -> Bool {
    state.withLock { state in
      state.renewedCount += progress.renewed
      state.unreadableCount = progress.unreadable
    }
    guard progress.unreadable == 0 else {
      logger.error(
        "some of what is sealed opens with none of the keys; the older keys stay needed",
        metadata: ["count": "\(progress.unreadable)", "keys": .string(older.joined(separator: ", "))])
      return true
    }
    let ring = ring
    let isRetired = try await database.write { transaction in
      // Somebody may have put an older key in force again.
      guard ring.current.names[0] == first else { return false }
      try SealingKeys.retire(older, at: TimeSource.real.now(), transaction)
      return true
    }
    guard isRetired else { return false }
    logger.notice(
      "everything sealed lies under the first key",
      metadata: [
        "key": .string(first), "retired": .string(older.joined(separator: ", ")), "renewed": "\(progress.renewed)",
        "seen": "\(progress.seen)",
      ])
    return true
  }

  /// A key file that lacks what is needed is not taken over, and said.
  private func accept(_ keys: KeyRing.Keys) -> Bool {
    let fault = Self.fault(keys.names, state.withLock { $0.needs })
    state.withLock { $0.isRefusing = fault != nil }
    if let fault {
      logger.error(
        "the changed key file is not used; the next start would refuse it", metadata: ["why": .string(fault)])
    }
    return fault == nil
  }

  private func remember(_ keys: KeyRing.Keys) {
    state.withLock { state in
      state.needs.names.formUnion(keys.names)
      if state.needs.digestKey == nil { state.needs.digestKey = keys.names.last }
    }
  }

  private func note(_ keys: KeyRing.Keys) {
    remember(keys)
    let (database, ring, logger) = (database, ring, logger)
    Task {
      do {
        // By then others may be in force already.
        try await database.write { try SealingKeys.note(ring.current.names, at: TimeSource.real.now(), $0) }
      } catch {
        logger.error("a sealing key was not noted", metadata: ["error": "\(error)"])
      }
    }
  }

  /// What each key is for, and how far sealing anew has come.
  func readings(_ labels: [(String, String)]) -> [GaugeReading] {
    let state = state.withLock { $0 }
    let names = ring.current.names
    let isNever = if case .never = renewal { true } else { false }
    let uses = names.enumerated().map { index, name in
      let use =
        if index == 0 { "seals" } else if !state.needs.names.contains(name) {
          "unused"
        } else if !isNever,
          state.generation == ring.current.generation, state.unreadableCount == 0
        { "digests" } else { "opens" }
      return GaugeReading("huying_sealing_key", 1, labels: labels + [("key", name), ("use", use)])
    }
    return uses + [
      GaugeReading("huying_sealing_keys_refused", state.isRefusing ? 1 : 0, labels: labels),
      GaugeReading("huying_sealing_renewed_total", Double(state.renewedCount), labels: labels),
      GaugeReading("huying_sealing_unreadable", Double(state.unreadableCount), labels: labels),
    ]
  }
}
