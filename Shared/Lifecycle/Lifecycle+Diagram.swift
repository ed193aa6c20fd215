extension Lifecycle where State: RawRepresentable<String>, Action: RawRepresentable<String> {
  /// The table as a Mermaid state diagram; the READMEs of the services print this.
  package var diagram: String {
    let lines = rows.filter { $0.from != $0.to }.map { row in
      "  \(row.from?.rawValue ?? "[*]") --> \(row.to.rawValue): \(row.action.rawValue)"
    }
    return (["stateDiagram-v2"] + lines).joined(separator: "\n") + "\n"
  }
}
