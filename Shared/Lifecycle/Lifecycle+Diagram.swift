extension Lifecycle where State: RawRepresentable<String>, Action: RawRepresentable<String> {
  /// The table as a Mermaid state diagram; the READMEs of the services print this.
  package var diagram: String {
    var lines: [String] = []
    for row in rows where row.from != row.to {
      let line = "  \(row.from?.rawValue ?? "[*]") --> \(row.to.rawValue): \(row.action.rawValue)"
      // Two rows of one arrow differ in who may and what must hold.
      if !lines.contains(line) { lines.append(line) }
    }
    return (["stateDiagram-v2"] + lines).joined(separator: "\n") + "\n"
  }
}
