import Foundation
import RPC
import Runtime

/// Who is logged in where: a small file, readable by its owner alone.
struct Session: Codable {
  var target: String
  var token: String
  /// How that target is spoken to; `nil`: in the clear.
  var tls: TLSSettings?
  /// The one-time secret that the token was got for. Asked again with it, the gateway gives the same answer: a lost one locks
  /// nobody out. It is worth nothing without the token.
  var secret: String?
  /// What the token is called in lists, if it is an access key.
  var accessKeyID: String?

  /// `HUYING_SESSION`, or the usual place for a program's settings.
  static var path: String {
    if let path = ProcessInfo.processInfo.environment["HUYING_SESSION"], !path.isEmpty { return path }
    return NSHomeDirectory() + "/.config/huying/session.json"
  }

  /// Where a login waits for its answer: until then the session in force is the one before.
  static var pendingPath: String { path + ".pending" }

  /// The session in force; `nil` before the first login.
  static func load(_ path: String = path) -> Session? {
    FileManager.default.contents(atPath: path).flatMap { try? JSONDecoder().decode(Session.self, from: $0) }
  }

  /// The session in force, or what to do to have one.
  static func required() throws(Complaint) -> Session {
    if let session = load() { return session }
    let unauthenticated: Int32 = 64 + 16
    guard !FileManager.default.fileExists(atPath: path) else {
      throw Complaint(
        "会话文件 \(path) 不可读或已损坏：请检查其所有者和权限，或重新登录",
        "the session \(path) cannot be read: look at its owner, or log in again",
        exitCode: unauthenticated)
    }
    throw Complaint(
      "尚未登录：huying login --secret hyi_…（本机试用：huying login --as COUNTY_ADMIN）",
      "not logged in; try: huying login --secret hyi_… (a stack of this machine: huying login --as COUNTY_ADMIN)",
      exitCode: unauthenticated)
  }

  func save(to path: String = path) throws {
    let folder = (path as NSString).deletingLastPathComponent
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    guard
      FileManager.default.createFile(
        atPath: path, contents: try JSONEncoder().encode(self), attributes: [.posixPermissions: 0o600])
    else { throw Complaint.unwritable(path) }
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
    // `https://` says no more than that TLS is spoken; the session knows by whose authority.
    if place.tls == nil || place.tls == TLSSettings(), let session, session.target == name, let known = session.tls {
      place.tls = known
    }
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
