import Foundation

/// A program of another maker that we are measured beside. Each has a build of its own (`Peers/`): what was not built is left out.
enum Peer: String, CaseIterable {
  case grpcCPlusPlus = "grpc-cpp-echo"
  case grpcSwift = "grpc-swift-echo"
  case swiftProtobuf = "swift-protobuf-messages"

  /// As the report calls it.
  var name: String {
    switch self {
    case .grpcCPlusPlus: "gRPC C++, callback API"
    case .grpcSwift: "grpc-swift-2, NIO posix"
    case .swiftProtobuf: "swift-protobuf"
    }
  }

  /// Whether it serves `benchmarks.Echo`.
  var servesEcho: Bool { self != .swiftProtobuf }

  /// What ours is to be beside it.
  var goal: String {
    switch self {
    case .grpcCPlusPlus: "ours ≥ 4 × better"
    case .grpcSwift: "ours ≥ 20 × better"
    case .swiftProtobuf: "ours ≥ 2 × faster"
    }
  }
}

extension Workbench {
  /// The program of a peer, if it was built: `make bench-peers` puts them beside the build.
  func binary(of peer: Peer) -> URL? {
    let build = binaries.deletingLastPathComponent().deletingLastPathComponent()
    return [
      build.appendingPathComponent("peers/bin/\(peer.rawValue)"),
      binaries.deletingLastPathComponent().appendingPathComponent("peers/bin/\(peer.rawValue)"),
    ].first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }

  /// Starts a peer; `nil` if it was not built, which is said once on standard error.
  func start(_ peer: Peer) throws -> ChildProcess? {
    guard let binary = binary(of: peer) else {
      FileHandle.standardError.write(Data("not measured: \(peer.name) (make bench-peers builds it)\n".utf8))
      return nil
    }
    return try start(binary, [], named: peer.rawValue)
  }
}
