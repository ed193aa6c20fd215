/// Where the code of one proto package goes.
struct Module: Hashable {
  /// `DisputeContract`
  let swiftName: String
  /// `CDisputeContract`
  let cName: String
  /// `Shared/Contracts/Dispute`
  let directory: String

  private static let wireTypes = Module(
    swiftName: "WireTypes", cName: "CWireTypes", directory: "Shared/WireTypes")

  /// The module of `package`; `nil` for a package that has no place here.
  init?(package: String) {
    let parts = package.split(separator: ".").map(String.init)
    switch parts.first {
    case "google": self = Self.wireTypes
    case "grpc" where parts == ["grpc", "testing"]:
      self.init(
        swiftName: "GRPCTestingContract", cName: "CGRPCTestingContract", directory: "Tests/Contracts/GRPCTesting")
    case "huying" where parts.count == 3, "grpc" where parts.count == 3:
      let name = SwiftNames.upperCamel(parts[1])
      let parent = name == "Sample" ? "Tests/Contracts" : "Shared/Contracts"
      self.init(swiftName: "\(name)Contract", cName: "C\(name)Contract", directory: "\(parent)/\(name)")
    default: return nil
    }
  }

  private init(swiftName: String, cName: String, directory: String) {
    self.swiftName = swiftName
    self.cName = cName
    self.directory = directory
  }

  /// The enum that holds the package's types: `DisputeV1`, `GoogleProtobuf`.
  static func namespace(of package: String) -> String {
    let parts = package.split(separator: ".").map(String.init)
    switch parts.first {
    case "grpc" where parts.count == 2: return "GRPCTesting"
    case "huying", "grpc": return parts.dropFirst().map(SwiftNames.upperCamel).joined()
    default: return parts.map(SwiftNames.upperCamel).joined()
    }
  }
}
