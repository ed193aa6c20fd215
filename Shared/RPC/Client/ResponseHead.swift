import HTTP2
import Wire

/// What a header block of an answer means.
enum ResponseBlock: Equatable {
  /// `1xx`: the head is still to come.
  case informational
  /// The head; messages or trailers follow.
  case head(Metadata)
  /// The end of a call that succeeded.
  case success(Metadata)
  /// The end of a call that did not.
  case failure(Status)

  /// The first block of an answer (trailers, too, if nothing follows).
  static func first(_ block: HeaderBlock, isTruncated: Bool, endStream: Bool) -> Self {
    guard !isTruncated else { return .failure(tooLarge) }
    guard let status = block[":status"].flatMap({ Int($0) }) else {
      return .failure(Status(.internal, "the answer has no HTTP status"))
    }
    if (100..<200).contains(status) { return .informational }
    let isGRPC = block.firstIndex("content-type").map { block.withValue($0, RequestHead.isGRPCContentType) } ?? false
    guard status == 200, isGRPC || (endStream && block.firstIndex("grpc-status") != nil) else {
      // A proxy may say it in gRPC's own words all the same.
      if endStream, block.firstIndex("grpc-status") != nil { return trailers(block, isTruncated: false) }
      let type = block["content-type"].map { ", content-type \($0)" } ?? ""
      return .failure(Status(Code(httpStatus: status), "the answer is not gRPC: HTTP status \(status)\(type)"))
    }
    return endStream ? trailers(block, isTruncated: false) : .head(Metadata(block))
  }

  /// The last block of an answer.
  static func trailers(_ block: HeaderBlock, isTruncated: Bool) -> Self {
    guard !isTruncated else { return .failure(tooLarge) }
    guard let index = block.firstIndex("grpc-status") else {
      return .failure(Status(.unknown, "the answer ended without a grpc-status"))
    }
    if block.withValue(index, { $0.elementsEqual("0".utf8) }), isOnly(index, block) { return .success(Metadata(block)) }
    var status = self.status(index, block)
    status.metadata = Metadata(Metadata(block).shown)
    status.details = block["grpc-status-details-bin"].flatMap { Base64.decode($0) }
    if let details = status.details { (status.reasons, status.retryDelay) = StatusDetails.read(details) }
    if let delay = block["grpc-retry-pushback-ms"].flatMap({ UInt32($0) }) { status.retryDelay = .milliseconds(delay) }
    return .failure(status)
  }

  /// Of several values none counts, unless they are the same.
  private static func isOnly(_ index: Int, _ block: HeaderBlock) -> Bool {
    (index + 1..<block.count).allSatisfy { !block.isNamed($0, "grpc-status") || block.value($0) == block.value(index) }
  }

  private static func status(_ index: Int, _ block: HeaderBlock) -> Status {
    let message = block["grpc-message"].map(PercentEncoding.decode) ?? ""
    let text = block.value(index)
    guard isOnly(index, block) else { return Status(.unknown, "the answer has more than one grpc-status: \(message)") }
    let isNumber = text.utf8.allSatisfy { (48...57).contains($0) } && text.utf8.first != 48
    guard isNumber, let code = Int(text).flatMap(Code.init(rawValue:)) else {
      return Status(.unknown, "the answer has the grpc-status \"\(text)\", which gRPC does not know: \(message)")
    }
    return Status(code, message)
  }

  /// What the end of a stream without trailers means.
  static func reset(_ code: ErrorCode) -> Status {
    switch code {
    case .refusedStream: Status(.unavailable, "the server did not take the call")
    case .cancel: Status(.cancelled, "the server gave the call up")
    case .enhanceYourCalm: Status(.resourceExhausted, "the server says: too much at once")
    case .inadequateSecurity: Status(.permissionDenied, "the server finds the connection not safe enough")
    default: Status(.internal, "the stream ended with HTTP/2's \(code) instead of trailers")
    }
  }

  private static let tooLarge = Status(.resourceExhausted, "the answer's metadata is larger than is taken")
}
