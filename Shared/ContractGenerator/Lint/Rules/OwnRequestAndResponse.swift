extension Rule {
  /// Every RPC has a request and a response of its own, named after it, in its package.
  static let ownRequestAndResponse = Rule(name: "own-request-and-response") { file in
    file.services.flatMap { service in
      service.methods.flatMap { method -> [(String, String)] in
        let subject = "\(service.fullName).\(method.name)"
        let request = "\(file.package).\(method.name)Request"
        let response = "\(file.package).\(method.name)Response"
        var found: [(String, String)] = []
        if method.request != request { found.append((subject, "must take \(request), not \(method.request)")) }
        if method.response != response { found.append((subject, "must return \(response), not \(method.response)")) }
        return found
      }
    }
  }
}
