package import Crypto
import Foundation
import Kernel
import RPC
import Synchronization

/// The keys of one purpose in one file, a line of 64 hexadecimal digits each: the first one seals or signs, all of them open or
/// verify. A line more at the top is a new key in force, without a restart: the file is looked at again while it is used.
package final class KeyRing: Sendable {
  /// The keys in force at one moment.
  package struct Keys: Sendable {
    /// In the file's order; never empty.
    package let all: [SymmetricKey]
    /// What each is called: the first characters of a digest, which open nothing.
    package let names: [String]
    /// Grows whenever the file was read anew.
    package let generation: Int

    init(_ all: [SymmetricKey], generation: Int) {
      self.all = all
      self.generation = generation
      names = all.map(KeyRing.name)
    }

    /// The one that seals and signs.
    package var first: SymmetricKey { all[0] }
    /// The one that was there from the beginning: digests by which stored things are found are made with it.
    package var last: SymmetricKey { all[all.count - 1] }
  }

  private struct State {
    var keys: Keys
    var look: FileLook
    var listeners: [@Sendable (Keys) -> Void] = []
    var conditions: [@Sendable (Keys) -> Bool] = []
  }

  private let path: String?
  private let state: Mutex<State>

  /// Keys that no file has: for tests.
  package init(_ keys: [SymmetricKey]) {
    path = nil
    state = Mutex(State(keys: Keys(keys, generation: 0), look: FileLook([])))
  }

  /// The keys in the file at `path`. Throws `SettingError` if there is none or a line of it is no key.
  package init(file path: String) throws {
    var look = FileLook([path])
    look.seen = look.change()
    guard let keys = try Self.read(path) else { throw SettingError("there is no key file at \(path)") }
    self.path = path
    state = Mutex(State(keys: Keys(keys, generation: 0), look: look))
  }

  /// The keys in the file at `path`, which is made if it is missing. Where `database` is there already, a missing key file is
  /// refused instead: a new key would not open what the old one has sealed.
  package static func loadOrMake(at path: String, besides database: String? = nil) throws -> KeyRing {
    let files = FileManager.default
    if let database, files.fileExists(atPath: database), try KeyFile.contents(at: path) == nil {
      throw SettingError(
        "there is a database at \(database) but no key file at \(path): put the key back, it is never made anew beside data"
      )
    }
    _ = try KeyFile.loadOrMake(at: path)
    return try KeyRing(file: path)
  }

  /// The keys in force. A file that was changed and cannot be used leaves those that were.
  package var current: Keys {
    if let change = state.withLock({ $0.look.change() }) { read(change) }
    return state.withLock { $0.keys }
  }

  /// Reads the file now if it has changed; whether there are other keys now.
  @discardableResult
  package func lookAgain() -> Bool {
    guard let change = state.withLock({ $0.look.changeNow() }) else { return false }
    return read(change)
  }

  @discardableResult
  private func read(_ change: FileLook.Stamps) -> Bool {
    guard let path, let read = try? Self.read(path) else { return false }
    let (generation, conditions) = state.withLock { ($0.keys.generation + 1, $0.conditions) }
    let found = Keys(read, generation: generation)
    // Each of them is asked: it may want to say what is wrong.
    guard conditions.map({ $0(found) }).allSatisfy(\.self) else {
      state.withLock { $0.look.seen = change }
      return false
    }
    let (changed, listeners) = state.withLock { state -> (Keys?, [@Sendable (Keys) -> Void]) in
      state.look.seen = change
      let keys = Keys(read, generation: state.keys.generation + 1)
      guard keys.names != state.keys.names else { return (nil, []) }
      state.keys = keys
      return (keys, state.listeners)
    }
    guard let changed else { return false }
    listeners.forEach { $0(changed) }
    return true
  }

  /// Calls `listener` whenever other keys are in force.
  package func onChange(_ listener: @escaping @Sendable (Keys) -> Void) {
    state.withLock { $0.listeners.append(listener) }
  }

  /// Keys that do not meet `condition` are not taken over from the file: those that were stay in force. Asked at every change.
  package func expect(_ condition: @escaping @Sendable (Keys) -> Bool) {
    state.withLock { $0.conditions.append(condition) }
  }

  /// The first characters of a key's digest.
  package static func name(of key: SymmetricKey) -> String {
    var digest = SHA256()
    digest.update(data: Data("huying key name 1".utf8))
    key.withUnsafeBytes { digest.update(bufferPointer: $0) }
    return Array(Array(digest.finalize()).prefix(4)).hexadecimal
  }

  /// Reads until two readings are the same: the file may be written into meanwhile. `nil`: there is none.
  private static func read(_ path: String) throws -> [SymmetricKey]? {
    for _ in 0..<5 {
      let stamp = FileStamp(path)
      guard let data = try KeyFile.contents(at: path) else { return nil }
      guard FileManager.default.contents(atPath: path) == data, FileStamp(path) == stamp else { continue }
      return try keys(String(decoding: data, as: UTF8.self), path)
    }
    throw SettingError("\(path) is being written all the time")
  }

  /// The keys that `text` holds, a line each; `path` is named where one is none.
  package static func keys(_ text: String, _ path: String) throws -> [SymmetricKey] {
    let lines = text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty }
    let keys = try lines.map { line in
      guard let bytes = [UInt8](hexadecimal: line), bytes.count == 32 else {
        throw SettingError("\(path) is not a key: 64 hexadecimal digits were expected on each line")
      }
      return SymmetricKey(data: bytes)
    }
    guard !keys.isEmpty else { throw SettingError("\(path) is not a key: 64 hexadecimal digits were expected") }
    return keys
  }
}
