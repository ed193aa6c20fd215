/// What the argument parser says by itself (headings of help, what is wrong with arguments), which is English: the same in the
/// person's language.
enum ParserText {
  /// A page of help.
  static func help(_ text: String) -> String {
    // Completion scripts and machine-readable help come the same way.
    guard Terminal.language == .chinese, text.hasPrefix("OVERVIEW: ") || text.hasPrefix("USAGE: ") else { return text }
    var isList = false
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      if let heading = headings[String(line)] {
        isList = true
        return heading
      }
      if isList, !line.hasPrefix(" "), line.hasSuffix(":") { return "\(line.dropLast())：" }
      return isList ? element(String(line)) : opening(String(line))
    }.joined(separator: "\n")
  }

  /// What is wrong with the arguments.
  static func complaint(_ text: String) -> String {
    guard Terminal.language == .chinese else { return text }
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      for (english, chinese) in starts where line.hasPrefix(english) {
        return chinese + usage(mistake(String(line.dropFirst(english.count))))
      }
      return mistake(String(line))
    }.joined(separator: "\n")
  }

  private static func mistake(_ line: String) -> String {
    mistakes.chinese(line).replacing("' or '", with: "'、'").replacing("' and '", with: "'、'")
      .replacing("', '", with: "'、'")
  }

  private static let headings = ["ARGUMENTS:": "参数：", "OPTIONS:": "选项：", "SUBCOMMANDS:": "子命令："]

  private static let starts = [
    ("Error: ", "错误："), ("Help:  ", "说明："), ("Usage: ", "用法："), ("OVERVIEW: ", "概述："), ("USAGE: ", "用法："),
  ]

  private static func opening(_ line: String) -> String {
    for (english, chinese) in starts where line.hasPrefix(english) {
      return chinese + usage(String(line.dropFirst(english.count)))
    }
    return line.hasPrefix("  ") ? usage(line) : line
  }

  private static func usage(_ line: String) -> String {
    line.replacing("<subcommand>", with: "<子命令>").replacing("<options>", with: "<选项>")
  }

  private static func element(_ line: String) -> String {
    let line = usage(elements.chinese(line))
    // The column of the explanations stays where it is.
    return line.replacing(" (default) ", with: " (缺省)    ").replacing("(values:", with: "(可选：")
      .replacing("; default:", with: "；缺省：").replacing("(default:", with: "(缺省：")
  }

  private static let elements = Phrasebook(sentences: [
    ("{}Show help information.", "{}显示帮助。"),
    ("{}Show the version.", "{}显示版本。"),
    ("{}Show subcommand help information.", "{}显示子命令的帮助。"),
    ("  See '{}' for detailed help.", "  详见：{}"),
  ])

  private static let mistakes = Phrasebook(sentences: [
    ("  See '{}' for more information.", "  详见：{}"),
    ("Unknown option '{}'. Did you mean '{}'?", "没有选项 {}，是否指 {}？"),
    ("Unknown option '{}'", "没有选项 {}"),
    ("   or: {}", "   或：{}"),
    ("Missing value for '{}' in '{}'", "“{}”缺少值（在 {} 中）"),
    ("Missing value for '{}'", "“{}”缺少值"),
    ("The option '{}' does not take any value, but '{}' was specified.", "选项 {} 不带值，却写了“{}”"),
    ("Unexpected argument '{}'", "多余的参数“{}”"),
    ("{} unexpected arguments: '{}'", "有 {} 个多余的参数：“{}”"),
    ("Value to be set with {} had already been set with {}", "{} 与前面的 {} 冲突"),
    ("flag '{}'", "“{}”"),
    ("Missing expected argument '{}'", "缺少参数“{}”"),
    ("Missing one of: '{}'", "须写其中之一：“{}”"),
    ("Missing required subcommand.", "缺少子命令"),
    ("The value '{}' is invalid for '{}'. Please provide one of the following:", "“{}”不能用于“{}”，可用："),
    ("The value '{}' is invalid for '{}'. Please provide one of {}.", "“{}”不能用于“{}”，可用：{}"),
    ("The value '{}' is invalid for '{}': {}", "“{}”不能用于“{}”：{}"),
    ("The value '{}' is invalid for '{}'", "“{}”不能用于“{}”"),
  ])
}
