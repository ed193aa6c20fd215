import Dispatch
import Foundation
import Kernel
import Persistence
import Testing

@Suite struct LogTests {
  let folder = Folder()

  private func open() throws -> Database { try folder.open { $0.overwritesDeleted = true } }

  private static let delete = Statement("ledger.delete", "DELETE FROM ledger WHERE county_code = $1 AND line_id = $2")

  private func filesWith(_ bytes: [UInt8]) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
      let data = FileManager.default.contents(atPath: "\(folder.path)/\($0)") ?? Data()
      return data.range(of: Data(bytes)) != nil
    }.sorted()
  }

  @Test func `an empty log has no bytes, and what was deleted is in no file`() async throws {
    let database = try open()
    let secret = Array("what nobody shall find again".utf8)
    try await database.write { try Ledger.record("a", 1, note: secret, $0) }
    #expect(try await database.emptyLog())
    try await database.write { _ = try $0.run(Self.delete, [.text("321322"), .text("a")]) }
    #expect(try filesWith(secret) != [])
    #expect(try await database.emptyLog())
    #expect(try filesWith(secret) == [])
    let log = try FileManager.default.contentsOfDirectory(atPath: folder.path).first { $0.hasSuffix("-wal") }
    #expect(FileManager.default.contents(atPath: "\(folder.path)/\(log ?? "")")?.isEmpty == true)
    // It goes on.
    try await database.write { try Ledger.record("b", 2, $0) }
    #expect(try database.readInline { try Ledger.state(in: $0).count } == 1)
  }

  @Test func `a reader holds the log back, and then no longer`() async throws {
    let database = try open()
    try await database.write { try Ledger.record("a", 1, $0) }
    let begun = AsyncStream<Void>.makeStream()
    let ending = DispatchSemaphore(value: 0)
    let reading = Task {
      try await database.read { transaction in
        _ = try Ledger.state(in: transaction)
        begun.continuation.finish()
        ending.wait()
      }
    }
    for await _ in begun.stream {}
    try await database.write { try Ledger.record("b", 1, $0) }
    #expect(try await database.emptyLog() == false)
    ending.signal()
    try await reading.value
    #expect(try await database.emptyLog())
  }

  @Test func `a closed database has nothing to empty`() async throws {
    let database = try open()
    database.close()
    #expect(try await database.emptyLog() == false)
  }
}
