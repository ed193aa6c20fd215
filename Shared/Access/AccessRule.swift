package import Kernel

/// Who may call one RPC at all; declared beside it in the proto (`option (huying.common.v1.access)`), deny by default.
///
/// The relation to the organisation (own, subtree, daily line, business line, participant) is decided in the owning
/// service, which knows the directory; this rule is the first door.
package struct AccessRule: Hashable, Sendable {
  /// The roles that may.
  package let roles: Set<Role>
  /// Whether everybody with a valid actor may call it (reads of public data).
  package let everyRole: Bool
  /// Whether it may be called before anybody is logged in: the way in itself.
  package let isOpen: Bool

  package init(roles: Set<Role>, everyRole: Bool = false, isOpen: Bool = false) {
    self.roles = roles
    self.everyRole = everyRole
    self.isOpen = isOpen
  }

  /// Nobody: what an RPC without a declaration gets.
  package static let nobody = AccessRule(roles: [])

  /// Refuses with `ROLE_NOT_ALLOWED` unless `actor` has one of the roles.
  package func permit(_ actor: Actor) throws(Refused) {
    guard everyRole || isOpen || roles.contains(actor.role) else {
      throw Refused(
        .permissionDenied,
        Reason(
          "ROLE_NOT_ALLOWED", zh: "您的角色（\(actor.role.rawValue)）无权进行此操作。",
          en: "The role \(actor.role.rawValue) may not do this.", metadata: ["role": actor.role.rawValue]))
    }
  }
}

extension Reason {
  /// The caller belongs to another place or line of organisations than the thing asked for (D§2.0.5).
  package static let jurisdictionMismatch = Reason(
    "JURISDICTION_MISMATCH", zh: "该事项不在您的管辖范围内。", en: "This lies outside your jurisdiction.")
}
