package import Access
import Kernel
package import RPC
import Runtime

/// The outer door: a bearer token becomes the actor, what claims to be an actor is thrown away, and the services' inner doors
/// (feed, inbox) are not reachable from outside at all. Health, reflection and what a rule declares open need nobody's token.
package struct Door: WaitingServerInterceptor {
  private let verifier: TokenVerifier
  private let rules: [String: AccessRule]
  private let county: String

  /// `rules` are those of the gateway's own services; what is passed on is authorised by its owner.
  package init(verifier: TokenVerifier, rules: [String: AccessRule], county: String) {
    self.verifier = verifier
    self.rules = rules
    self.county = county
  }

  package func admit(_ context: inout ServerContext) async throws {
    let rule = rules[context.method.path]
    if context.method.isOpen || rule?.isOpen == true { return }
    guard !context.method.isInternal else { throw Refused(.permissionDenied, .internalOnly) }
    let claims = try await verifier.verify(authorization: context.metadata["authorization"])
    guard let actor = claims.actor else { throw Refused(.unauthenticated, .tokenInvalid) }
    guard actor.countyCode == county else { throw Refused(.permissionDenied, .jurisdictionMismatch) }
    try rule?.permit(actor)
    context.metadata.remove("authorization", ActorSignature.actorName, ActorSignature.signatureName)
    context.setActor(actor)
    context.setTokenExpiry(claims.exp)
  }
}

private enum TokenExpiryKey: ContextKey {
  typealias Value = Int64
}

extension ServerContext {
  /// When the caller's token ends, in seconds since 1970.
  package var tokenExpiry: Int64 { self[TokenExpiryKey.self] ?? 0 }

  mutating func setTokenExpiry(_ seconds: Int64) { self[TokenExpiryKey.self] = seconds }
}

extension MethodDescriptor {
  /// A service's feed and inbox: for the gateway's relay alone.
  var isInternal: Bool { service.hasSuffix(".InboxService") || service.hasSuffix(".FeedService") }
}

extension Reason {
  static let internalOnly = Reason(
    "INTERNAL_ONLY", zh: "此接口仅供系统内部使用。", en: "This interface is for the system itself only.")
}
