import ArgumentParser
import Foundation

/// How the connection is secured. Any of the flags that only make sense with TLS asks for it.
struct TLSOptions: ParsableArguments {
  @Flag(
    help: .of(
      "使用 TLS。（缺省为明文，除非另有 TLS 选项、https:// 或名称所设）",
      "Speak TLS. (Default: in the clear, unless another TLS flag, https:// or the named target asks for it.)"))
  var tls = false

  @Flag(help: .of("即使名称设为 TLS 也用明文。", "Speak in the clear even if the named target is set to TLS."))
  var plaintext = false

  @Option(
    name: [.customLong("ca"), .customLong("cacert")],
    help: .of(
      "签发服务器证书的机构。（HUYING_CA；缺省为系统的）",
      "The authorities that sign the server's certificate. (HUYING_CA; default: the system's.)",
      as: "pem"),
    completion: .file(extensions: ["pem", "crt"]))
  var authorities: String?

  @Option(
    name: .customLong("cert"), help: .of("向服务器出示的证书。", "The certificate to show to the server.", as: "pem"),
    completion: .file(extensions: ["pem", "crt"]))
  var certificate: String?

  @Option(
    name: .customLong("key"), help: .of("--cert 的私钥。", "The private key of --cert.", as: "pem"),
    completion: .file(extensions: ["pem", "key"]))
  var key: String?

  @Option(
    help: .of(
      "服务器证书须含的名称。（HUYING_SERVER_NAME；缺省为所连的主机）",
      "The name that the server's certificate has to be for. (HUYING_SERVER_NAME; default: the host.)", as: "name"))
  var serverName: String?

  @Flag(
    name: [.customLong("insecure-skip-verify"), .customLong("insecure")],
    help: .of("不验证证书：加密，但不能确认对方是谁。", "Take any certificate: encrypted, but no proof of who is at the other end."))
  var skipsVerification = false

  func validate() throws {
    if plaintext, isSecure {
      throw ValidationError(Say.of("--plaintext 不能与 TLS 选项合用", "--plaintext does not go with TLS flags"))
    }
    if (certificate == nil) != (key == nil) {
      throw ValidationError(Say.of("--cert 与 --key 须同时给出", "--cert and --key go together"))
    }
  }

  private var isSecure: Bool {
    tls || authorities != nil || certificate != nil || serverName != nil || skipsVerification
  }

  /// What the flags make of a target's own settings.
  func applied(to settings: TLSSettings?) throws(Complaint) -> TLSSettings? {
    if plaintext { return nil }
    func variable(_ name: String) -> String? {
      ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
    let usual = variable("HUYING_CA")
    guard isSecure || settings != nil || usual != nil else { return nil }
    var result = settings ?? TLSSettings()
    result.authorities = authorities ?? result.authorities ?? usual
    result.certificate = certificate ?? result.certificate
    result.key = key ?? result.key
    result.serverName = serverName ?? result.serverName ?? variable("HUYING_SERVER_NAME")
    if skipsVerification { result.skipsVerification = true }
    for case let path? in [result.authorities, result.certificate, result.key]
    where !FileManager.default.isReadableFile(atPath: path) {
      throw Complaint.unreadable(path)
    }
    return result
  }
}

/// How TLS is spoken with a server: files by path, nothing secret in it.
struct TLSSettings: Codable, Equatable, Sendable {
  var authorities: String?
  var certificate: String?
  var key: String?
  var serverName: String?
  var skipsVerification: Bool?
}
