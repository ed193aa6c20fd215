import Foundation

/// Which version of the system this is.
package enum ProgramVersion {
  /// What the source is.
  static let source = "0.9.0"

  /// As backups, health and logs show it: `0.9.0`, in an image with what the image was built as, `0.9.0+2026-11`. So two images of
  /// which one is being replaced by the other can be told apart.
  package static let text = text(of: ProcessInfo.processInfo.environment["HUYING_VERSION"])

  /// With what the image says of itself, where that is a word that can stand behind a version (SemVer 2.0 §10).
  static func text(of image: String?) -> String {
    let isMeant: (UInt8) -> Bool = { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte & 0xdf) || byte == 0x2d || byte == 0x2e
    }
    guard let image, (1...64).contains(image.utf8.count), image.utf8.allSatisfy(isMeant) else { return source }
    return "\(source)+\(image)"
  }
}
