import Glibc
import NIOCore
import NIOPosix

/// Why a server cannot listen, in one sentence.
package struct ListenError: Error, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}

/// The file of a Unix socket that a server listens on. NIO takes it away when the server closes.
enum UnixSocket {
  /// Owner and group may connect; who else may reach it is a matter of its folder.
  static let permissions: mode_t = 0o660
  /// A `sockaddr_un` has room for 108 bytes, the last of them 0.
  static let longestPath = 107

  /// Makes room for a socket at `path`: what a process left there that is gone is removed, and nothing else is.
  static func makeRoom(at path: String, _ group: any EventLoopGroup) async throws {
    guard (1...longestPath).contains(path.utf8.count) else {
      throw ListenError("a Unix socket's path has 1 to \(longestPath) bytes, and \"\(path)\" has \(path.utf8.count)")
    }
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFSOCK else { throw ListenError("\(path) is there and is no socket") }
    do {
      let channel = try await ClientBootstrap(group: group).connect(unixDomainSocketPath: path).get()
      try? await channel.close()
    } catch let error as IOError where error.errnoCode == ECONNREFUSED {
      unlink(path)
      return
    } catch {}
    throw ListenError("another process listens on \(path)")
  }
}
