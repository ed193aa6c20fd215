extension Channel {
  /// Runs tasks on the event loop whose connection everybody but the other event loops uses: a task that prefers it makes its
  /// calls without changing threads.
  package var executor: any TaskExecutor { LoopExecutor(first.eventLoop) }
}
