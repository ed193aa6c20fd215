import Access
import CommonContract
import Crypto
import DisputeContract
import DisputeDomain
@testable import DisputeService
import Journal
import Kernel
import Persistence
import RPC
import Runtime
import TestSupport
import Testing
import Wire
import WireTypes

/// Bad input to every RPC that the contracts of dispute name, over a real connection: made from the descriptors, so that a new RPC is
/// walked too. The documented reason, never INTERNAL, and nothing changed.
@Suite struct BadInputTests {
  /// A served bench, and somebody who calls it.
  struct Walk {
    let bench: DisputeBench
    let server: Server
    let channel: Channel
    let signature = ActorSignature(key: SymmetricKey(data: [UInt8](repeating: 3, count: 32)))
    let pool: DescriptorPool
    let rules: [String: AccessRule]

    init() async throws {
      bench = try await DisputeBench()
      let parts = DisputeService(bench.bench.shell, county: Scenery.county).parts
      rules = parts.accessRules
      server = Server(
        ServerConfiguration(.tcp(host: "127.0.0.1", port: 0)), services: parts.services,
        interceptors: [ActorInterceptor(signature: signature, rules: rules, county: Scenery.county.text)])
      try await server.start()
      channel = Channel(target: "127.0.0.1:\(server.port)")
      pool = try DescriptorPool(files: DisputeV1.fileDescriptors)
    }

    func close() async {
      await channel.close(within: .seconds(1))
      await server.drain(within: .seconds(1))
    }

    /// Everything but the inbox, which only the gateway speaks to.
    var methods: [MethodType] {
      pool.services.filter { $0.fullName.hasPrefix("huying.dispute.") && !$0.fullName.hasSuffix("InboxService") }
        .flatMap(\.methods)
    }

    /// How calling `method` with `message` fails; `nil`: it does not.
    func call(_ method: MethodType, _ message: [UInt8], as actor: Actor?) async throws -> Status? {
      let descriptor = try #require(MethodDescriptor(path: method.path))
      var options = CallOptions(timeout: .seconds(60))
      if let actor { options.metadata = signature.sign(actor, path: method.path) }
      let call = channel.call(descriptor, options)
      do throws(Status) {
        try await call.send(message)
        try await call.finishSending()
        while try await call.next() != nil {}
        return nil
      } catch {
        return error
      }
    }

    /// Somebody of the case's township, or of another, in a role that may call it.
    func caller(_ method: MethodType, elsewhere: Bool = false) -> Actor? {
      guard let rule = rules[method.path] else { return nil }
      let desks: [(Role, String, String)] = [
        (.levelClerk, "centre-clerk", "centre"), (.gridMember, "member", "village"),
        (.townshipLeader, "leader", "street"), (.hotlineOperator, "operator", "hotline"),
      ]
      for (role, person, organisation) in desks where rule.everyRole || rule.roles.contains(role) {
        return elsewhere
          ? Scenery.actor("stranger", role, of: "elsewhere") : Scenery.actor(person, role, of: organisation)
      }
      return rule.roles.first.map { Scenery.actor("somebody", $0, of: "county") }
    }
  }

  /// A status as the test says it.
  private func words(_ status: Status?) -> String {
    status.map { "\($0.code.name) \($0.reasons.map(\.code)) \($0.message)" } ?? "OK"
  }

  private func isCommand(_ type: MessageType) -> Bool {
    ["request_id", "case_id", "expected_version"].allSatisfy { type.field(named: $0) != nil }
  }

  /// A request with every field set to nonsense: numbers of no enum, ids of nobody, times of no year, negative numbers.
  private func nonsense(_ type: MessageType, _ depth: Int = 0) -> DynamicMessage {
    var message = DynamicMessage(type)
    for field in type.fields where field.mapEntry == nil {
      let value: DynamicValue? =
        switch field.kind {
        case .enumeration: .enumeration(999)
        case .string: .string("\u{7}nobody-\(field.number)")
        case .bytes: .bytes([0xff, 0xfe])
        case .bool: .bool(true)
        case .int32: .int32(-7)
        case .int64: .int64(-7)
        case .uint64: .uint64(UInt64.max)
        case .uint32: .uint32(UInt32.max)
        case .double: .double(-1e300)
        case .float: .float(-1e30)
        case .message(let inner): depth < 3 ? .message(nonsense(inner, depth + 1)) : nil
        default: nil
        }
      guard let value else { continue }
      message.fields[field.number] = field.isRepeated ? .list([value]) : value
    }
    return message
  }

  @Test func `nobody calls without a name, and nobody in a role that the contract does not list`() async throws {
    let walk = try await Walk()
    let head = try walk.bench.bench.database.readInline { try Journal.head(in: $0).seq }
    #expect(walk.methods.count >= 55)
    for method in walk.methods {
      let nameless = try await walk.call(method, [], as: nil)
      #expect(nameless?.code == .unauthenticated, "\(method.path)")
      let rule = try #require(walk.rules[method.path], "\(method.path) has no access rule")
      guard !rule.everyRole, let role = Role.allCases.first(where: { !rule.roles.contains($0) }) else { continue }
      let denied = try await walk.call(method, [], as: Scenery.actor("somebody", role, of: "centre"))
      #expect(denied?.code == .permissionDenied && denied?.reasons.isEmpty == false, "\(method.path) as \(role)")
    }
    #expect(try walk.bench.bench.database.readInline { try Journal.head(in: $0).seq } == head)
    await walk.close()
  }

  @Test func `every command refuses what is missing, foreign, stale or of nobody, and changes nothing`() async throws {
    let walk = try await Walk()
    let id = try await walk.bench.report().caseID
    let before = try walk.bench.foldedAndStored(id).stored
    let head = try walk.bench.bench.database.readInline { try Journal.head(in: $0).seq }
    var walked = 0
    for method in walk.methods where isCommand(method.request) {
      walked += 1
      let actor = try #require(walk.caller(method))
      func codes(_ change: (inout DynamicMessage) -> Void, as other: Actor? = nil) async throws -> [String] {
        var message = DynamicMessage(method.request)
        change(&message)
        let status = try await walk.call(method, message.encoded(), as: other ?? actor)
        #expect(
          status != nil && status?.code != .internal && status?.code != .unknown, "\(method.path): \(words(status))")
        return status?.reasons.map(\.code) ?? ["OK"]
      }
      #expect(try await codes { _ in } == ["REQUEST_ID_MISSING"], "\(method.path)")
      let foreign = try await codes {
        $0["request_id"] = .string("f-\(walked)")
        $0["case_id"] = .string("nobody's")
        $0["expected_version"] = .uint64(1)
      }
      #expect(foreign == ["CASE_NOT_FOUND"], "\(method.path)")
      let unread = try await codes {
        $0["request_id"] = .string("u-\(walked)")
        $0["case_id"] = .string(id)
      }
      #expect(
        unread == ["EXPECTED_VERSION_MISSING"] || unread == ["JURISDICTION_MISMATCH"], "\(method.path): \(unread)")
      let stale = try await codes {
        $0["request_id"] = .string("s-\(walked)")
        $0["case_id"] = .string(id)
        $0["expected_version"] = .uint64(77)
      }
      #expect(stale == ["VERSION_CONFLICT"] || stale == ["JURISDICTION_MISMATCH"], "\(method.path): \(stale)")
      let stranger = try #require(walk.caller(method, elsewhere: true))
      guard stranger.role != .hotlineOperator else { continue }
      let elsewhere = try await codes(
        {
          $0["request_id"] = .string("e-\(walked)")
          $0["case_id"] = .string(id)
          $0["expected_version"] = .uint64(1)
        }, as: stranger)
      #expect(elsewhere == ["JURISDICTION_MISMATCH"], "\(method.path): \(elsewhere)")
    }
    #expect(walked >= 45)
    #expect(try walk.bench.foldedAndStored(id).stored == before)
    #expect(try walk.bench.bench.database.readInline { try Journal.head(in: $0).seq } == head)
    await walk.close()
  }

  @Test func `nonsense in every field of every RPC is answered with a reason, never with a failure of ours`()
    async throws
  {
    let walk = try await Walk()
    let id = try await walk.bench.report().caseID
    let before = try walk.bench.foldedAndStored(id).stored
    for method in walk.methods {
      let actor = try #require(walk.caller(method))
      var message = nonsense(method.request)
      for changed in [false, true] {
        if changed {
          message["case_id"] = .string(id)
          message["expected_version"] = .uint64(1)
        }
        let status = try await walk.call(method, message.encoded(), as: actor)
        let ours: [Code] = [.internal, .unknown, .deadlineExceeded]
        #expect(status.map { !ours.contains($0.code) } ?? true, "\(method.path): \(words(status))")
        if let status { #expect(!status.reasons.isEmpty, "\(method.path): \(words(status))") }
      }
    }
    let after = try walk.bench.foldedAndStored(id)
    #expect(after.folded == after.stored)
    #expect(after.stored?.origin.reportTime == before?.origin.reportTime)
    await walk.close()
  }

  @Test func `bytes that are no message, and texts that nobody reads, are refused everywhere`() async throws {
    let walk = try await Walk()
    let id = try await walk.bench.report().caseID
    let before = try walk.bench.foldedAndStored(id).stored
    let huge = String(repeating: "长", count: 25_000)
    for method in walk.methods {
      let actor = try #require(walk.caller(method))
      let broken = try await walk.call(method, [0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f], as: actor)
      #expect(
        broken?.code == .internal && broken?.reasons.map(\.code) == ["MESSAGE_MALFORMED"],
        "\(method.path): \(words(broken))")
      guard isCommand(method.request) else { continue }
      for field in method.request.fields.dropFirst(3) {
        guard case .string = field.kind, !field.isRepeated, !field.name.hasSuffix("_id") else { continue }
        var message = DynamicMessage(method.request)
        message["request_id"] = .string("t-\(field.number)")
        message["case_id"] = .string(id)
        message["expected_version"] = .uint64(1)
        message[field.name] = .string(huge)
        let status = try await walk.call(method, message.encoded(), as: actor)
        #expect(
          status != nil && status?.code != .internal, "\(method.path) \(field.name): \(words(status))")
      }
    }
    #expect(try walk.bench.foldedAndStored(id).stored == before)
    await walk.close()
  }

  @Test func `the same request_id with another body is refused`() async throws {
    let walk = try await Walk()
    let method = try #require(walk.methods.first { $0.name == "ReportCase" })
    func report(_ title: String) async throws -> Status? {
      let request = DisputeV1.ReportCaseRequest(requestID: "once", kind: .matter, gridID: "rural", title: title)
      return try await walk.call(method, request.encoded(), as: Scenery.member)
    }
    #expect(try await report("路灯") == nil)
    #expect(try await report("路灯") == nil)
    let other = try await report("井盖")
    #expect(other?.code == .alreadyExists && other?.reasons.map(\.code) == ["IDEMPOTENCY_MISMATCH"])
    await walk.close()
  }
}
