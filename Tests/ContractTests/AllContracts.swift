import BackupContract
import CareVisitContract
import CommonContract
import DispatchContract
import DisputeContract
import FeedContract
import GRPCTestingContract
import GatewayContract
import GridRegistryContract
import HealthContract
import PerformanceEvaluationContract
import ReflectionContract
import ResponsibilityListContract
import SampleContract
import TimeContract
import Wire
import WireTypes

/// Every contract that is generated: its messages, and the files that describe them.
enum AllContracts {
  static let messages: [String: any Message.Type] = {
    let lists: [[any Message.Type]] = [
      GoogleProtobuf.messageTypes, GoogleRPC.messageTypes, GoogleAPI.messageTypes, CommonV1.messageTypes,
      FeedV1.messageTypes, TimeV1.messageTypes, BackupV1.messageTypes, HealthV1.messageTypes, ReflectionV1.messageTypes,
      ReflectionV1Alpha.messageTypes,
      GridRegistryV1.messageTypes, DisputeV1.messageTypes, ResponsibilityListV1.messageTypes, DispatchV1.messageTypes,
      PerformanceEvaluationV1.messageTypes, GatewayV1.messageTypes, CareVisitV1.messageTypes, SampleV1.messageTypes,
      GRPCTesting.messageTypes,
    ]
    return Dictionary(lists.joined().map { ($0.fullName, $0) }, uniquingKeysWith: { first, _ in first })
  }()

  static let pool: Result<DescriptorPool, DescriptorPool.Failure> = {
    let files = joinedFiles([
      GoogleProtobuf.fileDescriptors, GoogleRPC.fileDescriptors, GoogleAPI.fileDescriptors, CommonV1.fileDescriptors,
      FeedV1.fileDescriptors, TimeV1.fileDescriptors, BackupV1.fileDescriptors, HealthV1.fileDescriptors,
      ReflectionV1.fileDescriptors,
      ReflectionV1Alpha.fileDescriptors, GridRegistryV1.fileDescriptors, DisputeV1.fileDescriptors,
      ResponsibilityListV1.fileDescriptors, DispatchV1.fileDescriptors, PerformanceEvaluationV1.fileDescriptors,
      GatewayV1.fileDescriptors, CareVisitV1.fileDescriptors, SampleV1.fileDescriptors, GRPCTesting.fileDescriptors,
    ])
    return Result { () throws(DescriptorPool.Failure) in try DescriptorPool(files: files) }
  }()
}

extension Message {
  /// The bytes decoded as this type and encoded again.
  static func passing(_ bytes: [UInt8]) throws(WireError) -> [UInt8] { try Self(decoding: bytes).encoded() }
}
