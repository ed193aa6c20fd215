import Crypto
import Foundation
import SwiftASN1
import X509

/// How long certificates hold, and whether each has its key.
enum CertificateCheck {
  /// A renewal takes people; this is the notice that they get.
  static let noticeDays = 30

  /// Every certificate in the folder's PEM files.
  static func findings(in folder: String, now: Date = Date()) -> [Finding] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".pem") || $0.hasSuffix(".crt") }.sorted().flatMap { name -> [Finding] in
      guard let text = try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8) else {
        return [Finding(.skipped, .certificate, name, Say.of("无权读取", "may not be read from here"))]
      }
      return findings(name, pem: text, now: now) + keyFinding(name, pem: text, in: folder)
    }
  }

  /// One file may hold a chain; what is no certificate is left out.
  static func findings(_ name: String, pem text: String, now: Date) -> [Finding] {
    guard let documents = try? PEMDocument.parseMultiple(pemString: text), !documents.isEmpty else {
      return [
        Finding(
          .failure, .certificate, name, Say.of("不是 PEM 文件", "is no PEM file"),
          remedy: Say.of("重新放置证书文件", "put the certificate there again"))
      ]
    }
    return documents.filter { $0.discriminator == "CERTIFICATE" }.map { document in
      guard let certificate = try? Certificate(pemDocument: document) else {
        return Finding(
          .failure, .certificate, name, Say.of("证书无法读取", "holds something that is no certificate"),
          remedy: Say.of("重新放置证书文件", "put the certificate there again"))
      }
      return finding(name, certificate, now: now)
    }
  }

  static func finding(_ name: String, _ certificate: Certificate, now: Date) -> Finding {
    let end = certificate.notValidAfter
    let days = Int((end.timeIntervalSince(now) / 86_400).rounded(.down))
    let day = end.formatted(.iso8601.year().month().day())
    let renew =
      "\(certificate.issuer)".contains(GatewayCertificate.authorityName)
      ? Say.of("huying init 目录 --renew certificate", "huying init DIR --renew certificate")
      : Say.of(
        "向签发机构申请新证书，覆盖 secrets/ 中的 gateway-certificate.pem 和 gateway-key.pem",
        "ask its authority for a new one, and put it over gateway-certificate.pem and gateway-key.pem in secrets/")
    if now < certificate.notValidBefore {
      return Finding(
        .failure, .certificate, name, Say.of("尚未生效", "is not valid yet"),
        remedy: Say.of("检查本机时间和证书", "look at this machine's clock, and at the certificate"))
    }
    if now > end {
      return Finding(.failure, .certificate, name, Say.of("已于 \(day) 过期", "expired on \(day)"), remedy: renew)
    }
    let left = Say.of("\(days) 天后到期（\(day)）", "ends in \(days) days (\(day))")
    return days < noticeDays
      ? Finding(.warning, .certificate, name, left, remedy: renew) : Finding(.fine, .certificate, name, left)
  }

  /// Whether the key beside a certificate is its own: `gateway-certificate.pem` has `gateway-key.pem`.
  private static func keyFinding(_ name: String, pem: String, in folder: String) -> [Finding] {
    guard name.contains("certificate") else { return [] }
    let keyName = name.replacing("certificate", with: "key")
    guard let keyText = try? String(contentsOfFile: "\(folder)/\(keyName)", encoding: .utf8),
      let chain = try? CertificateChain(pem: pem), chain.leaf != nil
    else { return [] }
    switch chain.fit(ofKey: keyText) {
    case .own: return [Finding(.fine, .certificate, keyName, Say.of("与证书相符", "is the certificate's own"))]
    case .another:
      return [
        Finding(
          .failure, .certificate, keyName, Say.of("与 \(name) 不相符", "is not the key of \(name)"),
          remedy: Say.of("换上同时签发的一对文件", "put the two files there that were made together"))
      ]
    case .noKey:
      return [
        Finding(
          .failure, .certificate, keyName,
          Say.of("其中没有未加密的 PEM 私钥", "holds no private key in PEM form that is not encrypted"),
          remedy: Say.of("openssl pkey -in 原文件 -out \(keyName)", "openssl pkey -in FILE -out \(keyName)"))
      ]
    }
  }
}
