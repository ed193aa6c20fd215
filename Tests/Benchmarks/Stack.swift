package import Access
import Crypto
import DisputeContract
import Foundation
package import JWTKit
import RPC
import Runtime
import WireTypes

extension TokenClaims: JWTPayload {
  /// Never asked here: the gateway verifies.
  package func verify(using algorithm: some JWTAlgorithm) throws {}
}

/// The services that the cases call, with the demo county in them: grid-registry, dispute, responsibility-list, gateway.
struct Stack: Sendable {
  /// Somebody who may report and read everywhere in the county.
  static let actor = Actor(
    personID: "person-0007", organisationID: "hotline", role: .hotlineOperator, countyCode: "379922000000")
  static let township = "town-379922001000"
  static let townshipCode = "379922001000"
  private static let identities: [ServiceIdentity] = [.gridRegistry, .dispute, .responsibilityList, .gateway]

  let dispute: ChildProcess
  let responsibilityList: ChildProcess
  let gateway: ChildProcess
  let ports: [String: Int]
  let signature: ActorSignature
  let token: String

  /// Starts the processes and brings the county in by `huying import county`, as an operator would.
  static func start(_ bench: Workbench) async throws -> Stack {
    var ports: [String: Int] = [:]
    for identity in identities { ports[identity.name] = try Machine.freePort() }
    var environment = ["HUYING_KEY_DIR": bench.path("keys"), "HUYING_SESSION": bench.path("session.json")]
    for (name, port) in ports {
      environment["HUYING_\(name.uppercased().replacing("-", with: "_"))_TARGET"] = "127.0.0.1:\(port)"
    }
    // Not started, and not to be mistaken for another stack on their usual ports.
    for name in ["DISPATCH", "PERFORMANCE_EVALUATION"] {
      environment["HUYING_\(name)_TARGET"] = "127.0.0.1:\(try Machine.freePort())"
    }
    var children: [String: ChildProcess] = [:]
    for identity in identities {
      let port = ports[identity.name] ?? 0
      let child = try bench.start(
        identity.name, arguments(identity, port, bench), environment: environment)
      try await child.waitUntilListening(port)
      children[identity.name] = child
    }
    guard let dispute = children["dispute"], let list = children["responsibility-list"],
      let gateway = children["gateway"]
    else { throw BenchmarkFailure("the stack is not complete") }
    let key = try KeyFile.loadOrMake(at: bench.path("keys/actor-signing.key"))
    let stack = Stack(
      dispute: dispute, responsibilityList: list, gateway: gateway, ports: ports, signature: ActorSignature(key: key),
      token: try await token(bench))
    try await stack.bringCountyIn(bench, environment)
    return stack
  }

  static func arguments(_ identity: ServiceIdentity, _ port: Int, _ bench: Workbench) -> [String] {
    [
      "--listen", "127.0.0.1:\(port)", "--admin", "off", "--data-dir", bench.path(identity.name), "--key-dir",
      bench.path("keys"),
    ]
  }

  private func bringCountyIn(_ bench: Workbench, _ environment: [String: String]) async throws {
    let target = ["--target", "127.0.0.1:\(ports["gateway"] ?? 0)"]
    try await bench.start("huying", ["login", "--as", "COUNTY_ADMIN"] + target, environment: environment).finish()
    try await bench.start("huying", ["import", "county"] + target, named: "import", environment: environment).finish()
  }

  private static func token(_ bench: Workbench) async throws -> String {
    let pem = try String(contentsOfFile: bench.path("keys/jwt-signing.pem"), encoding: .utf8)
    let keys = JWTKeyCollection()
    await keys.add(ecdsa: try ES256PrivateKey(pem: pem))
    return try await keys.sign(
      TokenClaims(
        sub: actor.personID, org: actor.organisationID, role: actor.role.rawValue, county: actor.countyCode,
        exp: Int64(Date().timeIntervalSince1970) + 3600))
  }

  /// A load on a service itself, by an actor signed with the stack's key.
  func direct(
    _ service: String, _ method: MethodDescriptor, _ message: [UInt8], connections: Int, streams: Int
  ) -> Load {
    let signature = signature
    return Load(
      port: ports[service] ?? 0, connections: connections, streams: streams, path: method.path, message: message,
      patchOffset: Self.counterOffset(message), metadata: { signature.sign(Self.actor, path: method.path) })
  }

  /// The same through the gateway, by a bearer token.
  func routed(_ method: MethodDescriptor, _ message: [UInt8], connections: Int, streams: Int) -> Load {
    let token = token
    return Load(
      port: ports["gateway"] ?? 0, connections: connections, streams: streams, path: method.path, message: message,
      patchOffset: Self.counterOffset(message), metadata: { Metadata(["authorization": "Bearer \(token)"]) })
  }

  /// Twelve zeros in a message are what the load generator counts up.
  static let counter = String(repeating: "0", count: 12)

  private static func counterOffset(_ message: [UInt8]) -> Int? {
    message.indices.first { message[$0...].starts(with: counter.utf8) }
  }
}
