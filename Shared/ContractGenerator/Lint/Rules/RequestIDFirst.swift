extension Rule {
  /// `request_id` is a string and field 1; a request that names an `expected_version` is a write and has one.
  static let requestIDFirst = Rule(name: "request-id-first") { file in
    file.messages.flatMap { message -> [(String, String)] in
      if let field = message.fields.first(where: { $0.name == "request_id" }) {
        let isRight = !message.name.hasSuffix("Request") || (field.number == 1 && field.type == .string)
        return isRight ? [] : [(message.fullName, "request_id must be a string and field 1")]
      }
      let isWrite = message.name.hasSuffix("Request") && message.fields.contains { $0.name == "expected_version" }
      return isWrite ? [(message.fullName, "a write needs `string request_id = 1`")] : []
    }
  }
}
