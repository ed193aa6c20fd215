/// Which version of the system this is.
package enum ProgramVersion {
  /// As backups, health and logs show it.
  package static let text = "0.9.0"
}
