import Foundation

/// A disk with little room, for a process alone: a tmpfs in a mount namespace of its own, gone with the process.
package enum SmallDisk {
  /// `unshare`, with a user namespace where we are nobody special.
  private static let unshare = getuid() == 0 ? ["-m"] : ["-rm"]

  /// The words before a program that give it `place` as such a disk, with what lies in `source` on it.
  static func command(_ mebibytes: Int, at place: String, from source: String) -> [String] {
    let script =
      "mount -t tmpfs -o size=\(mebibytes)m,mode=0700 tmpfs \"$0\" && cp -a \"$1\"/. \"$0\" && shift && exec \"$@\""
    return ["/usr/bin/unshare"] + unshare + ["/bin/sh", "-c", script, place, source]
  }

  /// The words before a program for which `place` may not be written.
  package static func readOnly(_ place: String) -> [String] {
    let script = "mount --bind \"$0\" \"$0\" && mount -o remount,ro,bind \"$0\" && exec \"$@\""
    return ["/usr/bin/unshare"] + unshare + ["/bin/sh", "-c", script, place]
  }

  /// Whether this system lets us: containers often do not.
  package static let isPossible: Bool = {
    let trial = Process()
    trial.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
    trial.arguments = unshare + ["/bin/sh", "-c", "mount -t tmpfs -o size=1m tmpfs /mnt"]
    trial.standardError = FileHandle.nullDevice
    guard (try? trial.run()) != nil else { return false }
    trial.waitUntilExit()
    return trial.terminationStatus == 0
  }()

  /// The words before a program that take away what lets an administrator write to what may not be written; none where we have no
  /// such right.
  package static var unprivileged: [String] {
    getuid() == 0 ? ["/usr/bin/setpriv", "--bounding-set=-all", "--inh-caps=-all"] : []
  }
}
