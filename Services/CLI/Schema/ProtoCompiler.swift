import Foundation
import Wire
import WireTypes

/// Has `protoc` make descriptors of .proto files. Files that nobody has on disk, `google/protobuf/timestamp.proto` and the like,
/// come from this program.
struct ProtoCompiler {
  let importPaths: [String]

  /// The files and everything that they import, with their comments.
  func compile(_ files: [String]) async throws -> [SchemaFile] {
    guard let protoc = Self.find("protoc") else {
      throw Complaint(
        "--proto 需要 protoc，而 PATH 中没有（Debian 的软件包：protobuf-compiler）；或用 --protoset 给出描述集",
        "--proto needs protoc, which is not on PATH (Debian: protobuf-compiler); or give a descriptor set with --protoset"
      )
    }
    let folder = NSTemporaryDirectory() + "huying-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let known = folder + "/known.protoset"
    let set = GoogleProtobuf.FileDescriptorSet(file: SchemaFile.builtIn.values.map(\.descriptor))
    try Data(set.encoded()).write(to: URL(fileURLWithPath: known))
    var complaint = ""
    for paths in searchPaths(files) {
      let output = folder + "/files.protoset"
      let arguments =
        paths.map { "-I\($0)" } + [
          "--descriptor_set_in=\(known)", "--include_imports", "--include_source_info",
          "--descriptor_set_out=\(output)",
        ] + files
      let said = try await Self.run(protoc, arguments)
      if said.exitCode == 0 { return try SchemaFile.read(protoset: output) }
      // That a file lies elsewhere says only that the next folder is the right one.
      if complaint.isEmpty || complaint.contains("does not reside within") { complaint = said.errors }
    }
    throw Complaint("protoc: " + complaint.trimmingCharacters(in: .whitespacesAndNewlines))
  }

  /// Where to look, in the order of trying: as told, else from here, else beside the files.
  private func searchPaths(_ files: [String]) -> [[String]] {
    let folders = files.filter { FileManager.default.fileExists(atPath: $0) }.map { file in
      let folder = (file as NSString).deletingLastPathComponent
      return folder.isEmpty ? "." : folder
    }
    let beside = folders.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    if !importPaths.isEmpty { return [importPaths, importPaths + beside] }
    return beside == ["."] || beside.isEmpty ? [["."]] : [["."], beside, beside + ["."]]
  }

  /// The program of that name on PATH.
  static func find(_ name: String, path: String? = ProcessInfo.processInfo.environment["PATH"]) -> String? {
    (path ?? "").split(separator: ":").map { "\($0)/\(name)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  private static func run(_ program: String, _ arguments: [String]) async throws -> (exitCode: Int32, errors: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    let errors = Pipe()
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let said = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: said, as: UTF8.self))
  }
}
