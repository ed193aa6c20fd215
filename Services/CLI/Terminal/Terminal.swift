import Foundation

/// The person's terminal: what goes to standard output is the answer, what goes to standard error is talk.
enum Terminal {
  /// The language of sentences: Chinese where the locale is, else English.
  enum Language {
    case chinese
    case english

    func pick(chinese: String, english: String) -> String {
      switch self {
      case .chinese: chinese.isEmpty ? english : chinese
      case .english: english.isEmpty ? chinese : english
      }
    }

    /// Takes `--lang zh` out of the arguments before anything else is read: it goes with every command, and help is in that
    /// language, too.
    static func chosen(from arguments: [String]) -> [String] {
      var rest: [String] = []
      var arguments = arguments[...]
      while let argument = arguments.popFirst() {
        if argument == "--lang", let language = arguments.popFirst() {
          setenv("HUYING_LANG", language, 1)
        } else if argument.hasPrefix("--lang=") {
          setenv("HUYING_LANG", String(argument.dropFirst("--lang=".count)), 1)
        } else {
          rest.append(argument)
        }
      }
      return rest
    }
  }

  static let language: Language = {
    let environment = ProcessInfo.processInfo.environment
    let locale = environment["HUYING_LANG"] ?? environment["LC_ALL"] ?? environment["LANG"] ?? ""
    return locale.hasPrefix("zh") ? .chinese : .english
  }()

  /// Whether a person reads standard error.
  static let isInteractive = isatty(STDERR_FILENO) == 1

  /// Prints a line of talk.
  static func say(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }

  /// Prints what went wrong.
  static func complain(_ lines: [String]) {
    for line in lines { say("huying: \(line)") }
  }

  /// How many columns a text takes: a Chinese character takes two, a combining mark none.
  static func width(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + width($1) }
  }

  /// `text` with spaces behind it up to `columns`.
  static func padded(_ text: String, to columns: Int) -> String {
    text + String(repeating: " ", count: max(0, columns - width(text)))
  }

  /// `text` cut to `columns`, with an ellipsis where something is left out.
  static func cut(_ text: String, to columns: Int) -> String {
    guard width(text) > columns else { return text }
    var result = ""
    var used = 1
    for character in text {
      used += character.unicodeScalars.reduce(0) { $0 + width($1) }
      if used > columns { break }
      result.append(character)
    }
    return result + "…"
  }

  /// East Asian Width (UAX #11): wide and fullwidth take two columns.
  private static func width(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0..<0x20, 0x7f..<0xa0, 0x300...0x36f, 0x200b...0x200f, 0xfe00...0xfe0f: 0
    case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0x33ff, 0x3400...0x4dbf, 0x4e00...0x9fff, 0xa000...0xa4cf,
      0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe4f, 0xff00...0xff60, 0xffe0...0xffe6, 0x1f300...0x1f64f,
      0x1f900...0x1f9ff, 0x20000...0x3fffd:
      2
    default: 1
    }
  }
}
