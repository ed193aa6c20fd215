import Access

extension Rule {
  /// Every RPC says who may call it, in roles that exist.
  static let access = Rule(name: "access") { file in
    file.services.flatMap { service in
      service.methods.flatMap { method -> [(String, String)] in
        let subject = "\(service.fullName).\(method.name)"
        guard let access = method.access else {
          return [(subject, "needs option (huying.common.v1.access): without it nobody may call it")]
        }
        if access.roles.isEmpty, !access.everyRole, !access.open { return [(subject, "its access names nobody")] }
        return access.roles.filter { Role(rawValue: $0) == nil }.map { (subject, "there is no role \($0)") }
      }
    }
  }
}
