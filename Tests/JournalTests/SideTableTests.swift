import Access
import Journal
import Kernel
import Persistence
import Testing

@Suite struct SideTableTests {
  let folder = Folder()
  let texts = SealedTexts(.deterministic)
  let log = RequestLog(.deterministic)

  @Test func `a sealed text opens, and is gone when it is erased`() async throws {
    let database = try folder.open()
    let reference = try await database.write { [texts] in
      try texts.seal("张三与李四争田埂", kind: "case.narrative", aggregateID: "c1", in: $0)
    }
    #expect(try database.readInline { try texts.open(reference.id, in: $0) } == "张三与李四争田埂")
    #expect(texts.matches("张三与李四争田埂", reference))
    #expect(!texts.matches("张三与王五争田埂", reference))
    let erased = try await database.write { [texts] in try texts.erase(ofAggregate: "c1", at: now, in: $0) }
    #expect(erased == 1)
    #expect(try database.readInline { try texts.open(reference.id, in: $0) } == nil)
    #expect(texts.matches("张三与李四争田埂", reference))
  }

  @Test func `equal texts have nothing in common from outside`() async throws {
    let database = try folder.open()
    let references = try await database.write { [texts] transaction in
      try (1...2).map { _ in try texts.seal("同一句话", kind: "k", aggregateID: "c1", in: transaction) }
    }
    #expect(references[0].digest != references[1].digest)
  }

  @Test func `a sealed text that was moved to another row does not open`() async throws {
    let database = try folder.open()
    let moved = Statement("test.move", "UPDATE sealed_text SET aggregate_id = 'c2' WHERE sealed_text_id = $1")
    let reference = try await database.write { [texts] transaction in
      let reference = try texts.seal("text", kind: "k", aggregateID: "c1", in: transaction)
      try transaction.run(moved, [.text(reference.id)])
      return reference
    }
    #expect(throws: Cryptography.Changed.self) { try database.readInline { try texts.open(reference.id, in: $0) } }
  }

  @Test func `the same request gets the same answer, another one under its id is refused`() async throws {
    let database = try folder.open()
    let key = RequestLog.Key(actor: .clerk, method: "/huying.dispute.v1.CaseService/ReportCase", requestID: "r-1")
    var other = key
    other.method = "/huying.dispute.v1.CaseService/AcceptCase"
    #expect(try database.readInline { try log.answer(to: key, body: [1, 2], in: $0) } == nil)
    try await database.write { [log, key] in try log.save([9, 9], to: key, body: [1, 2], at: now, in: $0) }
    #expect(try database.readInline { try log.answer(to: key, body: [1, 2], in: $0) } == [9, 9])
    #expect(try database.readInline { try log.answer(to: other, body: [1, 2], in: $0) } == nil)
    let refusal = #expect(throws: Refused.self) {
      try database.readInline { try log.answer(to: key, body: [1, 3], in: $0) }
    }
    #expect(refusal?.kind == .alreadyExists)
    #expect(refusal?.reasons.map(\.code) == ["IDEMPOTENCY_MISMATCH"])
  }

  @Test func `answers are kept for thirty days`() async throws {
    let database = try folder.open()
    let key = RequestLog.Key(actor: .clerk, method: "m", requestID: "r-1")
    try await database.write { [log] in try log.save([9], to: key, body: [1], at: now, in: $0) }
    let early = try await database.write { try RequestLog.forgetOld(at: now + .days(30), in: $0) }
    let late = try await database.write { try RequestLog.forgetOld(at: now + .days(31), in: $0) }
    #expect(early == 0)
    #expect(late == 1)
    #expect(try database.readInline { try log.answer(to: key, body: [1], in: $0) } == nil)
  }
}
