import CProtobufC
import CWireTypes

/// One run: descriptor sets in; Swift, embedded descriptors, module maps and the transformed set out.
struct Generation {
  let schema: Schema
  /// The transformed set, encoded.
  let transformed: [UInt8]

  init(setPaths: [String]) throws {
    var files: [UnsafeMutablePointer<CFile>] = []
    var seen: Set<String> = []
    for path in setPaths {
      let set = try Self.unpack(try Files.read(path), path)
      for file in UnsafeBufferPointer(start: set.pointee.file, count: set.pointee.n_file).map({ $0! })
      where seen.insert(text(file.pointee.name)).inserted { files.append(file) }
    }
    schema = Schema(files: files.map(SchemaReader.read))
    for file in files { TransformedSet.transform(file) }
    transformed = Self.pack(files)
  }

  private static func unpack(
    _ bytes: [UInt8], _ path: String
  ) throws -> UnsafeMutablePointer<Google__Protobuf__FileDescriptorSet> {
    guard let set = google__protobuf__file_descriptor_set__unpack(nil, bytes.count, bytes) else {
      throw Files.Failure(path: path, doing: "decode")
    }
    return set
  }

  private static func pack(_ files: [UnsafeMutablePointer<CFile>]) -> [UInt8] {
    var pointers: [UnsafeMutablePointer<CFile>?] = files
    return pointers.withUnsafeMutableBufferPointer { buffer in
      var set = Google__Protobuf__FileDescriptorSet()
      google__protobuf__file_descriptor_set__init(&set)
      set.n_file = buffer.count
      set.file = buffer.baseAddress
      return packed(&set)
    }
  }

  /// Writes everything below `root`, and the set for protoc-c with the list of what it is to do.
  func write(to root: String) throws {
    let types = TypeTable(schema)
    for file in schema.files where Module(package: file.package) != nil && file.hasSwift {
      try write(SwiftFile(file: file, types: types).text, root, SwiftFile(file: file, types: types).path)
    }
    for package in schema.packages where Module(package: package) != nil {
      let namespace = NamespaceFile(package: package, schema: schema, types: types)
      try write(namespace.text, root, namespace.path)
      let embedded = EmbeddedFilesOutput(package: package, files: schema.files.filter { $0.package == package })
      try write(embedded.header.text, root, embedded.header.path)
      try write(embedded.source.text, root, embedded.source.path)
    }
    for (module, files) in modules {
      let map = ModuleMapOutput(module: module, files: files)
      try write(map.text, root, map.path)
    }
    try Files.write(transformed, to: "\(root)/transformed.binpb")
    let plan = modules.map { "\($0.directory) \($1.map(\.name).joined(separator: " "))\n" }.joined()
    try Files.write(Array(plan.utf8), to: "\(root)/plan")
  }

  private func write(_ text: String, _ root: String, _ path: String) throws {
    try Files.write(Array(text.utf8), to: "\(root)/out/\(path)")
  }

  private var modules: [(Module, [ProtoFile])] {
    var seen: Set<Module> = []
    return schema.packages.compactMap(Module.init(package:)).filter { seen.insert($0).inserted }.map { module in
      (module, schema.files.filter { Module(package: $0.package) == module })
    }
  }
}

extension ProtoFile {
  /// Whether there is anything of it to say in Swift; a file of extensions only has nothing.
  var hasSwift: Bool { !messages.isEmpty || !enums.isEmpty || !services.isEmpty }
}
