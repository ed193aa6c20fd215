extension Rule {
  /// A service has its file to itself, and the file has its name.
  static let oneServicePerFile = Rule(name: "one-service-per-file") { file in
    guard let first = file.services.first else { return [] }
    if file.services.count > 1 { return file.services.dropFirst().map { ($0.fullName, "needs a file of its own") } }
    let expected = SwiftNames.upperSnake(first.name).lowercased()
    return file.stem == expected ? [] : [(first.fullName, "belongs in \(expected).proto")]
  }
}
