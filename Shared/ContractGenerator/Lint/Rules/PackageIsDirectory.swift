extension Rule {
  /// The directory is the package, and the package ends in a version.
  static let packageIsDirectory = Rule(name: "package-is-directory") { file in
    var found: [(String, String)] = []
    let directory = file.package.split(separator: ".").joined(separator: "/")
    if directory != file.directory { found.append((file.package, "belongs in proto/\(directory)")) }
    let last = file.package.split(separator: ".").last ?? ""
    if last.first != "v" || Int(last.dropFirst()) == nil {
      found.append((file.package, "must end in a version: \(file.package).v1"))
    }
    return found
  }
}
