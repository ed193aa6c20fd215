import ArgumentParser
import Dispatch
import Foundation
import Synchronization

/// Where a call's messages come from: `-d`.
struct DataOptions: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: .of(
      "请求（JSON），或 @文件，或 @-（也可写 -）表示标准输入；客户端流可接连写多个值。",
      "The request as JSON, @FILE, or @- (also -) for standard input; many values, one after another, for a client stream.",
      as: "json"))
  var data: String?

  /// The values' source; without `-d` one empty message.
  func input() throws(Complaint) -> RequestInput {
    switch data {
    case nil: return RequestInput(text: "{}")
    case "-", "@-": return RequestInput(descriptor: STDIN_FILENO)
    case let data? where data.hasPrefix("@"):
      let path = String(data.dropFirst())
      let descriptor = open(path, O_RDONLY)
      guard descriptor >= 0 else { throw Complaint.unreadable(path) }
      return RequestInput(descriptor: descriptor)
    case let data?: return RequestInput(text: data)
    }
  }
}

/// JSON values as they arrive. Reading waits on a thread of its own, so that a call that has ended does not wait for a person
/// who types; cancelling the reading task gives it up.
final class RequestInput: Sendable {
  private struct State {
    var sequence = JSONSequence()
    var ready: [JSONSequence.Value] = []
    var isAtEnd = false
    var waiter: CheckedContinuation<Void, Never>?
  }

  private let state = Mutex(State())
  private let descriptor: Int32?
  private let queue = DispatchQueue(label: "huying.input")

  init(text: String) {
    descriptor = nil
    state.withLock { state in
      state.ready = state.sequence.append(text.utf8).reversed()
      if let last = state.sequence.finish() { state.ready.insert(last, at: 0) }
      state.isAtEnd = true
    }
  }

  init(descriptor: Int32) { self.descriptor = descriptor }

  /// The next value; `nil` after the last, or when the task is cancelled.
  func next() async -> JSONSequence.Value? {
    while true {
      let taken: (value: JSONSequence.Value?, isAtEnd: Bool) = state.withLock { ($0.ready.popLast(), $0.isAtEnd) }
      if let value = taken.value { return value }
      if taken.isAtEnd || Task.isCancelled { return nil }
      await fill()
    }
  }

  /// All values there are.
  func all() async -> [JSONSequence.Value] {
    var values: [JSONSequence.Value] = []
    while let value = await next() { values.append(value) }
    return values
  }

  /// Waits for the next piece.
  private func fill() async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isGiven = state.withLock { state in
          if Task.isCancelled { return false }
          state.waiter = continuation
          return true
        }
        guard isGiven else { return continuation.resume() }
        queue.async { self.readOnce() }
      }
    } onCancel: {
      wake()
    }
  }

  private func readOnce() {
    guard let descriptor else { return }
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    var count = read(descriptor, &buffer, buffer.count)
    while count < 0, errno == EINTR { count = read(descriptor, &buffer, buffer.count) }
    state.withLock { state in
      var values: [JSONSequence.Value] = []
      if count > 0 {
        values = state.sequence.append(buffer[..<count])
      } else {
        state.isAtEnd = true
        if let last = state.sequence.finish() { values = [last] }
      }
      state.ready = values.reversed() + state.ready
    }
    wake()
  }

  private func wake() {
    let waiter = state.withLock { state in
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume()
  }
}
