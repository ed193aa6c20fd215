import GRPCTestingContract
import RPC

extension InteropCase {
  static let endings = [
    InteropCase("cancel_after_begin") { peer in
      let call = peer.client.streamingInputCall(options: peer.options())
      call.responses.call.cancel()
      try await requireStatus(.cancelled, of: "StreamingInputCall") { _ = try await call.response() }
    },
    InteropCase("cancel_after_first_response") { peer in
      let call = peer.client.fullDuplexCall(options: peer.options())
      try await call.send(.init(responseParameters: [.init(size: 31_415)], payload: .zeros(27_182)))
      try requireZeros(try await call.responses.next()?.payload, 31_415, in: "the answer")
      call.responses.call.cancel()
      try await requireStatus(.cancelled, of: "FullDuplexCall") { _ = try await call.responses.next() }
    },
    InteropCase("timeout_on_sleeping_server") { peer in
      let call = peer.client.fullDuplexCall(options: CallOptions(timeout: .milliseconds(1)))
      try await requireStatus(.deadlineExceeded, of: "FullDuplexCall") {
        try await call.send(.init(payload: .zeros(27_182)))
        _ = try await call.responses.next()
      }
    },
  ]
}
