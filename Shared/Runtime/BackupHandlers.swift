package import BackupContract
import Kernel
import Logging
package import RPC
import Synchronization

/// `huying.backup.v1` of one process: its own databases.
package struct BackupHandlers: BackupV1.BackupService {
  private let surroundings: ProcessSurroundings
  private let turn = OneAtATime()

  package init(_ surroundings: ProcessSurroundings) { self.surroundings = surroundings }

  package func copyDatabases(
    _ request: BackupV1.CopyDatabasesRequest, writer: ResponseWriter<BackupV1.CopyDatabasesResponse>,
    context: ServerContext
  ) async throws {
    try await turn.take {
      let copies = DatabaseCopies(of: surroundings)
      try await copies.withCopies { files in
        // Said at once: who copies a whole county lets the relay go on.
        try await writer.write(.init(content: .copiesMade(.init(fileCount: Int32(files.count)))))
        for file in files {
          try await writer.write(.init(content: .fileBegin(try await copies.described(file))))
          try await DatabaseCopies.read(file) { try await writer.write($0) }
        }
        surroundings.logger.info("copied for a backup", metadata: ["files": "\(files.count)"])
      }
    }
  }
}

/// Lets one caller in; who comes meanwhile is refused.
package final class OneAtATime: Sendable {
  private let isTaken = Mutex(false)

  package init() {}

  /// Runs `body` if nobody else does now. Refuses `BACKUP_RUNNING`.
  package func take<R: Sendable>(_ body: () async throws -> R) async throws -> R {
    let isFree = isTaken.withLock { taken in
      defer { taken = true }
      return !taken
    }
    guard isFree else { throw Refused(.unavailable, .backupRunning) }
    defer { isTaken.withLock { $0 = false } }
    return try await body()
  }
}
