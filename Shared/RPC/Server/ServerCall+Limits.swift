import HTTP2
import Kernel
import NIOCore

/// What a call may hold, how long it may wait for its caller, and whose turn it is.
extension ServerCall {
  /// Counts what has come: `bytes` off the wire, and what some of them became when they were `unpacked`.
  func hold(_ bytes: Int, _ unpacked: Int) throws(Status) {
    // A handler that takes one message begins when the request has ended: until then a second one would only be kept.
    if phase == .receiving, inbox.count > 1 {
      throw Status(.unimplemented, "the request has more than one message")
    }
    held += bytes + unpacked
    connection.requests.hold(bytes + unpacked)
    // A window of packed messages may be a thousand times as large unpacked.
    if unpacked > 0, connection.requests.isOverfull {
      throw Status(.resourceExhausted, "the messages that wait to be read are too large, unpacked")
    }
  }

  /// Gives the caller `count` bytes of its window back, unless the connection's requests hold too much already.
  func give(_ count: Int) { stream.consume(connection.requests.release(count, of: self)) }

  func letGo(of count: Int) {
    held -= count
    let isDone = inbox.count == 0 && assembler.isBetweenMessages
    for (call, bytes) in connection.requests.take(count, of: self, isDone: isDone) {
      call.stream.consume(bytes)
      connection.handler.setNeedsDrain()
    }
  }

  /// Nothing has moved for long: ends the call if it is the peer that it waits for.
  func stall() {
    if isSettled {
      stream.reset(.cancel)
    } else if phase == .receiving {
      fail(Status(.cancelled, "the rest of the request did not come"))
    } else if stream.waitingBytes > 0 {
      fail(Status(.cancelled, "the caller does not read"))
    }
  }

  /// Whether the handler may run now. If not, the call waits for its turn or is refused.
  func enter(_ handler: MethodHandler) -> Bool {
    let core = connection.core
    switch connection.executor.lanes.enter(self, handler.lane, core.limits[handler.methodClass.rawValue]) {
    case .runs: isAdmitted = true
    case .waits: break
    case .refused(let delay):
      isWithoutRoom = true
      let hint = OverloadReply.hint(delay)
      finish(Status(.resourceExhausted, Reason.overloaded.english, reasons: [.overloaded], retryDelay: hint))
    }
    return isAdmitted
  }

  /// The trailers for `status`, in at most `room` bytes.
  func trailers(_ status: Status?, _ trailing: Metadata, room: Int) -> HeaderBlock {
    let isChinese = status != nil && AcceptLanguage.prefersChinese(metadata.values("accept-language"))
    guard let status, isWithoutRoom, trailing.isEmpty, room >= ReplyBlocks.maximumTrailerBytes else {
      return ReplyBlocks.trailers(status, trailing, isChinese: isChinese, room: room)
    }
    return connection.executor.overloadReply.trailers(status, isChinese: isChinese)
  }

  /// `isDone`: it was neither given up nor refused further on.
  func leave(isDone: Bool) {
    guard let handler else { return }
    isAdmitted = false
    let executor = connection.executor
    let next = executor.lanes.leave(handler.lane, connection.core.limits[handler.methodClass.rawValue], isDone: isDone)
    guard !next.isEmpty else { return }
    for call in next {
      call.isAdmitted = call.isWanted
      executor.handlers.add(call)
    }
    // Whoever has just finished may have been cancelled, and takes no further calls.
    executor.eventLoop.execute {
      executor.handlers.run()
      executor.runJobs()
    }
  }

}

extension ServerCall: LaneUser {
  var isWanted: Bool { !isSettled }

  func canWait(_ time: Duration) -> Bool { deadline.map { .now + time < $0 } ?? true }
}

extension Code {
  /// Whether a call that ended so was given up, or refused further on.
  var isUndone: Bool {
    switch self {
    case .cancelled, .deadlineExceeded, .resourceExhausted, .unavailable: true
    default: false
    }
  }
}

extension Reason {
  static let overloaded = Reason(
    "OVERLOADED", zh: "系统繁忙，请求未处理，请稍后再试。", en: "The system is busy and has not begun with this; try again later.")
}
