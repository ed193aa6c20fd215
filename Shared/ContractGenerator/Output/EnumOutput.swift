/// The Swift of one proto enum.
struct EnumOutput {
  let enumeration: ProtoEnum

  /// Values without the aliases of earlier ones, with their Swift names.
  private var cases: [(name: String, value: ProtoEnumValue)] {
    var numbers: Set<Int32> = []
    return enumeration.values.filter { numbers.insert($0.number).inserted }.map { value in
      (SwiftNames.enumCase(value.name, in: enumeration.name), value)
    }
  }

  func write(to printer: inout Printer) {
    let name = SwiftNames.type(enumeration.name, isEnum: true)
    printer.documentation(enumeration.comment)
    printer.block("package enum \(name): Wire.Enumeration") { printer in
      for (name, value) in cases {
        printer.documentation(value.comment)
        printer.line("case \(name)")
      }
      printer.line("/// A value of a newer contract.")
      printer.line("case unrecognized(Swift.Int32)")
      printer.line()
      printer.line("package init() { self = .\(cases[0].name) }")
      printer.line()
      writeConversions(name, to: &printer)
    }
  }

  private func writeConversions(_ name: String, to printer: inout Printer) {
    printer.block("package init(rawValue: Swift.Int32)") { printer in
      printer.block("switch rawValue") { printer in
        for (name, value) in cases { printer.line("case \(value.number): self = .\(name)") }
        printer.line("default: self = .unrecognized(rawValue)")
      }
    }
    printer.line()
    printer.block("package var rawValue: Swift.Int32") { printer in
      printer.block("switch self") { printer in
        for (name, value) in cases { printer.line("case .\(name): return \(value.number)") }
        printer.line("case .unrecognized(let number): return number")
      }
    }
    printer.line()
    printer.block("package var protoName: Swift.String") { printer in
      printer.block("switch self") { printer in
        for (name, value) in cases { printer.line("case .\(name): return \"\(value.name)\"") }
        printer.line("case .unrecognized(let number): return Swift.String(number)")
      }
    }
    printer.line()
    let list = cases.map { ".\($0.name)" }.joined(separator: ", ")
    printer.line("package static let allCases: [\(name)] = [\(list)]")
  }
}
