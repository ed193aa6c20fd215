/// Where every type is and what it is called, for the code that refers to it.
struct TypeTable {
  let schema: Schema
  private var swiftNames: [String: String] = [:]
  /// Messages from which a message that contains itself can be reached.
  private(set) var recursive: Set<String> = []

  init(_ schema: Schema) {
    self.schema = schema
    for file in schema.files {
      let namespace = Module.namespace(of: file.package)
      for message in file.messages { name(message, in: namespace) }
      for enumeration in file.enums { name(enumeration, in: namespace) }
    }
    let inCycle = schema.messages.keys.filter { reachable(from: $0, Self.allEdges).contains($0) }
    recursive = Set(
      schema.messages.keys.filter {
        inCycle.contains($0) || !reachable(from: $0, Self.allEdges).isDisjoint(with: inCycle)
      })
  }

  private mutating func name(_ message: ProtoMessage, in scope: String) {
    let name = "\(scope).\(SwiftNames.type(message.name, isEnum: false))"
    swiftNames[message.fullName] = name
    for nested in message.messages { self.name(nested, in: name) }
    for enumeration in message.enums { self.name(enumeration, in: name) }
  }

  private mutating func name(_ enumeration: ProtoEnum, in scope: String) {
    swiftNames[enumeration.fullName] = "\(scope).\(SwiftNames.type(enumeration.name, isEnum: true))"
  }

  /// `DisputeV1.Case.State` of `huying.dispute.v1.Case.State`.
  func swiftName(_ fullName: String) -> String { swiftNames[fullName] ?? fullName }

  /// The module that declares the type.
  func module(of fullName: String) -> Module? {
    let package = schema.messages[fullName]?.package ?? schema.enums[fullName]?.package
    return package.flatMap(Module.init(package:))
  }

  /// The entry message, if the field is a map.
  func mapEntry(_ field: ProtoField) -> ProtoMessage? {
    guard field.isRepeated, case .message(let name) = field.type, let entry = schema.messages[name], entry.isMapEntry
    else { return nil }
    return entry
  }

  /// Whether a value of `message` would have to contain itself through `field`.
  func isBoxed(_ field: ProtoField, in message: ProtoMessage) -> Bool {
    guard !field.isRepeated, case .message(let name) = field.type else { return false }
    return name == message.fullName || reachable(from: name, Self.storageEdges).contains(message.fullName)
  }

  private func reachable(from start: String, _ edges: (ProtoMessage) -> [String]) -> Set<String> {
    var seen: Set<String> = []
    var open = schema.messages[start].map(edges) ?? []
    while let name = open.popLast() {
      if seen.insert(name).inserted { open += schema.messages[name].map(edges) ?? [] }
    }
    return seen
  }

  private static func allEdges(_ message: ProtoMessage) -> [String] {
    message.fields.compactMap { if case .message(let name) = $0.type { name } else { nil } }
  }

  private static func storageEdges(_ message: ProtoMessage) -> [String] {
    message.fields.compactMap { field in
      if case .message(let name) = field.type, !field.isRepeated { name } else { nil }
    }
  }
}
