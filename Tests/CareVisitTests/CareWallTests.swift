import Access
import CareVisitContract
import CareVisitDomain
import CareVisitService
import CommonContract
import Crypto
import Foundation
import Journal
import Kernel
import Lifecycle
import Persistence
import RPC
import Runtime
import TestSupport
import Testing
import Wire
import WireTypes
import WorkClock

/// Every RPC of the register over a real connection, walked from its contract: an RPC that is added is walked, too.
@Suite struct CareWallTests {
  struct Walk {
    let bench: CareBench
    let walker: Walker
    let methods: [MethodType]
    var rules: [String: AccessRule] { walker.rules }

    init() async throws {
      bench = try CareBench()
      walker = try await Walker(bench.service.parts)
      methods = try DescriptorPool(files: CareVisitV1.fileDescriptors).services
        .filter { $0.fullName.hasPrefix("huying.care_visit.") }.flatMap(\.methods)
    }

    func close() async { await walker.close() }

    func call(_ method: MethodType, _ message: [UInt8], as who: Staff.Who?) async throws -> Status? {
      try await walker.call(method, message, as: who)
    }

    /// Somebody of the directory in a role that may call it.
    func caller(_ method: MethodType) -> Staff.Who? { Staff.all.first { walker.permits($0.role, method) } }
  }

  @Test func `S10: every RPC lets in the roles that its contract names, and no other`() async throws {
    let walk = try await Walk()
    for method in walk.methods {
      let rule = try #require(walk.rules[method.path])
      #expect(!rule.everyRole && !rule.roles.isEmpty, "\(method.path)")
      for role in Role.allCases where role != .system {
        let who = Staff.Who(id: "somebody", role: role, organisation: "county-gov")
        let answer = try await walk.call(method, [], as: who)
        let isRefused = answer?.reasons.map(\.code) == ["ROLE_NOT_ALLOWED"]
        #expect(isRefused == !rule.roles.contains(role), "\(role.rawValue) at \(method.path)")
        // The role of the token alone opens nothing about people: the directory has to know the caller.
        if !isRefused, role != .auditor { #expect(answer?.reasons.map(\.code) == ["STANDING_LOST"], "\(method.path)") }
      }
      #expect(try await walk.call(method, [], as: nil)?.code == .unauthenticated)
    }
    await walk.close()
  }

  @Test func `S10: roles that handle cases, grade people or look on have no RPC here`() async throws {
    let walk = try await Walk()
    let allowed = Set(walk.methods.flatMap { walk.rules[$0.path]?.roles ?? [] })
    #expect(
      allowed == [
        .gridLead, .careVisitor, .dataProtectionOfficer, .departmentLeader, .departmentClerk, .auditor,
      ])
    await walk.close()
  }

  @Test func `S10: whatever is sent, the answer is a documented reason, and nothing has changed`() async throws {
    let walk = try await Walk()
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let documented = try String(contentsOf: root.appending(path: "docs/contracts.md"), encoding: .utf8)
    _ = try await walk.bench.activeEnrolment()
    let before = try walk.bench.journal().count
    for method in walk.methods {
      let who = try #require(walk.caller(method))
      for (kind, bytes) in badRequests(of: method.request) {
        // Words and small numbers are a programme.
        if method.name == "ProposeProgramme", kind == "ids of nobody" { continue }
        let answer = try await walk.call(method, bytes, as: who)
        let place: Comment = "\(kind) to \(method.path): \(String(describing: answer))"
        guard let answer else {
          #expect(method.request.field(named: "request_id") == nil && method.name != "RevealIdentity", place)
          continue
        }
        #expect(!answer.reasons.isEmpty, place)
        #expect(answer.reasons.allSatisfy { documented.contains("| `\($0.code)` |") }, place)
      }
    }
    #expect(try walk.bench.journal().count == before)
    await walk.close()
  }

  private func badRequests(of type: MessageType) -> [(String, [UInt8])] {
    [
      ("nothing", []), ("half a message", [0x0a, 0x7f]), ("no message", [0xff, 0xff]),
      ("texts that are too long", filled(type, text: String(repeating: "长", count: 20_000), number: 0)),
      ("numbers that nobody knows", filled(type, text: "x", number: 999)),
      ("ids of nobody", filled(type, text: "no-such-thing", number: 1)),
      ("less than nothing", filled(type, text: "-1", number: -1)), ("U+0000", filled(type, text: "a\u{0}b", number: 0)),
    ]
  }

  private func filled(_ type: MessageType, text: String, number: Int32) -> [UInt8] {
    message(type, text, number, depth: 3).encoded()
  }

  private func message(_ type: MessageType, _ text: String, _ number: Int32, depth: Int) -> DynamicMessage {
    var message = DynamicMessage(type)
    for field in type.fields where field.mapEntry == nil {
      let value: DynamicValue? =
        switch field.kind {
        case .string: .string(text)
        case .bytes: .bytes(Array(text.utf8))
        case .bool: .bool(number > 0)
        case .enumeration: .enumeration(number)
        case .int32: .int32(number)
        case .int64: .int64(Int64(number))
        case .uint64: .uint64(UInt64(truncatingIfNeeded: number))
        case .message(let inner): depth > 0 ? .message(self.message(inner, text, number, depth: depth - 1)) : nil
        default: nil
        }
      guard let value else { continue }
      message.fields[field.number] = field.isRepeated ? .list([value]) : value
    }
    return message
  }
}

/// Calls what is served over a real connection, signed as the gateway signs.
struct Walker {
  let server: Server
  let channel: RPC.Channel
  let signature = ActorSignature(key: SymmetricKey(data: [UInt8](repeating: 3, count: 32)))
  let rules: [String: AccessRule]

  init(_ parts: ServiceParts) async throws {
    rules = parts.accessRules
    server = Server(
      ServerConfiguration(.tcp(host: "127.0.0.1", port: 0)), services: parts.services,
      interceptors: [ActorInterceptor(signature: signature, rules: rules, county: "379922000000")])
    try await server.start()
    channel = Channel(target: "127.0.0.1:\(server.port)")
  }

  func close() async {
    await channel.close(within: .seconds(1))
    await server.drain(within: .seconds(1))
  }

  func permits(_ role: Role, _ method: MethodType) -> Bool { rules[method.path]?.roles.contains(role) == true }

  /// How calling `method` with `message` ends; `nil`: with success.
  func call(_ method: MethodType, _ message: [UInt8], as who: Staff.Who?) async throws -> Status? {
    let descriptor = try #require(MethodDescriptor(path: method.path))
    var options = CallOptions(timeout: .seconds(60))
    if let who {
      let actor = Actor(
        personID: who.id, organisationID: who.organisation, role: who.role, countyCode: "379922000000")
      options.metadata = signature.sign(actor, path: method.path)
    }
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
}
