/// A proto file as it is embedded in the program: its path, and its FileDescriptorProto without comments, encoded.
package typealias EmbeddedFile = (name: String, bytes: [UInt8])

/// Puts the files of several packages into one list, each file once and after those that it imports.
package func joinedFiles(_ lists: [[EmbeddedFile]]) -> [EmbeddedFile] {
  var seen: Set<String> = []
  return lists.flatMap { $0 }.filter { seen.insert($0.name).inserted }
}
