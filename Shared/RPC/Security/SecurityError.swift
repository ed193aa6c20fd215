import Glibc
import NIOSSL

/// Why there is no secure connection, in one sentence; "it" is the other side.
package struct SecurityError: Error, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }

  /// What went wrong between the other side and us. `certificate` is what it showed, if it came so far.
  init(_ error: any Error, certificate: NIOSSLCertificate?) {
    if let error = error as? SecurityError {
      self = error
      return
    }
    let text = "\(error)"
    if text.contains("CERTIFICATE_VERIFY_FAILED") {
      self.init(Self.refusal(of: certificate))
    } else {
      self.init(Self.meanings.first { text.contains($0.key) }?.value ?? "TLS failed: \(text)")
    }
  }

  /// BoringSSL's names for what the other side does or says, and what they mean to a client.
  private static let meanings: KeyValuePairs = [
    "WRONG_VERSION_NUMBER": "it does not speak TLS",
    "HTTP_REQUEST": "it does not speak TLS",
    "ALERT_CERTIFICATE_REQUIRED": "it wants a client certificate",
    "ALERT_UNKNOWN_CA": "it does not know the authority that signed our certificate",
    "ALERT_CERTIFICATE_EXPIRED": "it finds our certificate expired",
    "ALERT_BAD_CERTIFICATE": "it does not accept our certificate",
    "ALERT_CERTIFICATE_UNKNOWN": "it does not accept our certificate",
    "ALERT_UNSUPPORTED_CERTIFICATE": "it does not accept our certificate",
    "ALERT_DECRYPT_ERROR": "it does not accept our certificate",
    "ALERT_PROTOCOL_VERSION": "it does not speak TLS 1.2 or later",
    "UNSUPPORTED_PROTOCOL": "it does not speak TLS 1.2 or later",
    "NO_APPLICATION_PROTOCOL": "it does not speak HTTP/2 over TLS",
    "ALERT_HANDSHAKE_FAILURE": "its TLS and ours have nothing in common, or it wants a client certificate",
    "EOF during handshake": "it hung up during the TLS handshake",
  ]

  private static func refusal(of certificate: NIOSSLCertificate?) -> String {
    guard let certificate else { return "its certificate cannot be verified" }
    let now = time(nil)
    if certificate.notValidAfter < now { return "its certificate has expired" }
    if certificate.notValidBefore > now { return "its certificate is not valid yet" }
    return "its certificate is signed by an unknown authority"
  }
}
