/// How protoc-c 1.4 spells the names of what it generates.
enum CNames {
  /// `Huying__Dispute__V1__CaseRecord` of `huying.dispute.v1.CaseRecord`.
  static func type(_ fullName: String) -> String {
    fullName.split(separator: ".").map { camel(String($0)) }.joined(separator: "__")
  }

  /// `huying__dispute__v1__case_record` of `huying.dispute.v1.CaseRecord`.
  static func function(_ fullName: String) -> String {
    fullName.split(separator: ".").map { lower(String($0)) }.joined(separator: "__")
  }

  /// A member of the struct.
  static func field(_ name: String) -> String {
    let name = name == "base" ? "base_" : name.lowercased()
    return keywords.contains(name) ? name + "_" : name
  }

  /// The member that says which case of a oneof is set.
  static func oneofCase(_ name: String) -> String { lower(name) + "_case" }

  private static func camel(_ name: String) -> String {
    var result = ""
    var nextIsUpper = true
    for character in name {
      if character == "_" {
        nextIsUpper = true
      } else {
        result += nextIsUpper ? character.uppercased() : String(character)
        nextIsUpper = false
      }
    }
    return result
  }

  private static func lower(_ name: String) -> String {
    var result = ""
    var wasUpper = true
    for character in name {
      if character.isUppercase, !wasUpper { result += "_" }
      result += character.lowercased()
      wasUpper = character.isUppercase
    }
    return result
  }

  private static let keywords: Set<String> = [
    "and", "and_eq", "asm", "auto", "bitand", "bitor", "bool", "break", "case", "catch", "char", "class", "compl",
    "const", "const_cast", "continue", "default", "delete", "do", "double", "dynamic_cast", "else", "enum",
    "explicit", "extern", "false", "float", "for", "friend", "goto", "if", "inline", "int", "long", "mutable",
    "namespace", "new", "not", "not_eq", "operator", "or", "or_eq", "private", "protected", "public", "register",
    "reinterpret_cast", "return", "short", "signed", "sizeof", "static", "static_cast", "struct", "switch",
    "template", "this", "throw", "true", "try", "typedef", "typeid", "typename", "union", "unsigned", "using",
    "virtual", "void", "volatile", "wchar_t", "while", "xor", "xor_eq",
  ]
}
