import SampleContract
import Wire
import WireTypes

/// The types that inputs are read as: every kind of field, and every message that JSON writes in its own way.
struct SampleTypes {
  let pool: DescriptorPool
  let generated: [any Message.Type] = [
    SampleV1.Everything.self, SampleV1.Lists.self, SampleV1.Maps.self, SampleV1.Tree.self, SampleV1.Words.self,
    SampleV1.OldEverything.self, SampleV1.Report.self, GoogleProtobuf.Struct.self, GoogleProtobuf.AnyMessage.self,
    GoogleProtobuf.FieldMask.self, GoogleProtobuf.Timestamp.self, GoogleProtobuf.Duration.self,
    GoogleProtobuf.FileDescriptorProto.self, GoogleProtobuf.Value.self, GoogleProtobuf.DoubleValue.self,
  ]
  let dynamic: [MessageType]

  init() throws {
    let pool = try DescriptorPool(files: SampleV1.fileDescriptors)
    self.pool = pool
    dynamic = generated.compactMap { pool.message(named: $0.fullName) }
    guard dynamic.count == generated.count else { throw Finding("a type without a descriptor") }
  }

  /// Which type an input's first byte means.
  func index(_ byte: UInt8) -> Int { Int(byte) % generated.count }
}
