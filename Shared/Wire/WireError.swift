package import Kernel

/// Why bytes are not the message they should be. All of it is the sender's fault.
package enum WireError: Error, Equatable, Sendable {
  /// Not protobuf, or not this message's.
  case malformed(message: String)
  /// A string field that is not valid UTF-8.
  case textNotUTF8(field: String)
  /// A string field that contains U+0000, which no database column of ours stores.
  case textContainsNUL(field: String)
  /// Nested deeper than `limit`.
  case tooDeep(limit: Int)
  /// More bytes than `limit`.
  case tooLarge(limit: Int)

  /// The same error seen from the enclosing message: `parties[2]` before `name`.
  package func inside(_ field: String) -> Self {
    switch self {
    case .textNotUTF8(let path): .textNotUTF8(field: field + "." + path)
    case .textContainsNUL(let path): .textContainsNUL(field: field + "." + path)
    case .malformed, .tooDeep, .tooLarge: self
    }
  }
}

extension WireError: Refusal {
  package var kind: RefusalKind {
    switch self {
    case .malformed, .textNotUTF8, .textContainsNUL, .tooDeep: .invalidArgument
    case .tooLarge: .resourceExhausted
    }
  }

  package var reasons: [Reason] {
    switch self {
    case .malformed(let message):
      [
        Reason(
          "MESSAGE_MALFORMED", zh: "请求内容无法解析。", en: "The bytes are not a valid \(message).",
          metadata: ["message": message])
      ]
    case .textNotUTF8(let field):
      [Reason("TEXT_NOT_UTF8", zh: "文字不是有效的 UTF-8 编码。", en: "The text is not valid UTF-8.", field: field)]
    case .textContainsNUL(let field):
      [Reason("TEXT_CONTAINS_NUL", zh: "文字中含有空字符。", en: "The text contains U+0000.", field: field)]
    case .tooDeep(let limit):
      [
        Reason(
          "MESSAGE_TOO_DEEP", zh: "请求嵌套超过 \(limit) 层。", en: "The message nests deeper than \(limit) levels.",
          metadata: ["limit": String(limit)])
      ]
    case .tooLarge(let limit):
      [
        Reason(
          "MESSAGE_TOO_LARGE", zh: "请求超过 \(limit) 字节。", en: "The message is larger than \(limit) bytes.",
          metadata: ["limit": String(limit)])
      ]
    }
  }
}
