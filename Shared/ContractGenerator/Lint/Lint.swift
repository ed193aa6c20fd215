/// A rule that a contract breaks.
struct Problem: Equatable, CustomStringConvertible {
  /// `huying/dispute/v1/case.proto`
  let file: String
  /// The full name of what is wrong.
  let subject: String
  /// What is wrong, and what would be right.
  let text: String

  var description: String { "\(file): \(subject): \(text)" }
}

/// One rule: looks at a file, and at the others where it has to.
struct Rule: Sendable {
  let name: String
  let check: @Sendable (ProtoFile, Schema) -> [Problem]
}

/// All rules (style §3.11); the public google and grpc contracts are exempt.
enum Lint {
  static let rules: [Rule] = []

  static func problems(of schema: Schema) -> [Problem] {
    schema.files.filter { $0.package.hasPrefix("huying.") }.flatMap { file in
      rules.flatMap { $0.check(file, schema) }
    }
  }
}
