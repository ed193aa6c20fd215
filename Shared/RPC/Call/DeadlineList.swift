import NIOCore

/// Something that ends by itself at an instant.
protocol Expiring: AnyObject {
  var deadline: ContinuousClock.Instant? { get }
  /// Where it stands in its list; `nil`: in none. The list's own.
  var deadlinePosition: Int? { get set }
  func expire()
}

/// The deadlines of one event loop, under one timer: a call comes and goes without touching the loop's own timers, whose removal
/// takes longer the more there are.
///
/// A binary heap. Lives on its loop.
final class DeadlineList {
  private let eventLoop: any EventLoop
  private var heap: [any Expiring] = []
  private var timer: Scheduled<Void>?
  private var timerInstant: ContinuousClock.Instant?

  init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

  var count: Int { heap.count }

  func add(_ item: any Expiring) {
    guard let deadline = item.deadline, item.deadlinePosition == nil else { return }
    item.deadlinePosition = heap.count
    heap.append(item)
    moveUp(heap.count - 1)
    if timerInstant.map({ deadline < $0 }) ?? true { arm(deadline) }
  }

  /// The timer stays as it is: it finds nothing to do and looks for the next.
  func remove(_ item: any Expiring) {
    guard let position = item.deadlinePosition else { return }
    item.deadlinePosition = nil
    let last = heap.removeLast()
    guard position < heap.count else { return }
    heap[position] = last
    last.deadlinePosition = position
    moveUp(position)
    moveDown(last.deadlinePosition ?? position)
  }

  private func arm(_ instant: ContinuousClock.Instant) {
    timer?.cancel()
    timerInstant = instant
    let rest = TimeAmount(max(.zero, ContinuousClock.now.duration(to: instant)))
    timer = eventLoop.assumeIsolated().scheduleTask(in: rest) { self.fire() }
  }

  private func fire() {
    timer = nil
    timerInstant = nil
    let now = ContinuousClock.now
    while let first = heap.first, let deadline = first.deadline {
      guard deadline <= now else { return arm(deadline) }
      remove(first)
      first.expire()
    }
  }

  private func isEarlier(_ left: Int, _ right: Int) -> Bool {
    guard let left = heap[left].deadline, let right = heap[right].deadline else { return false }
    return left < right
  }

  private func swap(_ left: Int, _ right: Int) {
    heap.swapAt(left, right)
    heap[left].deadlinePosition = left
    heap[right].deadlinePosition = right
  }

  private func moveUp(_ start: Int) {
    var index = start
    while index > 0, isEarlier(index, (index - 1) / 2) {
      swap(index, (index - 1) / 2)
      index = (index - 1) / 2
    }
  }

  private func moveDown(_ start: Int) {
    var index = start
    while true {
      var least = index
      for child in [2 * index + 1, 2 * index + 2] where child < heap.count && isEarlier(child, least) { least = child }
      guard least != index else { return }
      swap(index, least)
      index = least
    }
  }
}
