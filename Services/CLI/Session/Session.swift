import Foundation
import RPC
import Runtime

/// Who is logged in where: a small file, readable by its owner alone.
struct Session: Codable {
  var target: String
  var token: String
  /// How that target is spoken to; `nil`: in the clear.
  var tls: TLSSettings?
  /// A one-time secret that is being redeemed for the token: until the answer has come.
  var secret: String?

  /// `HUYING_SESSION`, or the usual place for a program's settings.
  static var path: String {
    if let path = ProcessInfo.processInfo.environment["HUYING_SESSION"], !path.isEmpty { return path }
    return NSHomeDirectory() + "/.config/huying/session.json"
  }

  /// The session in force; `nil` before the first login.
  static func load() -> Session? {
    FileManager.default.contents(atPath: path).flatMap { try? JSONDecoder().decode(Session.self, from: $0) }
  }

  func save() throws {
    let folder = (Self.path as NSString).deletingLastPathComponent
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    guard
      FileManager.default.createFile(
        atPath: Self.path, contents: try JSONEncoder().encode(self), attributes: [.posixPermissions: 0o600])
    else { throw Complaint("cannot write \(Self.path)") }
  }

  /// Whether the token may go there: only to the place that it was made for.
  func isFor(_ endpoint: Endpoint) -> Bool {
    endpoint.address == (try? Endpoint.resolve(target, book: TargetBook.load()))?.address
  }

  /// Where the gateway is, and how it is secured.
  static func endpoint(_ option: String?, _ tls: TLSOptions) throws(Complaint) -> Endpoint {
    let session = load()
    let name = target(option)
    var place = try Endpoint.resolve(name, book: try TargetBook.load())
    if place.tls == nil, let session, session.target == name { place.tls = session.tls }
    place.tls = try tls.applied(to: place.tls)
    return place
  }

  /// Where the gateway is: an option, `HUYING_TARGET`, the session, this machine.
  static func target(_ option: String?) -> String {
    option ?? ProcessInfo.processInfo.environment["HUYING_TARGET"] ?? load()?.target ?? local
  }

  /// The gateway of this machine.
  static var local: String { "127.0.0.1:\(ServiceIdentity.gateway.defaultPort)" }
}

/// Adds the bearer token to every call.
struct BearerToken: ClientInterceptor {
  let token: String

  func begin(_ method: MethodDescriptor, _ options: inout CallOptions) throws(Status) {
    options.metadata.append("authorization", "Bearer \(token)")
  }
}
