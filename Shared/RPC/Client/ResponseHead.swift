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
    guard let text = block["grpc-status"] else {
      return .failure(Status(.unknown, "the answer ended without a grpc-status"))
    }
    if text == "0" { return .success(Metadata(block)) }
    var status = Status(Int(text).flatMap(Code.init(rawValue:)) ?? .unknown, "")
    status.message = block["grpc-message"].map(PercentEncoding.decode) ?? ""
    status.metadata = Metadata(Metadata(block).shown)
    status.details = block["grpc-status-details-bin"].flatMap { Base64.decode($0) }
    if let details = status.details { (status.reasons, status.retryDelay) = StatusDetails.read(details) }
    if let delay = block["grpc-retry-pushback-ms"].flatMap({ UInt32($0) }) { status.retryDelay = .milliseconds(delay) }
    return .failure(status)
  }

  /// What the end of a stream without trailers means.
  static func reset(_ code: ErrorCode) -> Status {
    switch code {
    case .refusedStream: Status(.unavailable, "the server did not take the call")
    case .cancel: Status(.cancelled, "the server gave the call up")
    case .enhanceYourCalm: Status(.resourceExhausted, "the server says: too much at once")
    default: Status(.internal, "the server ended the stream with HTTP/2 error \(code.rawValue)")
    }
  }

  private static let tooLarge = Status(.resourceExhausted, "the answer's metadata is larger than is taken")
}
