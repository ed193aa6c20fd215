import RPC
import WireTypes

/// Sentences of the layers below, which speak English: the same in Chinese for the person at the terminal. What nobody has put
/// into words here stays as it is.
enum Technical {
  /// The sentence in the person's language.
  static func said(_ english: String) -> String {
    Terminal.language == .chinese ? chinese(english) : english
  }

  /// The sentence in Chinese.
  static func chinese(_ english: String) -> String { book.chinese(english) }

  /// What is wrong with a JSON text, in the person's language.
  static func said(_ error: ProtoJSONError) -> String {
    error.path.isEmpty ? said(error.text) : error.path + Say.of("：", ": ") + said(error.text)
  }

  private static let book = Phrasebook(sentences: connecting + securing + calling + answering + reading + framing)
}

extension Technical {
  private static let connecting: [(english: String, chinese: String)] = [
    ("cannot connect to {}: {}", "连接不上 {}：{}"),
    ("the connection to {} was lost: {}", "与 {} 的连接断开：{}"),
    ("the connection to {} was lost", "与 {} 的连接断开"),
    ("the target {} cannot be used: {}", "目标 {} 不可用：{}"),
    ("asking the name server {} is not supported", "不支持向域名服务器 {} 查询"),
    ("the name {} has no address: {}", "名称 {} 没有地址：{}"),
    ("the name has no address", "这个名称没有地址"),
    ("Name or service not known", "没有这个名称"),
    ("Temporary failure in name resolution", "域名解析暂时失败"),
    ("No address associated with hostname", "这个名称没有地址"),
    ("{} is not an address of that kind", "{} 不是这一类地址"),
    ("{} is not host:port", "{} 不是 主机:端口"),
    ("an IPv6 address is written [address]:port", "IPv6 地址应写作 [地址]:端口"),
    ("a path of 1 to 107 bytes", "路径须为 1 至 107 字节"),
    ("Connection refused", "连接被拒绝"),
    ("Connection reset by peer", "连接被对方断开"),
    ("Connection timed out", "连接超时"),
    ("No route to host", "到不了这台主机"),
    ("Network is unreachable", "网络不通"),
    ("No such file or directory", "没有这个文件或目录"),
    ("Permission denied", "没有权限"),
    ("Broken pipe", "对方已断开"),
    ("no answer in time", "没有及时应答"),
    ("it speaks TLS, not plain text", "对方使用 TLS，而非明文"),
    ("it does not speak HTTP/2 and answered \"{}\"", "对方不支持 HTTP/2，回答的是“{}”"),
    ("it does not speak HTTP/2 over TLS", "对方的 TLS 上不支持 HTTP/2"),
    ("it does not speak HTTP/2", "对方不支持 HTTP/2"),
    ("it hung up before it spoke HTTP/2{}", "HTTP/2 尚未开始，对方就断开了{}"),
    ("it hung up during the TLS handshake", "TLS 握手时对方断开了"),
    ("it hung up at once", "对方立即断开了"),
    ("it said GOAWAY with {}", "对方要求断开：{}"),
    ("it did not answer a keepalive PING", "对方没有回应连接探测"),
  ]

  private static let securing: [(english: String, chinese: String)] = [
    ("its certificate is not for {} but for nobody", "证书中没有名称 {}，也没有别的名称"),
    ("its certificate is not for {} but for {}", "证书中没有名称 {}，只有 {}"),
    ("its certificate cannot be verified", "证书无法验证"),
    ("its certificate cannot be read", "证书无法读取"),
    ("its certificate has expired", "证书已过期"),
    ("its certificate is not valid yet", "证书尚未生效"),
    ("its certificate is signed by an unknown authority", "证书由未知的机构签发（--ca 给出签发机构）"),
    ("it does not speak TLS 1.2 or later", "对方不支持 TLS 1.2 及以上"),
    ("it does not speak TLS", "对方不使用 TLS"),
    ("it wants a client certificate", "对方要求客户端证书"),
    ("it does not know the authority that signed our certificate", "对方不认签发我方证书的机构"),
    ("it finds our certificate expired", "对方说我方证书已过期"),
    ("it does not accept our certificate", "对方不接受我方证书"),
    (
      "its TLS and ours have nothing in common, or it wants a client certificate",
      "双方的 TLS 没有共同之处，或对方要求客户端证书"
    ),
    ("TLS failed: {}", "TLS 失败：{}"),
    ("TLS does not start: {}", "TLS 无法启用：{}"),
    ("it did not finish the TLS handshake in time", "对方没有及时完成 TLS 握手"),
    ("{} is no name of a server", "{} 不是服务器的名称"),
    ("the key in {} does not belong to the certificate in {}", "{} 中的私钥与 {} 中的证书不相符"),
    ("{} cannot be read", "{} 不可读"),
    ("{} has no certificate in PEM form", "{} 中没有 PEM 格式的证书"),
    ("{} has no private key in PEM form, or it is encrypted", "{} 中没有 PEM 格式的私钥，或私钥有密码"),
  ]

  private static let calling: [(english: String, chinese: String)] = [
    ("failed", "失败"),
    ("internal error", "内部错误"),
    ("the channel is closed", "连接已关闭"),
    ("the call cannot leave: {}", "调用发不出去：{}"),
    ("the caller gave the call up", "调用已放弃"),
    ("the deadline passed {}", "超过时限：{}"),
    ("the deadline passed", "超过时限"),
    ("the deadline has passed", "时限已过"),
    ("while the call waited for a connection to {}", "还没有连上 {}"),
    ("before the server answered", "服务器没有应答"),
    ("before the answer's end", "应答没有结束"),
    ("the server is shutting down", "服务器正在关闭"),
    ("there is no method {}", "没有方法 {}"),
    ("too many calls of this kind are under way", "这类调用同时进行的太多"),
    ("this process does not serve {}", "这个进程不提供 {}"),
    ("a message of {} bytes, where at most {} are taken", "消息有 {} 字节，最多接收 {}"),
    ("the {} metadata is larger than the peer takes ({} bytes)", "元数据（{}）超过对方的上限（{} 字节）"),
  ]

  private static let answering: [(english: String, chinese: String)] = [
    ("the answer is not gRPC: HTTP status {}", "应答不是 gRPC：HTTP 状态 {}"),
    ("the answer has no HTTP status", "应答没有 HTTP 状态"),
    ("the answer ended without a grpc-status", "应答结束而没有 grpc-status"),
    ("the answer has more than one grpc-status: {}", "应答有不止一个 grpc-status：{}"),
    ("the answer has the grpc-status \"{}\", which gRPC does not know: {}", "应答的 grpc-status 是“{}”，gRPC 中没有：{}"),
    ("the answer's metadata is larger than is taken", "应答的元数据过大"),
    ("the answer ended inside a message", "应答在一条消息中间结束"),
    ("the answer has more than one message", "应答不止一条消息"),
    ("the answer has no message", "应答没有消息"),
    ("the server's message cannot be read: {}", "服务器的消息无法读取：{}"),
    ("the server did not take the call", "服务器没有接受调用"),
    ("the server gave the call up", "服务器放弃了调用"),
    ("the server says: too much at once", "服务器说：一次太多"),
    ("the server finds the connection not safe enough", "服务器认为连接不够安全"),
    ("the stream ended with HTTP/2's {} instead of trailers", "流以 HTTP/2 的 {} 结束，没有尾部"),
  ]

  /// JSON that is none, or is no message.
  private static let reading: [(english: String, chinese: String)] = [
    ("not JSON: {}", "不是 JSON：{}"),
    ("{} at byte {}", "{}（第 {} 字节处）"),
    ("something follows the value", "值之后还有别的内容"),
    ("nested too deep", "嵌套太深"),
    ("the text ends too early", "内容不完整"),
    ("not a value", "不是值"),
    ("a name in quotes is missing", "缺少带引号的名称"),
    ("\"{}\" is there twice", "“{}”重复"),
    ("a colon is missing", "缺少冒号"),
    ("a comma or } is missing", "缺少逗号或 }"),
    ("a comma or ] is missing", "缺少逗号或 ]"),
    ("digits are missing", "缺少数字"),
    ("text that is not UTF-8", "不是 UTF-8 编码"),
    ("a control character in a string", "字符串中有控制字符"),
    ("the string does not end", "字符串没有结束"),
    ("no such escape", "没有这种转义"),
    ("half a surrogate pair", "代理对不完整"),
    ("four hexadecimal digits are missing", "缺少四位十六进制数字"),
    ("{} in an Any has no such field", "Any 中的 {} 没有这个字段"),
    ("{} has no such field", "{} 没有这个字段"),
    ("is there twice", "重复"),
    ("is missing", "缺少"),
    ("only one of `{}` may be set", "{} 之中只能填一个"),
    ("an object is expected", "应为对象 {…}"),
    ("an array is expected", "应为数组 […]"),
    ("true or false is expected", "应为 true 或 false"),
    ("a string is expected", "应为文字"),
    ("the text contains U+0000", "文字中含有 U+0000"),
    ("a number is expected", "应为数字"),
    ("too large for a float", "超出 float 的范围"),
    ("a whole number from {} to {} is expected", "应为 {} 至 {} 的整数"),
    ("a whole number is expected", "应为整数"),
    ("one of {} is expected", "应为其中之一：{}"),
    ("the name of a value is expected", "应为值的名称"),
    ("not base64", "不是 base64"),
    ("no key", "缺少键"),
    ("null is no value here", "这里不能是 null"),
    ("the paths of a mask are written in lowerCamel", "字段掩码的路径应写作 lowerCamel"),
    ("there is no type {}", "没有类型 {}"),
    ("the bytes are not a {}", "这些字节不是 {}"),
    ("a Value without a kind has no JSON", "没有内容的 Value 写不成 JSON"),
    ("a Value cannot be {} in JSON", "JSON 中的 Value 不能是 {}"),
    ("the path {} has no JSON", "路径 {} 写不成 JSON"),
    ("the instant lies outside the years 1 to 9999", "时刻不在公元 1 至 9999 年之内"),
    ("the seconds and nanoseconds are not a length of time", "秒和纳秒不成一段时间"),
    ("an instant like 2026-01-02T03:04:05Z is expected", "应为时刻，如 2026-01-02T03:04:05Z"),
    ("a length of time like 1.5s is expected", "应为一段时间，如 1.5s"),
  ]
  /// What stands before a sentence: a file, a field.
  private static let framing: [(english: String, chinese: String)] = [("{}: {}", "{}：{}")]
}
