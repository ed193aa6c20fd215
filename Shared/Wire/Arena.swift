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
    var remainingBytes: Int
  }

  private let state: UnsafeMutablePointer<State>

  /// Big enough for most requests, small enough for the stack.
  private static let firstBytes = 1_024
  private static let alignment = 16

  /// Runs `body` with a fresh arena that gives out at most `limit` bytes.
  package static func withArena<Result>(limit: Int = .max, _ body: (Arena) -> Result) -> Result {
    withUnsafeTemporaryAllocation(byteCount: firstBytes, alignment: alignment) { first in
      var state = State(
        cursor: first.baseAddress!, end: first.baseAddress! + first.count, chunks: nil, nextChunkBytes: 8_192,
        remainingBytes: limit)
      return withUnsafeMutablePointer(to: &state) { pointer in
        defer { release(pointer.pointee.chunks) }
        return body(Arena(state: pointer))
      }
    }
  }

  /// Room for `count` values of `type`, uninitialised.
  package func allocate<Element>(_ count: Int, of type: Element.Type) -> UnsafeMutablePointer<Element> {
    allocate(bytes: count * MemoryLayout<Element>.stride).bindMemory(to: type, capacity: count)
  }

  /// Room for `bytes` bytes, uninitialised.
  package func allocate(bytes: Int) -> UnsafeMutableRawPointer {
    guard let room = Self.take(bytes, from: state) else { preconditionFailure("out of memory for \(bytes) bytes") }
    return room
  }

  /// Runs `body` with protobuf-c's view of this arena.
  package func withAllocator<Result>(_ body: (UnsafeMutablePointer<ProtobufCAllocator>) -> Result) -> Result {
    var allocator = ProtobufCAllocator(
      alloc: { data, size in
        Arena.take(size, from: data!.assumingMemoryBound(to: Arena.State.self))
      },
      free: { _, _ in }, allocator_data: UnsafeMutableRawPointer(state))
    return withUnsafeMutablePointer(to: &allocator, body)
  }

  private static func take(_ size: Int, from state: UnsafeMutablePointer<State>) -> UnsafeMutableRawPointer? {
    let rounded = (size + alignment - 1) & ~(alignment - 1)
    guard rounded <= state.pointee.remainingBytes else { return nil }
    state.pointee.remainingBytes -= rounded
    let room = state.pointee.cursor
    if rounded <= state.pointee.end - room {
      state.pointee.cursor = room + rounded
      return room
    }
    return takeFromNewChunk(rounded, state)
  }

  private static func takeFromNewChunk(
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
