/// What a restore writes beside a file's name until all its files are whole.
package enum RestoreDraft {
  /// After the file's own name. While such a one lies there without the file, nothing new is made in the file's place.
  package static let ending = ".restoring"
}
