/// Where a free text lies sealed: decisions know that it is there and whether it changed, never what it says.
package struct SealedText: Hashable, Sendable {
  package let id: String
  /// A keyed hash of the text: equal texts have equal digests.
  package let digest: [UInt8]

  package init(id: String, digest: [UInt8]) {
    self.id = id
    self.digest = digest
  }
}
