import Glibc

/// The kept inputs of the surfaces: a folder each, a file per input.
enum Corpus {
  static func read(_ folder: String) -> [[UInt8]] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted().compactMap { bytes(of: folder + "/" + $0) }
  }

  static func bytes(of path: String) -> [UInt8]? {
    guard let file = fopen(path, "rb") else { return nil }
    defer { fclose(file) }
    var buffer = [UInt8](repeating: 0, count: 1 << 17)
    return Array(buffer[..<fread(&buffer, 1, buffer.count, file)])
  }

  static func write(_ inputs: [[UInt8]], into folder: String) {
    mkdir(folder, 0o755)
    for input in inputs {
      guard let file = fopen("\(folder)/\(name(of: input))", "wb") else { continue }
      fwrite(input, 1, input.count, file)
      fclose(file)
    }
  }

  /// FNV-1a: the same input is the same file.
  private static func name(of input: [UInt8]) -> String {
    let hash = input.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    return String(hash, radix: 16)
  }
}
