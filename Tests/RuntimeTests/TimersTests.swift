import Kernel
import Synchronization
import Testing

@testable import Runtime

/// What is due is found by pages, and each thing has its turn.
@Suite struct TimersTests {
  struct Broken: Error, Equatable { let number: Int }

  /// Numbers that are due until they are done.
  final class Heap: Timers {
    private let state: Mutex<(waiting: [Int], pages: [[Int]], broken: Set<Int>)>

    init(_ waiting: [Int], broken: Set<Int> = []) { state = Mutex((waiting, [], broken)) }

    var waiting: [Int] { state.withLock { $0.waiting } }
    var pages: [[Int]] { state.withLock { $0.pages } }

    func mend() { state.withLock { $0.broken = [] } }

    func fire(at now: Timestamp) async throws -> Int {
      try await fireEach(pageSize: 3) { limit in
        state.withLock { state in
          state.pages.append(Array(state.waiting.prefix(limit)))
          return state.pages[state.pages.count - 1]
        }
      } fire: { number in
        try state.withLock { state in
          guard !state.broken.contains(number) else { throw Broken(number: number) }
          state.waiting.removeAll { $0 == number }
        }
        return 2
      }
    }

    func next() async throws -> Timestamp? { nil }
  }

  private let now = Timestamp(seconds: 0)

  @Test func `all pages are done, and what was done is counted`() async throws {
    let heap = Heap(Array(1...7))
    #expect(try await heap.fire(at: now) == 14)
    #expect(heap.pages == [[1, 2, 3], [4, 5, 6], [7]])
    #expect(try await heap.fire(at: now) == 0)
  }

  @Test func `what fails, be it more than a page, keeps nothing waiting; the first failure is told`() async throws {
    let heap = Heap(Array(1...10), broken: [2, 3, 4, 5])
    await #expect(throws: Broken(number: 2)) { try await heap.fire(at: now) }
    #expect(heap.waiting == [2, 3, 4, 5])
    #expect(heap.pages.flatMap(\.self).count { $0 == 10 } == 1, "nothing is done twice")
    heap.mend()
    #expect(try await heap.fire(at: now) == 8)
  }
}
