import Foundation
import Kernel
import RPC
import Wire
import WireTypes

/// A status for people and programs, with its details as far as their types are known.
enum StatusReport {
  /// `{"code": 5, "status": "NOT_FOUND", "message": …, "details": […]}`
  static func json(_ status: Status, _ json: ProtoJSON) -> JSONValue {
    .object([
      .init("code", .number("\(status.code.rawValue)")), .init("status", .string(status.code.name)),
      .init("message", .string(status.message)), .init("details", .array(details(status, json))),
    ])
  }

  /// The details one by one; what cannot be read is shown as it came.
  private static func details(_ status: Status, _ json: ProtoJSON) -> [JSONValue] {
    guard let bytes = status.details else { return [] }
    guard let decoded = try? GoogleRPC.Status(decoding: bytes) else {
      return [.object([.init("value", .string(Data(bytes).base64EncodedString()))])]
    }
    return decoded.details.map { detail in
      if let type = json.pool.message(named: "google.protobuf.Any"),
        let message = try? DynamicMessage(decoding: detail.encoded(), as: type), let value = try? json.json(message)
      {
        return value
      }
      return .object([
        .init("@type", .string(detail.typeURL)), .init("value", .string(Data(detail.value).base64EncodedString())),
      ])
    }
  }

  /// Whether the details are those of our own services, whose reasons are sentences for people.
  private static func isOurs(_ status: Status) -> Bool {
    guard let bytes = status.details, let decoded = try? GoogleRPC.Status(decoding: bytes) else {
      return !status.reasons.isEmpty
    }
    return decoded.details.contains { detail in
      detail.typeURL.hasSuffix("/" + GoogleRPC.ErrorInfo.fullName)
        && (try? GoogleRPC.ErrorInfo(decoding: detail.value))?.domain == "huying"
    }
  }

  /// A head line with code and message, and one line a detail.
  static func lines(_ status: Status, _ json: ProtoJSON) -> [String] {
    if isOurs(status) { return StatusText.lines(status) }
    return ["\(StatusText.sentence(status)) [\(status.code.name)]"] + details(status, json).map { "  \($0.compact)" }
  }
}
