import DispatchDomain
import Journal
import Kernel
import Persistence

/// Seals what residents and townships say, and opens it for those who take part.
struct Texts {
  let sealed: SealedTexts
  let transaction: WriteTransaction

  /// The text sealed; `nil` if there is none. What says the same as `old` stays `old`.
  func seal(_ text: String, _ kind: String, of aggregateID: String, keeping old: SealedText? = nil) throws
    -> SealedText?
  {
    guard !text.isEmpty else { return nil }
    if let old, sealed.matches(text, SealedReference(id: old.id, digest: old.digest)) { return old }
    let reference = try sealed.seal(text, kind: kind, aggregateID: aggregateID, in: transaction)
    return SealedText(id: reference.id, digest: reference.digest)
  }
}

/// A caller record as one sealed text.
struct CallerText {
  let name: String
  let phone: String
  let paperNumber: String

  init(name: String, phone: String, paperNumber: String) {
    self.name = name
    self.phone = phone
    self.paperNumber = paperNumber
  }

  init(_ text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    self.init(
      name: lines.first ?? "", phone: lines.count > 1 ? lines[1] : "", paperNumber: lines.count > 2 ? lines[2] : "")
  }

  /// Empty: nobody is named, or no telephone.
  var text: String {
    name.isEmpty || phone.isEmpty ? "" : [name, phone, paperNumber].map(Self.oneLine).joined(separator: "\n")
  }

  /// Family name only; the middle of the number hidden.
  var masked: CallerText {
    let hidden = phone.count >= 7 ? "\(phone.prefix(3))****\(phone.suffix(4))" : "****"
    return CallerText(
      name: name.isEmpty ? "" : "\(name.prefix(1))**", phone: phone.isEmpty ? "" : hidden, paperNumber: paperNumber)
  }

  private static func oneLine(_ text: String) -> String {
    String(text.map { $0 == "\n" ? " " : $0 })
  }
}
