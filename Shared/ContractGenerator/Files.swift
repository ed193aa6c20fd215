import Glibc

/// Reading and writing whole files.
enum Files {
  struct Failure: Error, CustomStringConvertible {
    let path: String
    let doing: String
    var description: String { "cannot \(doing) \(path): \(String(cString: strerror(errno)))" }
  }

  static func read(_ path: String) throws(Failure) -> [UInt8] {
    guard let file = fopen(path, "rb") else { throw Failure(path: path, doing: "read") }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { return bytes }
      bytes += buffer[..<count]
    }
  }

  static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
    makeDirectories(above: path)
    guard let file = fopen(path, "wb") else { throw Failure(path: path, doing: "write") }
    defer { fclose(file) }
    guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw Failure(path: path, doing: "write") }
  }

  private static func makeDirectories(above path: String) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    for count in parts.indices where count > 0 { mkdir(parts[...count].joined(separator: "/"), 0o777) }
  }
}
