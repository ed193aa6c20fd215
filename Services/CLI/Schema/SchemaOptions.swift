import ArgumentParser
import Foundation
import RPC

/// Where the types come from: the server's reflection, unless files are given.
struct SchemaOptions: ParsableArguments {
  @Option(
    parsing: .singleValue,
    help: .of(
      "类型取自这个 .proto 文件，不用反射（需要 protoc）；可重复。",
      "Take the types from this .proto file instead of reflection (needs protoc); may be repeated.", as: "file"),
    completion: .file(extensions: ["proto"]))
  var proto: [String] = []

  @Option(
    name: [.customShort("I", allowingJoined: true), .customLong("import-path")], parsing: .singleValue,
    help: .of(
      "到哪里找 --proto 的文件及其引用；可重复。", "Where --proto files and their imports are looked for; may be repeated.", as: "dir"),
    completion: .directory)
  var importPaths: [String] = []

  @Option(
    parsing: .singleValue,
    help: .of(
      "类型取自这个描述集（protoc -o），不用反射；可重复。",
      "Take the types from this descriptor set (protoc -o) instead of reflection; may be repeated.", as: "file"),
    completion: .file(extensions: ["protoset", "pb", "binpb", "desc"]))
  var protoset: [String] = []

  /// Whether the server has to be asked.
  var usesReflection: Bool { proto.isEmpty && protoset.isEmpty }

  func validate() throws {
    if !importPaths.isEmpty, proto.isEmpty { throw ValidationError(Say.of("-I 须与 --proto 合用", "-I goes with --proto")) }
  }

  /// The types that the files declare.
  func files() async throws -> FileSchemas {
    var files: [SchemaFile] = []
    for path in protoset { files += try SchemaFile.read(protoset: path) }
    if !proto.isEmpty { files += try await ProtoCompiler(importPaths: importPaths).compile(proto) }
    return FileSchemas(try Schema(files))
  }
}
