import DequeModule
import Glibc
import NIOCore
import Synchronization

/// Runs tasks on one event loop, so that a handler never leaves the thread its connection lives on.
///
/// `@unchecked`: `jobs` and `isScheduled` are touched on the loop only.
final class LoopExecutor: TaskExecutor, @unchecked Sendable {
  let eventLoop: any EventLoop
  /// What happens on the loop.
  let tally = Tally()
  private var jobs = Deque<UnownedJob>()
  private var isScheduled = false
  /// The deadlines of the loop's calls.
  private(set) lazy var deadlines = DeadlineList(eventLoop)
  /// Who runs handlers on the loop.
  private(set) lazy var handlers = HandlerTasks(self)
  /// Who may run on the loop.
  private(set) lazy var lanes = Lanes()
  /// Answers to those for whom there is no room.
  var overloadReply = OverloadReply()

  /// The loop's thread, once known.
  private let thread = Atomic<UInt>(0)

  init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

  /// Whether we are on the loop. Asked several times per call, so the answer is cheap once the thread is known.
  var isCurrent: Bool {
    let own = UInt(pthread_self())
    let known = thread.load(ordering: .relaxed)
    if known != 0 { return known == own }
    guard eventLoop.inEventLoop else { return false }
    thread.store(own, ordering: .relaxed)
    return true
  }

  /// Runs `body` on the loop: at once when already there.
  func run(_ body: @escaping @Sendable () -> Void) {
    if isCurrent { body() } else { eventLoop.execute(body) }
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    if isCurrent {
      append(job)
    } else {
      eventLoop.execute { self.append(job) }
    }
  }

  private func append(_ job: UnownedJob) {
    jobs.append(job)
    guard !isScheduled else { return }
    isScheduled = true
    eventLoop.execute {
      self.isScheduled = false
      self.runJobs()
    }
  }

  /// Runs what waits now. What those jobs enqueue comes in a later turn, so that they cannot starve the loop.
  func runJobs() {
    for _ in 0..<jobs.count {
      guard let job = jobs.popFirst() else { return }
      job.runSynchronously(on: asUnownedTaskExecutor())
    }
    if !jobs.isEmpty, !isScheduled {
      isScheduled = true
      eventLoop.execute {
        self.isScheduled = false
        self.runJobs()
      }
    }
  }
}

extension EventLoop {
  /// Runs `body` on the loop: at once when already there.
  func run(_ body: @escaping @Sendable () -> Void) {
    if inEventLoop { body() } else { execute(body) }
  }
}
