import ArgumentParser
import Foundation
import Kernel
import RPC
import Wire
import WireTypes

/// `huying call SERVICE/METHOD`: any RPC of any server.
struct Call: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Call an RPC of the gateway, or, by reflection, of any gRPC server.",
    discussion: """
        huying call huying.dispute.v1.CaseService/ListCases -d '{"page_size": 3}'
        huying call huying.dispute.v1.CaseService/GetCase -d @request.json
        echo '{}' | huying call grpc.health.v1.Health/Check -d - --target 127.0.0.1:50051
      The answer is JSON on standard output, one message after another. Exit code 64 + code for a gRPC status.
      """)

  @Argument(help: "package.Service/Method.")
  var method: String

  @Option(
    name: [.short, .long],
    help: "The request as JSON, @FILE, or - for standard input; several messages for a client stream.")
  var data = "{}"

  @Flag(help: "Print fields that have their default value, too.")
  var emitDefaults = false

  @Flag(name: [.customShort("c"), .long], help: "One line a message.")
  var compact = false

  @OptionGroup var server: ServerOptions

  func run() async throws {
    let name = try MethodName(method)
    let channel = server.channel()
    let pool = try await ServerTypes(channel, try server.callOptions()).pool(for: name.service)
    guard let type = pool.method(path: name.path) else {
      throw Complaint("\(name.service) has no method \(name.method)", exitCode: 64 + 12)
    }
    var json = ProtoJSON(pool: pool)
    json.printsDefaults = emitDefaults
    json.usesProtoNames = true
    let requests = try messages(json, type.request)
    guard type.clientStreaming || requests.count == 1 else {
      throw Complaint("\(method) takes one message; there are \(requests.count)")
    }
    let descriptor = MethodDescriptor(
      service: name.service, name: name.method, clientStreaming: type.clientStreaming,
      serverStreaming: type.serverStreaming)
    let call = channel.call(descriptor, try server.callOptions())
    for request in requests { try await call.send(request.encoded()) }
    try await call.finishSending()
    while let bytes = try await call.next() {
      let answer = try DynamicMessage(decoding: bytes, as: type.response)
      print(try json.text(answer, pretty: !compact))
    }
    await channel.close(within: .seconds(1))
  }

  /// One JSON value after another.
  private func messages(_ json: ProtoJSON, _ type: MessageType) throws -> [DynamicMessage] {
    let text: [UInt8]
    if data == "-" {
      text = Array(FileHandle.standardInput.readDataToEndOfFile())
    } else if data.hasPrefix("@") {
      let path = String(data.dropFirst())
      guard let content = FileManager.default.contents(atPath: path) else {
        throw Complaint("there is no readable file \(path)")
      }
      text = Array(content)
    } else {
      text = Array(data.utf8)
    }
    return try JSONSequence.split(text).map { try json.message($0, as: type) }
  }
}

/// JSON objects that stand one after another, with white space between them.
enum JSONSequence {
  /// The bytes of each top-level value. What is no JSON is left to the parser to complain about.
  static func split(_ text: [UInt8]) -> [ArraySlice<UInt8>] {
    var values: [ArraySlice<UInt8>] = []
    var depth = 0
    var start: Int?
    var isInString = false
    var isEscaped = false
    for (index, byte) in text.enumerated() {
      if isInString {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isInString = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""):
        isInString = true
        start = start ?? index
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        start = start ?? index
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        if depth == 0, let begin = start {
          values.append(text[begin...index])
          start = nil
        }
      case 0x20, 0x09, 0x0a, 0x0d: break
      default: start = start ?? index
      }
    }
    if let begin = start { values.append(text[begin...]) }
    return values
  }
}
