import NIOSSL
import Synchronization

/// A TLS context made of files, and made anew when they change. Whoever makes a connection asks for the current one.
final class SecurityContext: Sendable {
  /// How often the files are looked at, at most.
  static let pause: Duration = .seconds(1)

  private struct State {
    var context: NIOSSLContext?
    var look: FileLook
  }

  private let warn: @Sendable (String) -> Void
  private let make: @Sendable () throws(SecurityError) -> NIOSSLContext
  private let state: Mutex<State>

  init(
    files: [String], warn: @escaping @Sendable (String) -> Void = { _ in },
    make: @escaping @Sendable () throws(SecurityError) -> NIOSSLContext
  ) {
    self.warn = warn
    self.make = make
    state = Mutex(State(look: FileLook(files, pause: Self.pause)))
  }

  /// What a connection made now uses. Files that changed and cannot be used leave the old context in force, with a warning; it
  /// throws only while there is none yet.
  func current() throws(SecurityError) -> NIOSSLContext {
    try state.withLock { state throws(SecurityError) in
      let change = state.look.change()
      if change == nil, let context = state.context { return context }
      // Before the files are read: one that changes meanwhile is read again the next time.
      if let change { state.look.seen = change }
      do throws(SecurityError) {
        let context = try make()
        state.context = context
        return context
      } catch {
        guard let context = state.context else { throw error }
        warn("the old certificates stay in force: \(error)")
        return context
      }
    }
  }
}
