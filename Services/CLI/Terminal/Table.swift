/// Rows under headings, aligned also where Chinese and Latin letters mix.
struct Table {
  private let headings: [String]
  private var rows: [[String]] = []

  init(_ headings: String...) { self.headings = headings }

  init(headings: [String]) { self.headings = headings }

  mutating func add(_ cells: String...) { rows.append(cells) }

  mutating func add(cells: [String]) { rows.append(cells) }

  /// The table as text; numbers are aligned to the right.
  var text: String {
    let widths = headings.indices.map { column in
      rows.reduce(Terminal.width(headings[column])) { max($0, Terminal.width($1[column])) }
    }
    let isNumber = headings.indices.map { column in
      !rows.isEmpty && rows.allSatisfy { $0[column].allSatisfy { "0123456789.%–- +".contains($0) } }
    }
    func line(_ cells: [String]) -> String {
      let padded = cells.indices.map { column in
        let space = String(repeating: " ", count: max(0, widths[column] - Terminal.width(cells[column])))
        return isNumber[column] ? space + cells[column] : cells[column] + space
      }
      var text = padded.joined(separator: "  ")
      while text.last == " " { text.removeLast() }
      return text
    }
    let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ")
    return ([line(headings), rule] + rows.map(line)).joined(separator: "\n")
  }
}
