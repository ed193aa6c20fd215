extension Rule {
  /// A service is called `…Service`.
  static let serviceName = Rule(name: "service-name") { file in
    file.services.filter { !$0.name.hasSuffix("Service") || $0.name == "Service" }.map {
      ($0.fullName, "must be called after its resource or activity: \($0.name)Service")
    }
  }
}
