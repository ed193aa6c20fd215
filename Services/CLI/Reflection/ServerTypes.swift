import RPC
import ReflectionContract
import Wire
import WireTypes

/// What a server says of itself by reflection v1: its services, and the types of those that are asked about.
struct ServerTypes: Sendable {
  private let channel: Channel
  private let options: CallOptions

  init(_ channel: Channel, _ options: CallOptions = CallOptions(timeout: .seconds(10))) {
    self.channel = channel
    self.options = options
  }

  /// Full names of the services, in alphabetical order.
  func services() async throws -> [String] {
    let answers = try await ask([.listServices("")])
    guard case .listServicesResponse(let list) = answers.first else { throw Self.cannotReflect }
    return list.service.map(\.name).sorted()
  }

  /// The types that `symbol` (a service, a message, a method's service) needs.
  func pool(for symbol: String) async throws -> DescriptorPool {
    var files: [String: GoogleProtobuf.FileDescriptorProto] = [:]
    var bytes: [String: [UInt8]] = [:]
    var questions: [ReflectionV1.ServerReflectionRequest.OneOfMessageRequest] = [.fileContainingSymbol(symbol)]
    while !questions.isEmpty {
      for answer in try await ask(questions) {
        switch answer {
        case .fileDescriptorResponse(let response):
          for file in response.fileDescriptorProto {
            let descriptor = try GoogleProtobuf.FileDescriptorProto(decoding: file)
            files[descriptor.name ?? ""] = descriptor
            bytes[descriptor.name ?? ""] = file
          }
        case .errorResponse(let error):
          throw Complaint("the server has no \(symbol): \(error.errorMessage)", exitCode: 64 + 5)
        default: throw Self.cannotReflect
        }
      }
      let missing = Set(files.values.flatMap(\.dependency)).subtracting(files.keys)
      questions = missing.sorted().map { .fileByFilename($0) }
    }
    return try DescriptorPool(files: Self.ordered(files).map { ($0, bytes[$0] ?? []) })
  }

  /// Imported files first.
  private static func ordered(_ files: [String: GoogleProtobuf.FileDescriptorProto]) -> [String] {
    var result: [String] = []
    var seen: Set<String> = []
    func visit(_ name: String) {
      guard seen.insert(name).inserted, let file = files[name] else { return }
      for dependency in file.dependency { visit(dependency) }
      result.append(name)
    }
    for name in files.keys.sorted() { visit(name) }
    return result
  }

  private func ask(
    _ questions: [ReflectionV1.ServerReflectionRequest.OneOfMessageRequest]
  ) async throws -> [ReflectionV1.ServerReflectionResponse.OneOfMessageResponse] {
    let call: StreamingCall<ReflectionV1.ServerReflectionRequest, ReflectionV1.ServerReflectionResponse> =
      channel.streaming(ReflectionV1.ServerReflectionMethods.serverReflectionInfo, options)
    for question in questions { try await call.send(.init(messageRequest: question)) }
    try await call.finishSending()
    var answers: [ReflectionV1.ServerReflectionResponse.OneOfMessageResponse] = []
    while let response = try await call.responses.next() {
      if let answer = response.messageResponse { answers.append(answer) }
    }
    return answers
  }

  private static let cannotReflect = Complaint("the server's reflection answers with something else", exitCode: 64 + 13)
}

/// The name that a person gave for a method: `huying.dispute.v1.CaseService/GetCase`, with a dot, or with a slash in front.
struct MethodName {
  let service: String
  let method: String

  init(_ text: String) throws(Complaint) {
    let name = text.hasPrefix("/") ? String(text.dropFirst()) : text
    guard let cut = name.lastIndex(of: "/") ?? name.lastIndex(of: "."), cut != name.startIndex,
      name.index(after: cut) != name.endIndex
    else { throw Complaint("\(text) is no method; write package.Service/Method") }
    service = String(name[..<cut])
    method = String(name[name.index(after: cut)...])
  }

  var path: String { "/\(service)/\(method)" }
}
