/// Text that grows line by line, with indentation.
struct Printer {
  private(set) var text = ""
  private var indentation = 0

  /// Adds one line.
  mutating func line(_ line: String = "") {
    if !line.isEmpty { text += String(repeating: " ", count: indentation) + line }
    text += "\n"
  }

  /// Adds lines, one level deeper, between `head {` and `}`.
  mutating func block(_ head: String, _ body: (inout Printer) -> Void) {
    line(head + " {")
    indented(body)
    line("}")
  }

  /// Adds lines, one level deeper.
  mutating func indented(_ body: (inout Printer) -> Void) {
    indentation += 2
    body(&self)
    indentation -= 2
  }

  /// Adds a doc comment of the proto's comment, if there is one.
  mutating func documentation(_ comment: String) {
    guard !comment.isEmpty else { return }
    for comment in comment.split(separator: "\n", omittingEmptySubsequences: false) {
      line(comment.isEmpty ? "///" : "/// \(comment)")
    }
  }
}
