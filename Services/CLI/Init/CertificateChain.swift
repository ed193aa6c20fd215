import SwiftASN1
import X509

/// The certificates of a PEM file, in its order. The first one is the server's own, the others say who signed it.
struct CertificateChain {
  /// How a key and a chain stand to each other.
  enum KeyFit {
    case own
    case another
    /// It is no private key in PEM form, or it is encrypted.
    case noKey
  }

  let certificates: [Certificate]

  /// Throws what the library says of a certificate that is none; what else lies in the file is passed over.
  init(pem text: String) throws {
    certificates = try PEMDocument.parseMultiple(pemString: text).filter { $0.discriminator == "CERTIFICATE" }
      .map(Certificate.init(pemDocument:))
  }

  var leaf: Certificate? { certificates.first }

  /// Those that signed themselves: only they are trusted by whoever is given this file.
  var authorities: [Certificate] { certificates.filter { $0.issuer == $0.subject } }

  /// Whether the private key of a PEM text is the leaf's.
  func fit(ofKey pem: String) -> KeyFit {
    // `openssl ecparam -genkey` writes the curve's parameters before the key.
    let documents = (try? PEMDocument.parseMultiple(pemString: pem)) ?? []
    guard let document = documents.first(where: { $0.discriminator.hasSuffix("PRIVATE KEY") }),
      let key = try? Certificate.PrivateKey(pemDocument: document)
    else { return .noKey }
    return key.publicKey == leaf?.publicKey ? .own : .another
  }
}
