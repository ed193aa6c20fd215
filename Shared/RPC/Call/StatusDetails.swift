import Kernel

/// The `grpc-status-details-bin` of a status.
enum StatusDetails {
  static func encode(_ status: Status, isChinese: Bool, maximumBytes: Int) -> [UInt8]? { status.details }
  static func reasons(_ details: [UInt8]) -> [Reason] { [] }
}
