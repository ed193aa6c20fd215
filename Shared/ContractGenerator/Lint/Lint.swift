/// A rule that a contract breaks.
struct Problem: Equatable, CustomStringConvertible {
  /// `huying/dispute/v1/case.proto`
  let file: String
  /// The full name of what is wrong.
  let subject: String
  /// What is wrong, and what would be right.
  let text: String

  var description: String { "proto/\(file): \(subject): \(text)" }
}

/// One rule: what it finds wrong in a file, as (subject, text).
struct Rule: Sendable {
  let name: String
  let check: @Sendable (ProtoFile) -> [(String, String)]
}

/// All rules (style §3.11). The public google and grpc contracts are exempt, and so is the tests' contract of oddities.
enum Lint {
  static let rules: [Rule] = [
    .packageIsDirectory, .oneServicePerFile, .serviceName, .ownRequestAndResponse, .requestIDFirst,
    .enumValues, .comments, .access, .timeNames, .plainNames,
  ]

  static func problems(of schema: Schema) -> [Problem] {
    schema.files.filter { $0.package.hasPrefix("huying.") && $0.package != "huying.sample.v1" }.flatMap { file in
      rules.flatMap { rule in
        rule.check(file).map { Problem(file: file.name, subject: $0.0, text: "\($0.1) (\(rule.name))") }
      }
    }
  }
}
