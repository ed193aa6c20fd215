import DisputeDomain
import Journal
import Synchronization
import TextSearch

/// Hashes of tokens under the service's key: 32 bits, too few to be unique and enough to find and compare.
///
/// The commonest are remembered while the process runs, in memory only.
final class TokenKeys: Sendable {
  private let cryptography: Cryptography
  private let known = Mutex<[UInt64: UInt32]>([:])

  /// About four megabytes of them; then from the beginning.
  private static let limit = 100_000

  init(_ cryptography: Cryptography) { self.cryptography = cryptography }

  func fingerprint(_ texts: [NormalizedText]) -> Fingerprint { Fingerprint(texts, keyed: key) }

  func key(_ text: NormalizedText, _ token: Token) -> UInt32 {
    if let known = known.withLock({ $0[token.key] }) { return known }
    let digest = cryptography.hmac("search token", Array(text.text(of: token).utf8))
    let key = digest.prefix(4).reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
    known.withLock { known in
      if known.count >= Self.limit { known.removeAll(keepingCapacity: true) }
      known[token.key] = key
    }
    return key
  }

  /// Stands for a person (name and telephone) or an organisation (its name) without naming it; `nil` without a name.
  func partyKey(name: String, phone: String, isOrganisation: Bool) -> [UInt8]? {
    let name = NormalizedText(name).text
    guard !name.isEmpty else { return nil }
    if isOrganisation { return cryptography.hmac("party organisation", Array(name.utf8)) }
    let digits = String(phone.unicodeScalars.filter { ("0"..."9").contains($0) })
    return cryptography.hmac("party person", Array("\(name)\u{0}\(digits)".utf8))
  }
}
