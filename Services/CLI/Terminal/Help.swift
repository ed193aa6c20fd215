import ArgumentParser
import Wire

// Help in the language of the person at the terminal.

extension ArgumentHelp {
  /// What an argument means.
  static func of(_ chinese: String, _ english: String) -> ArgumentHelp { ArgumentHelp(Say.of(chinese, english)) }

  /// What an argument means, and how it stands in the line of usage.
  static func of(_ chinese: String, _ english: String, as name: String) -> ArgumentHelp {
    ArgumentHelp(Say.of(chinese, english), valueName: name)
  }
}

extension CommandConfiguration {
  /// A word whose help is one line.
  init(_ chinese: String, _ english: String) { self.init(abstract: Say.of(chinese, english)) }

  /// The same where the word is not the type's own name.
  init(_ name: String, _ chinese: String, _ english: String) {
    self.init(commandName: name, abstract: Say.of(chinese, english))
  }
}

extension CompletionKind {
  /// The words of a contract's enum, as they are typed: `move-out-proposed`.
  static func words<Value: Wire.Enumeration>(of _: Value.Type) -> CompletionKind {
    .list(Value.allCases.map(\.typed).filter { !$0.isEmpty })
  }
}
