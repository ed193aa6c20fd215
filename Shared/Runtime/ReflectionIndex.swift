import Wire
import WireTypes

/// The embedded descriptors of a process, by everything that a reflection client may ask for.
package struct ReflectionIndex: Sendable {
  /// Full names of the services that the process answers, in alphabetical order.
  package let services: [String]
  private var files: [String: (bytes: [UInt8], dependencies: [String])] = [:]
  private var messages: Set<String> = []
  private var fileOfSymbol: [String: String] = [:]
  private var fileOfExtension: [String: [Int32: String]] = [:]

  /// `files` as contracts embed them; a file that occurs in several contracts counts once. Files that cannot be read are
  /// left out: they were generated with the code, so none is.
  package init(services: [String], files: [(name: String, bytes: [UInt8])]) {
    self.services = services.sorted()
    for file in files where self.files[file.name] == nil {
      guard let descriptor = try? GoogleProtobuf.FileDescriptorProto(decoding: file.bytes) else { continue }
      self.files[file.name] = (file.bytes, descriptor.dependency)
      add(descriptor, from: file.name)
    }
  }

  /// Whether there is a file called that.
  package func contains(file name: String) -> Bool { files[name] != nil }

  /// The file called `name`, and what it imports, directly and indirectly, but for what is in `sent`; adds all of them there. The
  /// file itself comes first, and comes whenever it is asked for.
  package func files(from name: String, without sent: inout Set<String>) -> [[UInt8]] {
    var seen: Set<String> = []
    var result: [[UInt8]] = []
    var waiting = [name]
    while let next = waiting.popLast() {
      guard seen.insert(next).inserted, let file = files[next] else { continue }
      if sent.insert(next).inserted || next == name { result.append(file.bytes) }
      waiting += file.dependencies.reversed()
    }
    return result
  }

  /// The file that declares a message, enum, enum value, field, service, method or extension by its full name.
  package func file(containing symbol: String) -> String? {
    fileOfSymbol[symbol.hasPrefix(".") ? String(symbol.dropFirst()) : symbol]
  }

  /// The file that extends `type` with field `number`.
  package func file(extending type: String, number: Int32) -> String? { fileOfExtension[type]?[number] }

  /// The numbers of all known extensions of `type`; `nil` if there is no such message.
  package func extensionNumbers(of type: String) -> [Int32]? {
    messages.contains(type) ? (fileOfExtension[type]?.keys.sorted() ?? []) : nil
  }

  private mutating func add(_ file: GoogleProtobuf.FileDescriptorProto, from name: String) {
    let prefix = file.package.map { $0.isEmpty ? "" : $0 + "." } ?? ""
    for message in file.messageType { add(message, prefix, name) }
    for type in file.enumType { add(type, prefix, name) }
    for service in file.service {
      let path = prefix + (service.name ?? "")
      fileOfSymbol[path] = name
      for method in service.method { fileOfSymbol[path + "." + (method.name ?? "")] = name }
    }
    for field in file.extension { addExtension(field, prefix, name) }
  }

  private mutating func add(_ message: GoogleProtobuf.DescriptorProto, _ prefix: String, _ file: String) {
    let name = prefix + (message.name ?? "")
    fileOfSymbol[name] = file
    messages.insert(name)
    for field in message.field { fileOfSymbol[name + "." + (field.name ?? "")] = file }
    for oneof in message.oneofDecl { fileOfSymbol[name + "." + (oneof.name ?? "")] = file }
    for nested in message.nestedType { add(nested, name + ".", file) }
    for type in message.enumType { add(type, name + ".", file) }
    for field in message.extension { addExtension(field, name + ".", file) }
  }

  private mutating func add(_ type: GoogleProtobuf.EnumDescriptorProto, _ prefix: String, _ file: String) {
    fileOfSymbol[prefix + (type.name ?? "")] = file
    for value in type.value { fileOfSymbol[prefix + (value.name ?? "")] = file }
  }

  private mutating func addExtension(
    _ field: GoogleProtobuf.FieldDescriptorProto, _ prefix: String, _ file: String
  ) {
    guard let name = field.name, let extendee = field.extendee, let number = field.number else { return }
    fileOfSymbol[prefix + name] = file
    fileOfExtension[extendee.hasPrefix(".") ? String(extendee.dropFirst()) : extendee, default: [:]][number] = file
  }
}
