import Foundation
import Glibc

/// Who backs up or restores by hand is often root, and the service is not: what is laid into a folder belongs to whom the folder
/// belongs.
enum FolderOwner {
  /// Gives `path` the owner of `folder`. `false` if that has to be and cannot.
  static func give(of folder: String, to path: String) -> Bool {
    guard geteuid() == 0, let owner = try? FileManager.default.attributesOfItem(atPath: folder),
      let user = owner[.ownerAccountID] as? NSNumber, let group = owner[.groupOwnerAccountID] as? NSNumber
    else { return true }
    return chown(path, user.uint32Value, group.uint32Value) == 0
  }

  /// The same for a folder and all that is in it, as far as its file system has owners.
  static func giveAll(of folder: String, to path: String) {
    let names = (try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? []
    for place in names.map({ "\(path)/\($0)" }) + [path] { _ = give(of: folder, to: place) }
  }
}
