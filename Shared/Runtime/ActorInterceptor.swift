package import Access
import Kernel
package import RPC

private enum ActorKey: ContextKey {
  typealias Value = Actor
}

extension ServerContext {
  /// Who acts. Refuses with UNAUTHENTICATED where no interceptor has put somebody in; handlers of health and reflection
  /// never ask.
  package var actor: Actor {
    get throws(Refused) {
      guard let actor = self[ActorKey.self] else { throw Refused(.unauthenticated, .actorMissing) }
      return actor
    }
  }

  /// Makes `actor` the caller: the gateway's door from the token, a service from the signature, a test as it likes.
  package mutating func setActor(_ actor: Actor) { self[ActorKey.self] = actor }
}

/// The first door of a service: no call without a signed actor, none that its access rule does not allow, none of another
/// county. Health and reflection are open.
package struct ActorInterceptor: ServerInterceptor {
  private let signature: ActorSignature
  private let rules: [String: AccessRule]
  private let county: String

  /// `rules` by path; a method without a rule may be called by nobody.
  package init(signature: ActorSignature, rules: [String: AccessRule], county: String) {
    self.signature = signature
    self.rules = rules
    self.county = county
  }

  package func begin(_ context: inout ServerContext) throws {
    if context.method.isOpen { return }
    let actor = try signature.verify(context.metadata, path: context.method.path)
    guard actor.countyCode == county else { throw Refused(.permissionDenied, .jurisdictionMismatch) }
    try (rules[context.method.path] ?? .nobody).permit(actor)
    context.metadata.remove(ActorSignature.actorName, ActorSignature.signatureName)
    context.setActor(actor)
  }
}

extension MethodDescriptor {
  /// Whether the method needs no credentials: health and reflection.
  package var isOpen: Bool { service.hasPrefix("grpc.health.") || service.hasPrefix("grpc.reflection.") }
}
