import RPC
import ReflectionContract
import Synchronization
import Wire
import WireTypes

/// What a server says of itself by reflection: v1, and v1alpha where that does not answer.
final class ReflectedSchemas: SchemaSource {
  typealias Question = ReflectionV1.ServerReflectionRequest.OneOfMessageRequest
  typealias Answer = ReflectionV1.ServerReflectionResponse.OneOfMessageResponse

  /// The two published versions: the same messages under two names.
  enum Version: String, Sendable {
    case v1
    case v1alpha

    var method: MethodDescriptor {
      MethodDescriptor(
        service: "grpc.reflection.\(rawValue).ServerReflection", name: "ServerReflectionInfo", clientStreaming: true,
        serverStreaming: true)
    }
  }

  private let channel: Channel
  private let options: CallOptions
  private let spoken = Mutex<Version?>(nil)

  init(_ channel: Channel, _ options: CallOptions) {
    self.channel = channel
    self.options = options
  }

  var title: String { spoken.withLock { $0.map { "reflection \($0.rawValue)" } ?? "reflection" } }

  func services() async throws -> [String] {
    guard case .listServicesResponse(let list)? = try await ask([.listServices("")]).first else {
      throw Self.isConfused
    }
    return list.service.map(\.name).sorted()
  }

  func schema(declaring symbol: String) async throws -> Schema? {
    var files: [String: SchemaFile] = [:]
    guard try await collect([.fileContainingSymbol(symbol)], into: &files) else { return nil }
    return try await whole(&files)
  }

  func schema(of services: [String]) async throws -> Schema {
    var files: [String: SchemaFile] = [:]
    _ = try await collect(services.map { .fileContainingSymbol($0) }, into: &files)
    return try await whole(&files)
  }

  /// A server may forget to import what it uses; then the type itself is asked for, a few times.
  private func whole(_ files: inout [String: SchemaFile]) async throws -> Schema {
    var asked: Set<String> = []
    while true {
      do { return try Schema(Array(files.values)) } catch let failure as SchemaFailure {
        guard let type = failure.missingType, asked.insert(type).inserted,
          try await collect([.fileContainingSymbol(type)], into: &files)
        else { throw failure.complaint }
      }
    }
  }

  /// Asks, and goes on asking for what the answers import. Whether the first questions were answered with files.
  private func collect(_ questions: [Question], into files: inout [String: SchemaFile]) async throws -> Bool {
    var questions = questions
    var asked: Set<String> = []
    var hasFound: Bool?
    var refusal: Status?
    while !questions.isEmpty {
      var found = false
      for answer in try await ask(questions) {
        switch answer {
        case .fileDescriptorResponse(let response):
          found = true
          for bytes in response.fileDescriptorProto {
            let file = try SchemaFile(bytes: bytes)
            files[file.name] = file
          }
        case .errorResponse(let error):
          // A file that the server does not serve may be one that we have, or one that nothing needs.
          if error.errorCode != Code.notFound.rawValue { refusal = refusal ?? Self.refusal(error) }
        default: throw Self.isConfused
        }
      }
      if !found, hasFound == nil, let refusal { throw refusal }
      hasFound = hasFound ?? found
      let missing = Set(files.values.flatMap(\.descriptor.dependency)).subtracting(files.keys).subtracting(asked)
      asked.formUnion(missing)
      questions = missing.sorted().map { .fileByFilename($0) }
    }
    return hasFound ?? false
  }

  private func ask(_ questions: [Question]) async throws -> [Answer] {
    if let version = spoken.withLock({ $0 }) { return try await ask(questions, version) }
    let answers: [Answer]
    do {
      answers = try await ask(questions, .v1)
      spoken.withLock { $0 = .v1 }
    } catch let first where Self.mayBeOlder(first) {
      do { answers = try await ask(questions, .v1alpha) } catch { throw Self.clearer(first, error) }
      spoken.withLock { $0 = .v1alpha }
    }
    return answers
  }

  /// Servers that know v1alpha only say so in many ways: a gateway or a guard in front of them may answer for them.
  private static func mayBeOlder(_ error: any Error) -> Bool {
    guard let status = error as? Status else { return false }
    return status.code != .cancelled && status.code != .deadlineExceeded
  }

  /// Of two failures the one that helps.
  private static func clearer(_ first: any Error, _ second: any Error) -> any Error {
    guard let one = first as? Status, let two = second as? Status else { return first }
    guard one.code == .unimplemented else { return one }
    guard two.code == .unimplemented else { return two }
    return Complaint(
      "服务器没有反射：请用 --proto 或 --protoset 给出类型",
      "the server has no reflection; give the types with --proto or --protoset", exitCode: 64 + 12)
  }

  /// Each question has one answer, in order: asked one by one, so that a server that reads slowly is not overrun.
  private func ask(_ questions: [Question], _ version: Version) async throws -> [Answer] {
    let call: StreamingCall<ReflectionV1.ServerReflectionRequest, ReflectionV1.ServerReflectionResponse> =
      channel.streaming(version.method, options)
    var answers: [Answer] = []
    for question in questions {
      try await call.send(.init(messageRequest: question))
      guard let answer = try await call.responses.next()?.messageResponse else { throw Self.isConfused }
      answers.append(answer)
    }
    try await call.finishSending()
    while try await call.responses.next() != nil {}
    return answers
  }

  private static func refusal(_ error: ReflectionV1.ErrorResponse) -> Status {
    Status(Code(rawValue: Int(error.errorCode)) ?? .unknown, Say.of("反射：", "reflection: ") + error.errorMessage)
  }

  private static let isConfused = Complaint(
    "服务器的反射答非所问", "the server's reflection answers with something else", exitCode: 64 + 13)
}
