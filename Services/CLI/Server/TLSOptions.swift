import ArgumentParser
import Foundation

/// How the connection is secured. Any of the flags that only make sense with TLS asks for it.
struct TLSOptions: ParsableArguments {
  @Flag(help: "Speak TLS. (Default: in the clear, unless another TLS flag, https:// or the named target asks for it.)")
  var tls = false

  @Flag(help: "Speak in the clear even if the named target is set to TLS.")
  var plaintext = false

  @Option(
    name: [.customLong("ca"), .customLong("cacert")],
    help: ArgumentHelp(
      "The authorities that sign the server's certificate. (HUYING_CA; default: the system's.)", valueName: "pem"),
    completion: .file(extensions: ["pem", "crt"]))
  var authorities: String?

  @Option(
    name: .customLong("cert"), help: ArgumentHelp("The certificate to show to the server.", valueName: "pem"),
    completion: .file(extensions: ["pem", "crt"]))
  var certificate: String?

  @Option(
    name: .customLong("key"), help: ArgumentHelp("The private key of --cert.", valueName: "pem"),
    completion: .file(extensions: ["pem", "key"]))
  var key: String?

  @Option(help: ArgumentHelp("The name that the server's certificate has to be for.", valueName: "name"))
  var serverName: String?

  @Flag(
    name: [.customLong("insecure-skip-verify"), .customLong("insecure")],
    help: "Take any certificate: encrypted, but no proof of who is at the other end.")
  var skipsVerification = false

  func validate() throws {
    if plaintext, isSecure { throw ValidationError("--plaintext does not go with TLS flags") }
    if (certificate == nil) != (key == nil) { throw ValidationError("--cert and --key go together") }
  }

  private var isSecure: Bool {
    tls || authorities != nil || certificate != nil || serverName != nil || skipsVerification
  }

  /// What the flags make of a target's own settings.
  func applied(to settings: TLSSettings?) throws(Complaint) -> TLSSettings? {
    if plaintext { return nil }
    let usual = ProcessInfo.processInfo.environment["HUYING_CA"].flatMap { $0.isEmpty ? nil : $0 }
    guard isSecure || settings != nil || usual != nil else { return nil }
    var result = settings ?? TLSSettings()
    result.authorities = authorities ?? result.authorities ?? usual
    result.certificate = certificate ?? result.certificate
    result.key = key ?? result.key
    result.serverName = serverName ?? result.serverName
    if skipsVerification { result.skipsVerification = true }
    for case let path? in [result.authorities, result.certificate, result.key]
    where !FileManager.default.isReadableFile(atPath: path) {
      throw Complaint("there is no readable file \(path)")
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
