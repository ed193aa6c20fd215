import Foundation
import Wire
import WireTypes

/// One proto file as its descriptor.
struct SchemaFile: Sendable {
  let name: String
  let bytes: [UInt8]
  let descriptor: GoogleProtobuf.FileDescriptorProto

  init(bytes: [UInt8]) throws(Complaint) {
    do { descriptor = try GoogleProtobuf.FileDescriptorProto(decoding: bytes, limit: Self.maximumBytes) } catch {
      throw Complaint("这些字节不是文件描述", "the bytes are no file descriptor", exitCode: 64 + 13)
    }
    self.bytes = bytes
    name = descriptor.name ?? ""
  }

  private init(_ descriptor: GoogleProtobuf.FileDescriptorProto) {
    self.descriptor = descriptor
    bytes = descriptor.encoded()
    name = descriptor.name ?? ""
  }

  /// A descriptor set may be larger than any message.
  static let maximumBytes = 256 << 20

  /// The files of a FileDescriptorSet, as `protoc --descriptor_set_out` writes it.
  static func read(protoset path: String) throws(Complaint) -> [SchemaFile] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Complaint.unreadable(path)
    }
    guard let set = try? GoogleProtobuf.FileDescriptorSet(decoding: Array(data), limit: maximumBytes),
      !set.file.isEmpty,
      set.file.allSatisfy({ $0.name?.isEmpty == false })
    else {
      throw Complaint(
        "\(path) 不是描述集，可这样生成：protoc --include_imports -o \(path) FILE.proto",
        "\(path) is no descriptor set; make one with: protoc --include_imports -o \(path) FILE.proto")
    }
    return set.file.map { SchemaFile($0) }
  }

  /// What every program of protobuf's has at hand: `google.protobuf`, `google.rpc`, `google.api`.
  static let builtIn: [String: SchemaFile] = {
    let files = joinedFiles([GoogleProtobuf.fileDescriptors, GoogleRPC.fileDescriptors, GoogleAPI.fileDescriptors])
    let read = files.compactMap { try? SchemaFile(bytes: $0.bytes) }
    return Dictionary(read.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }()
}

// MARK: - Groups

extension SchemaFile {
  /// The descriptor for the pool, which has no groups: proto2's groups are left out, so that the rest of a file that has
  /// one can be used.
  var bytesWithoutGroups: [UInt8] {
    guard descriptor.messageType.contains(where: Self.hasGroup) else { return bytes }
    var plain = descriptor
    plain.messageType = plain.messageType.map(Self.withoutGroups)
    return plain.encoded()
  }

  private static func hasGroup(_ message: GoogleProtobuf.DescriptorProto) -> Bool {
    message.field.contains { $0.type == .group } || message.nestedType.contains(where: hasGroup)
  }

  private static func withoutGroups(_ message: GoogleProtobuf.DescriptorProto) -> GoogleProtobuf.DescriptorProto {
    var plain = message
    plain.field.removeAll { $0.type == .group }
    plain.nestedType = plain.nestedType.map(withoutGroups)
    return plain
  }
}
