import DispatchContract
import DisputeContract
import Foundation
import GatewayContract
import GridRegistryContract
import PerformanceEvaluationContract
import ResponsibilityListContract
import Wire
import WireTypes

/// Our own contracts' messages as JSON, by the rules of proto3: `-o json` and the JSONL files of a county.
enum JSONText {
  /// One line of JSON.
  static func of(_ message: some Wire.Message) throws -> String { try text(message, by: try contracts()) }

  /// The same by other contracts than those that every command knows.
  static func text(_ message: some Wire.Message, by json: ProtoJSON) throws -> String {
    guard let type = json.pool.message(named: Swift.type(of: message).fullName) else { return "{}" }
    return try json.text(DynamicMessage(decoding: message.encoded(), as: type))
  }

  /// The same for what is no message.
  static func of(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  /// The message that a JSON text says.
  static func read<Message: Wire.Message>(_ text: String) throws -> Message {
    let json = try contracts()
    guard let type = json.pool.message(named: Message.fullName) else { return Message() }
    return try Message(decoding: try json.message(Array(text.utf8), as: type).encoded())
  }

  /// Built when first asked for: most commands print tables.
  private static func contracts() throws -> ProtoJSON { try built.get() }

  private static let built: Result<ProtoJSON, any Error> = Result {
    let files =
      GatewayV1.fileDescriptors + GridRegistryV1.fileDescriptors + DisputeV1.fileDescriptors
      + ResponsibilityListV1.fileDescriptors + DispatchV1.fileDescriptors + PerformanceEvaluationV1.fileDescriptors
    var seen: Set<String> = []
    return ProtoJSON(pool: try DescriptorPool(files: files.filter { seen.insert($0.name).inserted }))
  }
}
