import Access
import CareVisitContract
import CommonContract
import DisputeContract
import FeedContract
import Foundation
import GridRegistryContract
import Kernel
import RPC
import Runtime
import Testing
import TestSupport
import Wire
import WireTypes

/// What stands around every RPC of grid-registry, dispute and the care-visit register, walked from their contracts: an RPC that is added is walked, too.
extension Scenarios {
  @Test func `every RPC lets in the roles that its contract names, and no other`() async throws {
    try await Scenarios.withCounty(variables: ["HUYING_CARE_VISITS": "on"]) { stack in
      let walk = try Walk()
      for role in Role.allCases where role != .system {
        let channel = try await stack.channel(role)
        for method in walk.methods {
          let rule = try #require(walk.rules[method.path])
          let answer = await walk.answer(channel, method, [])
          let isAllowed = rule.everyRole || rule.roles.contains(role)
          let isRefused = answer?.reasons.map(\.code) == ["ROLE_NOT_ALLOWED"]
          #expect(isRefused == !isAllowed, "\(role.rawValue) at \(method.path): \(String(describing: answer))")
          if isRefused { #expect(answer?.code == .permissionDenied) }
        }
      }
    }
  }

  @Test func `no RPC that writes takes an id of more than 128 characters`() async throws {
    try await Scenarios.withCounty(variables: ["HUYING_CARE_VISITS": "on"]) { stack in
      let walk = try Walk()
      let before = try await walk.heads(stack)
      var walked = 0
      for method in walk.methods {
        let ids = method.request.fields.filter { field in
          guard case .string = field.kind, field.name != "request_id" else { return false }
          return field.name.hasSuffix("_id") || field.name.hasSuffix("_ids")
        }
        // The care-visit register asks who somebody is before it reads what he sends.
        guard !method.path.contains("care_visit"),
          method.request.field(named: "request_id") != nil, !method.name.hasPrefix("Import"), !ids.isEmpty,
          let rule = walk.rules[method.path],
          let role = rule.everyRole ? .countyAdmin : rule.roles.min(by: { $0.rawValue < $1.rawValue })
        else { continue }
        walked += 1
        var request = DynamicMessage(method.request)
        if let field = method.request.field(named: "request_id") { request.fields[field.number] = .string("walk") }
        for field in method.request.fields {
          if case .enumeration = field.kind, !field.isRepeated { request.fields[field.number] = .enumeration(1) }
        }
        for field in ids {
          let long = DynamicValue.string(String(repeating: "x", count: 129))
          request.fields[field.number] = field.isRepeated ? .list([long]) : long
        }
        let answer = await walk.answer(try await stack.channel(role), method, request.encoded())
        let place: Comment = "\(method.path): \(String(describing: answer))"
        #expect(answer?.code == .invalidArgument, place)
        #expect(answer?.reasons.map(\.code) == ids.map { _ in "ID_TOO_LONG" }, place)
        #expect(Set(answer?.reasons.map(\.field) ?? []) == Set(ids.map(\.name)), place)
      }
      #expect(walked > 80)
      #expect(try await walk.types(stack, after: before) == [])
    }
  }

  @Test func `whatever is sent to an RPC, it says what is wrong in words of its contract, and nothing has changed`()
    async throws
  {
    try await Scenarios.withCounty(variables: ["HUYING_CARE_VISITS": "on"]) { stack in
      let walk = try Walk()
      let before = try await walk.heads(stack)
      for method in walk.methods {
        let rule = try #require(walk.rules[method.path])
        let roles: [Role] = rule.everyRole ? [.countyAdmin] : [.countyAdmin, .countyIT, .levelClerk, .gridCentre]
        let role =
          roles.first { rule.everyRole || rule.roles.contains($0) } ?? rule.roles.min { $0.rawValue < $1.rawValue }
          ?? .countyAdmin
        let channel = try await stack.channel(role)
        for (kind, bytes) in Walk.badRequests(of: method.request) {
          let answer = await walk.answer(channel, method, bytes)
          let place: Comment = "\(kind) to \(method.path): \(String(describing: answer))"
          guard let answer else {
            // A question may be answered, an import says of each row what is wrong with it; nothing may be written.
            // A sweep needs nothing but a reason.
            let isWrite =
              method.request.field(named: "request_id") != nil && !method.name.hasPrefix("Import")
              && method.name != "SweepRetention"
            #expect(!isWrite, place)
            continue
          }
          #expect(Walk.codes.contains(answer.code), place)
          #expect(!answer.reasons.isEmpty, place)
          #expect(answer.reasons.allSatisfy { walk.registry.contains("`\($0.code)`") }, place)
          #expect(Walk.secrets.allSatisfy { !answer.message.contains($0) }, place)
          let words = String(decoding: answer.details ?? [], as: UTF8.self).unicodeScalars
          #expect(words.contains { (0x4e00...0x9fff).contains($0.value) }, place)
        }
      }
      // Who searched for what is written down, found or not; nothing else is.
      let written = try await walk.types(stack, after: before).filter { $0 != "cases.searched" }
      #expect(written == [])
      try await stack.expectSoundness()
    }
  }
}

/// The RPCs of the two services as their contracts describe them.
private struct Walk {
  let methods: [MethodType]
  let rules: [String: AccessRule]
  /// The published list of reasons.
  let registry: String

  /// What a request that cannot be carried out is answered with.
  static let codes: Set<Code> = [
    .invalidArgument, .failedPrecondition, .notFound, .permissionDenied, .outOfRange, .alreadyExists, .aborted,
    .resourceExhausted, .internal, .unavailable,
  ]
  /// What no answer shows.
  static let secrets = ["/src", ".swift", ".sqlite", "SELECT", "INSERT", "UPDATE ", "Fatal"]

  init() throws {
    let files = joinedFiles([
      GoogleProtobuf.fileDescriptors, GoogleAPI.fileDescriptors, CommonV1.fileDescriptors, FeedV1.fileDescriptors,
      GridRegistryV1.fileDescriptors, DisputeV1.fileDescriptors, CareVisitV1.fileDescriptors,
    ])
    let pool = try DescriptorPool(files: files)
    rules = GridRegistryV1.accessRules.merging(DisputeV1.accessRules) { own, _ in own }
      .merging(CareVisitV1.accessRules) { own, _ in own }
    methods = pool.services.flatMap(\.methods)
      .filter { [rules] in rules[$0.path] != nil && !$0.path.contains("InboxService") }
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    registry = try String(contentsOf: root.appending(path: "docs/contracts.md"), encoding: .utf8)
  }

  /// Where the journals of the two services stand.
  func heads(_ stack: RunningStack) async throws -> [(service: ServiceIdentity, seq: Int64)] {
    var heads: [(ServiceIdentity, Int64)] = []
    for service in [ServiceIdentity.gridRegistry, .dispute] {
      heads.append((service, try await stack.head(of: service).seq))
    }
    return heads
  }

  /// The types of what was written since then.
  func types(_ stack: RunningStack, after heads: [(service: ServiceIdentity, seq: Int64)]) async throws -> [String] {
    var types: [String] = []
    for (service, seq) in heads {
      let method = FeedV1.FeedServiceMethods.pullEvents
      let metadata = try stack.signature().sign(.system(county: "379922000000"), path: method.path)
      let options = CallOptions(metadata: metadata, timeout: .seconds(10))
      let client = FeedV1.FeedServiceClient(await stack.direct(service))
      types += try await client.pullEvents(.init(afterSeq: seq, pageSize: 500), options: options).events.map(
        \.eventType)
    }
    return types
  }

  /// How a call with one message ends; `nil`: with success.
  func answer(_ channel: RPC.Channel, _ method: MethodType, _ request: [UInt8]) async -> Status? {
    let parts = method.path.split(separator: "/")
    let descriptor = MethodDescriptor(
      service: String(parts[0]), name: String(parts[1]), clientStreaming: method.clientStreaming,
      serverStreaming: method.serverStreaming)
    let options = CallOptions(metadata: Metadata(["accept-language": "zh-CN"]), timeout: .seconds(60))
    let call = channel.call(descriptor, options)
    do {
      try await call.send(request)
      try await call.finishSending()
      while try await call.next() != nil {}
      return nil
    } catch { return Status(error) }
  }

  /// Requests of `type` that are wrong, each in a way of its own.
  static func badRequests(of type: MessageType) -> [(String, [UInt8])] {
    [
      ("nothing", []), ("half a message", [0x0a, 0x7f]), ("no message", [0xff, 0xff]),
      ("texts that are too long", filled(type, text: String(repeating: "长", count: 20_000), number: 0)),
      ("numbers that nobody knows", filled(type, text: "", number: 999)),
      ("ids of nobody", filled(type, text: "no-such-thing", number: 0)),
      ("ids of nobody, with numbers", filled(type, text: "no-such-thing", number: 1)),
      ("less than nothing", filled(type, text: "-1", number: -1)),
      ("another's place", filled(type, text: "379923001000", number: 1)),
      ("U+0000", filled(type, text: "a\u{0}b", number: 0)),
    ]
  }

  /// A message with every field set, three levels deep.
  private static func filled(_ type: MessageType, text: String, number: Int32) -> [UInt8] {
    message(type, text, number, depth: 3).encoded()
  }

  private static func message(_ type: MessageType, _ text: String, _ number: Int32, depth: Int) -> DynamicMessage {
    var message = DynamicMessage(type)
    var oneofs: Set<String> = []
    for field in type.fields where field.mapEntry == nil {
      if let oneof = field.oneof, !oneofs.insert(oneof).inserted { continue }
      guard let value = value(field.kind, text, number, depth: depth) else { continue }
      message.fields[field.number] = field.isRepeated ? .list([value]) : value
    }
    return message
  }

  private static func value(_ kind: FieldType.Kind, _ text: String, _ number: Int32, depth: Int) -> DynamicValue? {
    switch kind {
    case .string: text.isEmpty ? nil : .string(text)
    case .bytes: .bytes(Array(text.utf8))
    case .double: .double(Double(number))
    case .float: .float(Float(number))
    case .int64, .sint64, .sfixed64: .int64(Int64(number))
    case .uint64, .fixed64: .uint64(UInt64(truncatingIfNeeded: number))
    case .int32, .sint32, .sfixed32: .int32(number)
    case .uint32, .fixed32: .uint32(UInt32(truncatingIfNeeded: number))
    case .bool: .bool(number > 0)
    case .enumeration: .enumeration(number)
    case .message(let inner): depth > 0 ? .message(message(inner, text, number, depth: depth - 1)) : nil
    }
  }
}
