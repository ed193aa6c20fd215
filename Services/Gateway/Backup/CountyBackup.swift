package import BackupContract
import Kernel
package import RPC
package import Runtime

/// `huying.backup.v1` of the gateway: every process's files as one set.
///
/// While the copies are made nothing is relayed, and each service is copied before those that it knows by name without having
/// heard of them by the relay (a call names a determination). So restoring the whole set leaves nobody ahead of anybody.
package struct CountyBackup: BackupV1.BackupService {
  /// How long a delivery under way may take to end.
  private static let patience: Duration = .seconds(60)
  /// How long a whole set may take; a county's files are copied in minutes.
  private static let limit: Duration = .seconds(3_600)

  private let surroundings: ProcessSurroundings
  private let backends: Backends
  private let gate: RelayGate
  private let turn = OneAtATime()

  package init(_ surroundings: ProcessSurroundings, backends: Backends, gate: RelayGate) {
    self.surroundings = surroundings
    self.backends = backends
    self.gate = gate
  }

  package func copyDatabases(
    _ request: BackupV1.CopyDatabasesRequest, writer: ResponseWriter<BackupV1.CopyDatabasesResponse>,
    context: ServerContext
  ) async throws {
    try await copySet { try await writer.write($0) }
  }

  /// Hands the whole set to `write`. Refuses if one service does not answer: half a set would be taken for a whole one.
  package func copySet(_ write: (BackupV1.CopyDatabasesResponse) async throws -> Void) async throws {
    try await turn.take {
      try await gate.shut(within: Self.patience)
      defer { gate.open() }
      let own = DatabaseCopies(of: surroundings)
      try await own.withCopies { files in
        var parts: [(backend: Backend, answer: ResponseStream<BackupV1.CopyDatabasesResponse>)] = []
        var count = files.count
        for backend in order {
          let answer = BackupV1.BackupServiceClient(backend.systemChannel).copyDatabases(
            .init(), options: CallOptions(timeout: Self.limit))
          guard case .copiesMade(let made) = try await next(answer, of: backend)?.content else {
            throw backend.silence
          }
          count += Int(made.fileCount)
          parts.append((backend, answer))
        }
        gate.open()
        try await write(.init(content: .copiesMade(.init(fileCount: Int32(count)))))
        for file in files {
          try await write(.init(content: .fileBegin(try await own.described(file))))
          try await DatabaseCopies.read(file, write)
        }
        for part in parts {
          while let message = try await next(part.answer, of: part.backend) { try await write(message) }
        }
      }
    }
  }

  /// Who names others' things is copied before them.
  private var order: [Backend] {
    [
      backends.performanceEvaluation, backends.dispatch, backends.dispute, backends.responsibilityList,
      backends.gridRegistry,
    ]
  }

  private func next(
    _ answer: ResponseStream<BackupV1.CopyDatabasesResponse>, of backend: Backend
  ) async throws -> BackupV1.CopyDatabasesResponse? {
    // The relay is held up meanwhile: not for longer than somebody is there.
    do { return try await backend.whileItAnswers { try await answer.next() } } catch let error as Status {
      if error.code == .unavailable, error.reasons.isEmpty { throw backend.silence }
      // One of six is full or damaged: which one is what somebody has to know.
      throw error.of(backend.name)
    }
  }
}

extension Status {
  /// The same refusal, which says of which service it is.
  fileprivate func of(_ service: String) -> Status {
    Status(
      code, "\(service): \(message)",
      reasons: reasons.map { reason in
        Reason(
          reason.code, zh: "\(service)：\(reason.chinese)", en: "\(service): \(reason.english)", field: reason.field,
          metadata: reason.metadata.merging(["service": service]) { own, _ in own })
      })
  }
}
