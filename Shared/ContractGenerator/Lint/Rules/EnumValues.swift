extension Rule {
  /// Enum values carry the enum's name, and zero means that nobody said anything.
  static let enumValues = Rule(name: "enum-values") { file in
    file.allEnums.flatMap { enumeration -> [(String, String)] in
      let prefix = SwiftNames.upperSnake(enumeration.name) + "_"
      var found = enumeration.values.filter { !$0.name.hasPrefix(prefix) }.map {
        ("\(enumeration.fullName).\($0.name)", "must begin with \(prefix)")
      }
      if let zero = enumeration.values.first, zero.number != 0 || zero.name != prefix + "UNSPECIFIED" {
        found.append((enumeration.fullName, "must begin with \(prefix)UNSPECIFIED = 0"))
      }
      return found
    }
  }
}
