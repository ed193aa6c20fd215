import DequeModule

/// The tasks on which an event loop's handlers run. A task takes one call after the other, because making one costs as much as
/// all the rest of a small call.
///
/// ```
/// call ──add──▶ ready ──run──▶ a free task takes it ──handler returns──▶ takes the next, or is free again
///                                    │ its call was cancelled: the task ends with it, since cancellation stays
/// ```
/// A handler that does not wait has returned when `run` does. `@unchecked`: lives on its event loop.
final class HandlerTasks: @unchecked Sendable {
  /// Free tasks that are kept: more are only needed while more handlers than that wait at the same time.
  static let maximumFree = 64

  private unowned let executor: LoopExecutor
  private var ready = Deque<ServerCall>()
  private var free: [HandlerTask] = []
  private var isRetired = false

  init(_ executor: LoopExecutor) { self.executor = executor }

  /// The call's handler is to run.
  func add(_ call: ServerCall) { ready.append(call) }

  /// Runs what is ready, each until it waits.
  func run() {
    while let call = ready.first {
      if !call.needsTask {
        ready.removeFirst()
        call.runAtOnce()
      } else if let task = free.popLast() {
        task.wake()
        executor.runJobs()
      } else {
        start(HandlerTask())
      }
    }
  }

  /// No calls come any more: lets the free tasks end.
  func retire() {
    isRetired = true
    for task in free { task.wake() }
    free = []
  }

  private func start(_ task: HandlerTask) {
    task.task = Task.immediate(executorPreference: executor) {
      while !Task.isCancelled {
        while let call = self.ready.popFirst() {
          if let handler = call.begin(on: task) {
            do {
              if call.isToBeAdmitted { try await call.admit() }
              try await handler.run(call, ServerContext(call))
              call.finish(nil)
            } catch {
              call.finish(Status(error))
            }
          }
          if Task.isCancelled { return }
        }
        guard !self.isRetired, self.free.count < Self.maximumFree else { return }
        await withUnsafeContinuation { continuation in
          task.continuation = continuation
          self.free.append(task)
        }
      }
    }
  }
}

/// One task that runs handlers. `@unchecked`: lives on its event loop.
final class HandlerTask: @unchecked Sendable {
  fileprivate var task: Task<Void, Never>?
  fileprivate var continuation: UnsafeContinuation<Void, Never>?

  /// Cancels the handler that it runs.
  func cancel() { task?.cancel() }

  fileprivate func wake() {
    let waiting = continuation
    continuation = nil
    waiting?.resume()
  }
}
