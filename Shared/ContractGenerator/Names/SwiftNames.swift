/// How proto names are spelled in Swift.
enum SwiftNames {
  /// Words that Swift writes in capitals.
  private static let capitals: [String: String] = [
    "id": "ID", "ids": "IDs", "url": "URL", "uri": "URI", "json": "JSON", "rpc": "RPC", "api": "API", "sql": "SQL",
    "v1alpha": "V1Alpha",
  ]

  /// `caseID` of `case_id`.
  static func lowerCamel(_ name: String) -> String {
    let words = words(name)
    guard let first = words.first else { return name }
    return first + words.dropFirst().map(capitalised).joined()
  }

  /// `CaseID` of `case_id`; a name that is camel case already keeps its capitals.
  static func upperCamel(_ name: String) -> String { words(name).map(capitalised).joined() }

  /// `reported` of `STATE_REPORTED` in the enum `State`; the whole name where the prefix is missing.
  static func enumCase(_ name: String, in enumeration: String) -> String {
    let prefix = upperSnake(enumeration) + "_"
    let rest = name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
    guard let first = rest.first, first.isLetter else { return escaped(lowerCamel(name.lowercased())) }
    return escaped(lowerCamel(rest.lowercased()))
  }

  /// `TIME_BUDGET` of `TimeBudget`.
  static func upperSnake(_ name: String) -> String {
    var result = ""
    var previousIsLower = false
    for character in name {
      if character.isUppercase, previousIsLower { result += "_" }
      result += character.uppercased()
      previousIsLower = character.isLowercase || character.isNumber
    }
    return result
  }

  /// `name`, in backticks where Swift needs them.
  static func escaped(_ name: String) -> String { keywords.contains(name) ? "`\(name)`" : name }

  /// A type's name; `Type` and `Protocol` mean something else after a dot, `Any` everywhere.
  static func type(_ name: String, isEnum: Bool) -> String {
    ["Type", "Protocol", "Self", "Any"].contains(name) ? name + (isEnum ? "Enum" : "Message") : name
  }

  private static func words(_ name: String) -> [String] {
    name.split(separator: "_").map(String.init)
  }

  private static func capitalised(_ word: String) -> String {
    capitals[word] ?? word.prefix(1).uppercased() + word.dropFirst()
  }

  private static let keywords: Set<String> = [
    "as", "associatedtype", "break", "case", "catch", "class", "continue", "default", "defer", "deinit", "do", "else",
    "enum", "extension", "fallthrough", "false", "fileprivate", "for", "func", "guard", "if", "import", "in", "init",
    "inout", "internal", "is", "let", "nil", "open", "operator", "precedencegroup", "private", "protocol", "public",
    "repeat", "rethrows", "return", "self", "static", "struct", "subscript", "super", "switch", "throw", "throws",
    "true", "try", "typealias", "var", "where", "while",
  ]
}
