extension Rule {
  /// Services, RPCs and messages say what they are. What stands beside a service is said by its RPCs, the payloads of an
  /// event stream by their names in the oneof.
  static let comments = Rule(name: "comments") { file in
    var found: [(String, String)] = []
    for service in file.services {
      if service.comment.isEmpty { found.append((service.fullName, "needs a comment")) }
      for method in service.methods where method.comment.isEmpty {
        found.append(("\(service.fullName).\(method.name)", "needs a comment: from and to, who, reasons"))
      }
    }
    let payloads = file.messages.flatMap(\.fields).filter { if case .oneof = $0.presence { true } else { false } }.map(
      \.type)
    for message in file.messages where message.comment.isEmpty && file.services.isEmpty {
      if !payloads.contains(.message(message.fullName)) { found.append((message.fullName, "needs a comment")) }
    }
    return found
  }
}
