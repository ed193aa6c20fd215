/// The Swift of one oneof: an enum with a payload per member, and an optional property.
struct OneofOutput {
  let oneof: ProtoOneof
  let message: ProtoMessage
  let members: [FieldOutput]

  /// The property.
  var name: String { SwiftNames.lowerCamel(oneof.name) }
  /// `OneOfEvent`
  var typeName: String { "OneOf" + SwiftNames.upperCamel(oneof.name) }
  private var member: String { CNames.oneofCase(oneof.name) }

  func writeType(to printer: inout Printer) {
    printer.documentation(oneof.comment)
    let indirect = members.contains(where: \.isBoxed) ? "indirect " : ""
    printer.block("package \(indirect)enum \(typeName): Swift.Equatable, Swift.Sendable") { printer in
      for member in members {
        printer.documentation(member.field.comment)
        printer.line("case \(member.escapedName)(\(member.elementType))")
      }
    }
  }

  func writeReading(to printer: inout Printer) {
    printer.block("switch c.pointee.\(member).rawValue") { printer in
      for member in members {
        printer.line(
          "case \(member.field.number): self.\(name) = .\(member.escapedName)(\(member.read("c.pointee.\(member.member)")))"
        )
      }
      printer.line("default: self.\(name) = nil")
    }
  }

  func writeWriting(to printer: inout Printer) {
    printer.block("switch self.\(name)") { printer in
      for member in members {
        printer.line("case .\(member.escapedName)(let value):")
        printer.indented { printer in
          printer.line("c.pointee.\(self.member) = .init(rawValue: \(member.field.number))")
          printer.line("c.pointee.\(member.member) = \(member.write("value"))")
        }
      }
      printer.line("case nil: break")
    }
  }
}
