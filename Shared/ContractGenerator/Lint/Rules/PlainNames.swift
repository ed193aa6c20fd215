extension Rule {
  private static let vague: Set<String> = ["status", "id", "type"]
  /// What a generated property cannot be called.
  private static let unspeakable: Set<String> = ["init", "self", "unknown_fields", "full_name", "layout"]

  /// Fields are snake_case, and no field is called just `id`, `type` or `status`.
  static let plainNames = Rule(name: "plain-names") { file in
    file.allMessages.flatMap { message in
      message.fields.compactMap { field -> (String, String)? in
        let subject = "\(message.fullName).\(field.name)"
        if vague.contains(field.name) { return (subject, "says too little: case_id, clock_kind, state") }
        if unspeakable.contains(field.name) { return (subject, "is a word of the generated code") }
        return field.name == field.name.lowercased() ? nil : (subject, "must be snake_case")
      }
    }
  }
}
