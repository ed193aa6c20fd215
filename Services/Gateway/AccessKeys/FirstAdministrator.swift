import Foundation
import Logging
import Runtime

/// The way into an empty system: a file whose one line is an invitation's secret, made by `huying init`. There is no default
/// password; who has not redeemed the secret in seven days gets a new file.
enum FirstAdministrator {
  /// Makes the invitation of the file at `path`, if the secret in it was never seen before.
  static func invite(fromFile path: String, _ keys: AccessKeys, _ logger: Logger) async throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw SettingError("first-administrator: there is no readable file at \(path)")
    }
    let text = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    // An administrator who is in may empty the file.
    if text.isEmpty { return }
    guard let secret = AccessSecret.bytes(of: text, prefix: AccessSecret.invitationPrefix) else {
      throw SettingError("first-administrator: \(path) does not hold hyi_ and 64 hexadecimal digits")
    }
    if try await keys.invite(firstAdministrator: secret, organisation: "county-gov") {
      logger.notice("the first administrator may redeem the secret for seven days")
    }
  }
}
