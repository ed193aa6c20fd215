/// The `.env` of an installation: the example, with what is known of this one.
struct InstallationSettings {
  private(set) var text: String

  init(example: String) { text = example }

  /// Sets a variable that the example has, or has as a comment. Throws if it has none of that name, or the value does not fit on
  /// a line.
  mutating func set(_ name: String, _ value: String) throws {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard let place = lines.firstIndex(where: { $0.hasPrefix("\(name)=") || $0.hasPrefix("#\(name)=") }), !name.isEmpty
    else {
      let known = lines.compactMap { line in
        line.wholeMatch(of: /#?([A-Z][A-Z_]+)=.*/).map { String($0.1) }
      }
      throw Complaint(
        "没有名为 \(name) 的设置；有：\(known.joined(separator: "、"))",
        "there is no setting \(name); there are: \(known.joined(separator: ", "))")
    }
    guard !value.contains(where: \.isNewline) else {
      throw Complaint("\(name) 的值须在一行内", "the value of \(name) has to fit on a line")
    }
    lines[place] = "\(name)=\(value)"
    text = lines.joined(separator: "\n")
  }
}
