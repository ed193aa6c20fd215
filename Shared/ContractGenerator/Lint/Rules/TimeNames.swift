extension Rule {
  /// Instants end in `_time`, lengths of time in `_duration`.
  static let timeNames = Rule(name: "time-names") { file in
    file.allMessages.flatMap { message in
      message.fields.compactMap { field -> (String, String)? in
        let suffix: String
        switch field.type {
        case .message("google.protobuf.Timestamp"): suffix = field.isRepeated ? "_times" : "_time"
        case .message("google.protobuf.Duration"): suffix = "_duration"
        default: return nil
        }
        return field.name.hasSuffix(suffix) ? nil : ("\(message.fullName).\(field.name)", "must end in \(suffix)")
      }
    }
  }
}
