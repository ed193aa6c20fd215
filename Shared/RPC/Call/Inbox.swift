import DequeModule

/// Messages that have come and that nobody has read yet. A value: what to do follows from what it answers.
///
/// It also keeps the account of the stream's window: bytes are given back to the peer at once while the reader keeps up (nothing
/// waits), and only when the last waiting message is read where it does not. So a reader that stops costs one window and one
/// message, and a message larger than the window still comes through.
struct Inbox {
  /// What a reader gets.
  enum Take {
    /// The next message, and the bytes that the peer may send because of it.
    case message([UInt8], release: Int)
    /// All was read and no more follows.
    case end
    /// No more follows, because of this.
    case failed(any Error)
    /// Not yet.
    case nothing
  }

  private struct Entry {
    let message: [UInt8]
    let isCompressed: Bool
  }

  // The first that waits, and those behind it: usually there is one, and it needs no queue.
  private var first: Entry?
  private var rest = Deque<Entry>()
  /// Whether the message taken last came compressed.
  private(set) var isLastCompressed = false
  private var withheld = 0
  private var end: End?

  private enum End {
    case complete
    case failed(any Error)
  }

  /// Messages that wait.
  var count: Int { first == nil ? 0 : 1 + rest.count }
  /// Whether no more follows what waits.
  var isEnded: Bool { end != nil }

  /// Whether exactly one message waits and no more follows.
  var isWhole: Bool {
    guard first != nil, rest.isEmpty, case .complete = end else { return false }
    return true
  }

  mutating func put(_ message: [UInt8], isCompressed: Bool = false) {
    guard end == nil else { return }
    let entry = Entry(message: message, isCompressed: isCompressed)
    if first == nil { first = entry } else { rest.append(entry) }
  }

  /// `count` bytes came off the wire: how many to give back now.
  mutating func account(_ count: Int) -> Int {
    guard first != nil else { return count }
    withheld += count
    return 0
  }

  /// The peer said that nothing follows.
  mutating func complete() { if end == nil { end = .complete } }

  /// Nothing follows, and what waits is not worth reading (`now`) or still is.
  mutating func fail(_ error: any Error, now: Bool) {
    if now {
      first = nil
      rest = []
    }
    if case .failed = end { return }
    if end == nil || now { end = .failed(error) }
  }

  mutating func take() -> Take {
    if let entry = first {
      isLastCompressed = entry.isCompressed
      first = rest.popFirst()
      guard first == nil else { return .message(entry.message, release: 0) }
      defer { withheld = 0 }
      return .message(entry.message, release: withheld)
    }
    return switch end {
    case nil: .nothing
    case .complete: .end
    case .failed(let error): .failed(error)
    }
  }
}
