import GRPCTestingContract
import RPC

/// One case of the published list: a name, and what has to hold.
struct InteropCase: Sendable {
  let name: String
  let run: @Sendable (Peer) async throws -> Void

  init(_ name: String, _ run: @escaping @Sendable (Peer) async throws -> Void) {
    self.name = name
    self.run = run
  }

  /// What `all` runs.
  static let published = unary + streams + metadata + endings + compression + soaks

  /// What runs by name only: the server has to be made for it.
  static let special = unprobed + http2

  /// Published cases for which there is nothing to test here.
  static let notApplicable: [(name: String, reason: String)] = [
    ("compute_engine_creds", "credentials come from Google's metadata server; this runtime has no Google credentials"),
    ("jwt_token_creds", "signs with a Google service account's key"),
    ("oauth2_auth_token", "the token comes from Google's OAuth service"),
    ("per_rpc_creds", "the token comes from Google's OAuth service; a token per call is plain metadata here"),
    ("google_default_credentials", "reads Google's application-default credentials"),
    ("compute_engine_channel_credentials", "credentials come from Google's metadata server"),
    ("pick_first_unary", "needs a grpclb balancer"),
    ("orca_per_rpc", "there are no ORCA load reports"), ("orca_oob", "there are no ORCA load reports"),
    ("xds_*", "there is no xDS"),
  ]
}

/// What did not hold.
struct Failure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// Fails the case with `sentence` unless `condition`.
func require(_ condition: Bool, _ sentence: @autoclosure () -> String) throws(Failure) {
  guard condition else { throw Failure(sentence()) }
}

/// Fails the case unless `body` ends with a status of this code; gives the status.
@discardableResult
func requireStatus(_ code: Code, of what: String, _ body: () async throws -> Void) async throws -> Status {
  do {
    try await body()
  } catch let status as Status {
    try require(status.code == code, "\(what) ended with \(status), where \(code.name) was due")
    return status
  }
  throw Failure("\(what) succeeded, where \(code.name) was due")
}

extension GRPCTesting.Payload {
  /// That many zeros.
  static func zeros(_ count: Int) -> Self { .init(body: [UInt8](repeating: 0, count: count)) }
}

/// Fails the case unless the payload is that many zeros.
func requireZeros(_ payload: GRPCTesting.Payload?, _ count: Int, in what: String) throws(Failure) {
  let body = payload?.body ?? []
  try require(body.count == count, "\(what) has a payload of \(body.count) bytes, where \(count) were due")
  try require(body == [UInt8](repeating: 0, count: count), "\(what) has a payload that is not all zeros")
}
