package import CProtobufC
import Glibc

/// Memory for the C side of one decode or encode: taken in one direction, given back all at once.
///
/// Valid only inside the closure of `withArena`; nothing that points into it may leave.
package struct Arena {
  /// The running state; protobuf-c's allocator callback sees it as its `allocator_data`.
  fileprivate struct State {
    var cursor: UnsafeMutableRawPointer
    var end: UnsafeMutableRawPointer
    /// The newest chunk taken from malloc; each begins with a pointer to the one before.
    var chunks: UnsafeMutableRawPointer?
    var nextChunkBytes: Int
    let limit: Int
    var remainingBytes: Int
    var isExhausted = false
  }

  private let state: UnsafeMutablePointer<State>

  /// Big enough for most messages; every thread that decodes keeps one of these.
  private static let firstBytes = 16_384
  private static let alignment = 16

  /// Runs `body` with a fresh arena that gives out at most `limit` bytes.
  package static func withArena<Result>(limit: Int = .max, _ body: (Arena) -> Result) -> Result {
    let first = FirstChunk.take(bytes: firstBytes)
    var state = State(
      cursor: first, end: first + firstBytes, chunks: nil, nextChunkBytes: 2 * firstBytes, limit: limit,
      remainingBytes: limit)
    defer {
      release(state.chunks)
      FirstChunk.putBack(first)
    }
    return withUnsafeMutablePointer(to: &state) { body(Arena(state: $0)) }
  }

  /// Bytes given out so far.
  var taken: Int { state.pointee.limit - state.pointee.remainingBytes }

  /// Room for `count` values of `type`, uninitialised.
  package func allocate<Element>(_ count: Int, of type: Element.Type) -> UnsafeMutablePointer<Element> {
    allocate(bytes: count * MemoryLayout<Element>.stride).bindMemory(to: type, capacity: count)
  }

  /// Room for `bytes` bytes, uninitialised.
  package func allocate(bytes: Int) -> UnsafeMutableRawPointer {
    guard let room = Self.take(bytes, from: state) else { preconditionFailure("out of memory for \(bytes) bytes") }
    return room
  }

  /// Whether more than the limit has been asked for.
  package var isExhausted: Bool { state.pointee.isExhausted }

  /// Runs `body` with protobuf-c's view of this arena.
  package func withAllocator<Result>(_ body: (UnsafeMutablePointer<ProtobufCAllocator>) -> Result) -> Result {
    var allocator = ProtobufCAllocator(
      alloc: { data, size in
        Arena.take(size, from: data!.assumingMemoryBound(to: Arena.State.self))
      },
      free: { _, _ in }, allocator_data: UnsafeMutableRawPointer(state))
    return withUnsafeMutablePointer(to: &allocator, body)
  }

  @inline(__always) private static func take(_ size: Int, from state: UnsafeMutablePointer<State>)
    -> UnsafeMutableRawPointer?
  {
    let rounded = (size + alignment - 1) & ~(alignment - 1)
    guard rounded <= state.pointee.remainingBytes else {
      state.pointee.isExhausted = true
      return nil
    }
    state.pointee.remainingBytes -= rounded
    let room = state.pointee.cursor
    if rounded <= state.pointee.end - room {
      state.pointee.cursor = room + rounded
      return room
    }
    return takeFromNewChunk(rounded, state)
  }

  @inline(never) private static func takeFromNewChunk(
    _ size: Int, _ state: UnsafeMutablePointer<State>
  ) -> UnsafeMutableRawPointer? {
    let bytes = max(state.pointee.nextChunkBytes, size + alignment)
    guard let chunk = malloc(bytes) else { return nil }
    chunk.storeBytes(of: state.pointee.chunks, as: UnsafeMutableRawPointer?.self)
    state.pointee.chunks = chunk
    state.pointee.nextChunkBytes = min(bytes * 2, 1 << 20)
    state.pointee.cursor = chunk + alignment + size
    state.pointee.end = chunk + bytes
    return chunk + alignment
  }

  private static func release(_ newest: UnsafeMutableRawPointer?) {
    var chunk = newest
    while let current = chunk {
      chunk = current.load(as: UnsafeMutableRawPointer?.self)
      free(current)
    }
  }
}

/// The memory that an arena begins with: kept by the thread from one message to the next. An arena inside another's time makes
/// one of its own.
private enum FirstChunk {
  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key) { free($0) }
    return key
  }()

  static func take(bytes: Int) -> UnsafeMutableRawPointer {
    if let kept = pthread_getspecific(key) {
      pthread_setspecific(key, nil)
      return kept
    }
    guard let made = malloc(bytes) else { preconditionFailure("out of memory for \(bytes) bytes") }
    return made
  }

  static func putBack(_ chunk: UnsafeMutableRawPointer) {
    if pthread_getspecific(key) == nil { pthread_setspecific(key, chunk) } else { free(chunk) }
  }
}
