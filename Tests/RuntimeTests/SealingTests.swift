import Access
import ArgumentParser
import Crypto
import Foundation
import Journal
import Kernel
import Logging
import Persistence
import TestSupport
import Testing

@testable import Runtime

/// What is sealed follows the first key of its file, and a file is never served without a key that it needs.
@Suite struct SealingTests {
  private let folder = TemporaryFolder()
  private let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
  private let now = Timestamp(seconds: 1_583_805_600)
  private var keyFile: String { folder.file("sealing.key") }

  private func key(_ byte: UInt8) -> SymmetricKey { SymmetricKey(data: [UInt8](repeating: byte, count: 32)) }

  private func name(_ byte: UInt8) -> String { KeyRing.name(of: key(byte)) }

  /// In place, as a container sees a mounted file.
  private func write(_ bytes: UInt8...) throws {
    let text = bytes.map { [UInt8](repeating: $0, count: 32).hexadecimal + "\n" }.joined()
    try Data(text.utf8).write(to: URL(fileURLWithPath: keyFile))
  }

  private func open() throws -> Database {
    try Database.open(path: folder.file("dispute.sqlite"), migrations: Journal.migrations)
  }

  private func watch(
    _ database: Database, _ ring: KeyRing, _ renewal: SealingWatch.Renewal? = nil
  ) throws -> SealingWatch {
    try SealingWatch(database, ring, renewal ?? .of(.live(ring)), logger: quiet)
  }

  private func uses(_ watch: SealingWatch) -> [String] {
    watch.readings([]).filter { $0.name == "huying_sealing_key" }.compactMap { $0.labels.last?.1 }
  }

  @Test func `after a rotation everything is sealed anew by pages, and only the digests still need the oldest key`()
    async throws
  {
    try write(1)
    let ring = try KeyRing(file: keyFile)
    let database = try open()
    defer { database.close() }
    let watch = try watch(database, ring)
    let cryptography = Cryptography.live(ring)
    let texts = SealedTexts(cryptography, at: now)
    let actor = Actor(personID: "p", organisationID: "o", role: .levelClerk, countyCode: "379922000000")
    let request = RequestLog.Key(actor: actor, method: "/m", requestID: "r")
    let references = try await database.write { transaction in
      try RequestLog(cryptography).save([7, 7], to: request, body: [1], at: now, in: transaction)
      return try (0..<450).map { try texts.seal("text \($0)", kind: "k", aggregateID: "a\($0)", in: transaction) }
    }
    _ = try await database.write { try texts.erase(references[0].id, at: now, in: $0) }
    #expect(try await !watch.renew(), "there is one key")
    #expect(uses(watch) == ["seals"])

    try write(2, 1)
    ring.lookAgain()
    #expect(ring.current.names == [name(2), name(1)])
    #expect(uses(watch) == ["seals", "opens"])
    #expect(try await watch.renew(rest: .zero))
    #expect(try await !watch.renew(), "once")
    #expect(uses(watch) == ["seals", "digests"])
    #expect(watch.readings([]).first { $0.name == "huying_sealing_renewed_total" }?.value == 450)
    let alone = Cryptography.live(sealingKey: key(2))
    let read = try await database.read { reading in
      (
        texts: try references.map { try SealedTexts(alone).open($0.id, in: reading) },
        answer: try RequestLog(alone).answer(to: request, body: [1], in: reading)
      )
    }
    #expect(read.texts == [nil] + (1..<450).map { "text \($0)" })
    #expect(read.answer == [7, 7])
    #expect(texts.matches("text 5", references[5]), "the journal's references are as they were")

    // With a third key the second one has nothing left, and may leave the file; the first of all makes the digests.
    try write(3, 2, 1)
    ring.lookAgain()
    #expect(ring.current.names == [name(3), name(2), name(1)])
    #expect(try await watch.renew(rest: .zero))
    #expect(uses(watch) == ["seals", "unused", "digests"])
    let needs = try await database.read { try SealingKeys.needs(in: $0) }
    #expect(needs == .init(names: [name(3), name(1)], digestKey: name(1)))
    try write(3, 1)
    ring.lookAgain()
    #expect(ring.current.names == [name(3), name(1)])
    // In force again, it is needed again.
    try write(2, 3, 1)
    ring.lookAgain()
    #expect(ring.current.names == [name(2), name(3), name(1)])
    #expect(try await watch.renew(rest: .zero))
    #expect(uses(watch) == ["seals", "unused", "digests"])
    #expect(try await database.read { try SealingKeys.needs(in: $0) }.names == [name(2), name(1)])
  }

  /// The gateway's file: it belongs to its keys, and nothing in it is sealed.
  @Test func `where nothing is sealed a rotation retires the older keys at once, and the register's never`()
    async throws
  {
    try write(1)
    let ring = try KeyRing(file: keyFile)
    for (renewal, file) in [(SealingWatch.Renewal.nothingSealed, "gateway"), (.never, "care-visit")] {
      let database = try Database.open(path: folder.file(file + ".sqlite"), migrations: SealingKeys.migrations)
      defer { database.close() }
      try write(1)
      ring.lookAgain()
      let watch = try watch(database, ring, renewal)
      try await watch.begin()
      try write(3, 2, 1)
      ring.lookAgain()
      #expect(uses(watch) == ["seals", "opens", "opens"])
      guard case .nothingSealed = renewal else {
        await watch.run()
        #expect(uses(watch) == ["seals", "opens", "opens"])
        continue
      }
      #expect(try await watch.renew())
      #expect(uses(watch) == ["seals", "unused", "digests"])
      #expect(try await database.read { try SealingKeys.needs(in: $0) }.names == [name(3), name(1)])
    }
  }

  @Test func `what no key opens keeps the older keys needed`() async throws {
    try write(1)
    let ring = try KeyRing(file: keyFile)
    let database = try open()
    defer { database.close() }
    let watch = try watch(database, ring)
    let stranger = SealedTexts(.live(sealingKey: key(9)), at: now)
    _ = try await database.write { try stranger.seal("x", kind: "k", aggregateID: "a", in: $0) }
    try write(2, 1)
    ring.lookAgain()
    #expect(ring.current.names == [name(2), name(1)])
    try await watch.renew(rest: .zero)
    #expect(uses(watch) == ["seals", "opens"])
    #expect(watch.readings([]).first { $0.name == "huying_sealing_unreadable" }?.value == 1)
    #expect(try await database.read { try SealingKeys.older(than: name(2), in: $0) } == [name(1)])
  }

  @Test func `a running process does not take over a key file that lacks a needed key`() async throws {
    try write(2, 1)
    let ring = try KeyRing(file: keyFile)
    let database = try open()
    defer { database.close() }
    let watch = try watch(database, ring)
    func refused() -> Double? { watch.readings([]).first { $0.name == "huying_sealing_keys_refused" }?.value }
    for bytes in [[2], [3], [1, 2]] as [[UInt8]] {
      try Data(bytes.map { [UInt8](repeating: $0, count: 32).hexadecimal + "\n" }.joined().utf8)
        .write(to: URL(fileURLWithPath: keyFile))
      #expect(!ring.lookAgain(), "\(bytes)")
      #expect(ring.current.names == [name(2), name(1)])
      #expect(refused() == 1)
    }
    try write(3, 2, 1)
    ring.lookAgain()
    #expect(ring.current.names == [name(3), name(2), name(1)])
    #expect(refused() == 0)
  }

  @Test func `a start without a needed key, or with another last line, is refused in one sentence`() async throws {
    let signature = ActorSignature(key: key(7))
    func start(_ ring: KeyRing) async throws -> Database {
      let options = try ServiceOptions.parse(["--data-dir", folder.path, "--admin", "off"])
      let surroundings = ProcessSurroundings(
        settings: try ServiceSettings(options, for: .dispute, environment: [:]), logger: quiet,
        metrics: PrometheusRegistry(), time: .real, serving: ServingState(services: []), signature: signature,
        cryptography: .live(ring), sealing: ring)
      return try await surroundings.openDatabase(migrations: Journal.migrations)
    }
    try await start(KeyRing([key(2), key(1)])).close()
    let missing = await #expect(throws: SettingError.self) { try await start(KeyRing([key(3), key(1)])) }
    #expect(
      missing?.description.contains("is sealed with the key \(name(2)), which the key file does not have") == true)
    let last = await #expect(throws: SettingError.self) { try await start(KeyRing([key(1), key(2)])) }
    #expect(last?.description.contains("\(name(1)), which has to be the last line") == true)
    try await start(KeyRing([key(3), key(2), key(1)])).close()
  }
}
