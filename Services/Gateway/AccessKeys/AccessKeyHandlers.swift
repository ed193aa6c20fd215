import Access
package import GatewayContract
package import Kernel
package import RPC
import Runtime
import WireTypes

/// `AccessKeyService`: invitations, and the keys made of them.
package struct AccessKeyHandlers: GatewayV1.AccessKeyService {
  private let keys: AccessKeys
  private let now: @Sendable () -> Timestamp

  package init(_ keys: AccessKeys, now: @escaping @Sendable () -> Timestamp) {
    self.keys = keys
    self.now = now
  }

  package func createInvitation(
    _ request: GatewayV1.CreateInvitationRequest, context: ServerContext
  ) async throws -> GatewayV1.CreateInvitationResponse {
    let wish = try InvitationWish(
      requestID: request.requestID, personID: request.personID, organisationID: request.orgID, role: request.role,
      redeemByTime: request.redeemByTime.map(\.kernel), keyExpireTime: request.keyExpireTime.map(\.kernel),
      now: now())
    let (invitation, secret) = try await keys.invite(wish, by: try context.actor)
    return .init(
      invitationID: invitation.invitationID, secret: secret,
      redeemByTime: GoogleProtobuf.Timestamp(invitation.redeemByTime))
  }

  package func redeemInvitation(
    _ request: GatewayV1.RedeemInvitationRequest, context: ServerContext
  ) async throws -> GatewayV1.RedeemInvitationResponse {
    .init(
      accessKey: .init(
        try await keys.redeem(secret: request.secret, accessKey: request.accessKey, label: request.label)))
  }

  package func listInvitations(
    _ request: GatewayV1.ListInvitationsRequest, context: ServerContext
  ) async throws -> GatewayV1.ListInvitationsResponse {
    let limit = Int(pageSize: request.pageSize)
    let invitations = try await keys.openInvitations(after: request.pageToken, limit: limit)
    let page = invitations.prefix(limit)
    return .init(
      invitations: page.map(GatewayV1.Invitation.init),
      nextPageToken: invitations.count > limit ? page.last?.invitationID ?? "" : "")
  }

  package func withdrawInvitation(
    _ request: GatewayV1.WithdrawInvitationRequest, context: ServerContext
  ) async throws -> GatewayV1.WithdrawInvitationResponse {
    .init(invitation: .init(try await keys.withdraw(request.invitationID, by: try context.actor)))
  }

  package func listAccessKeys(
    _ request: GatewayV1.ListAccessKeysRequest, context: ServerContext
  ) async throws -> GatewayV1.ListAccessKeysResponse {
    let limit = Int(pageSize: request.pageSize)
    var keys = keys.all[...]
    if !request.pageToken.isEmpty {
      guard let place = keys.firstIndex(where: { $0.accessKeyID == request.pageToken }) else {
        throw Refused(.invalidArgument, .pageTokenInvalid)
      }
      keys = keys[(place + 1)...]
    }
    let page = keys.prefix(limit)
    return .init(
      accessKeys: page.map(GatewayV1.AccessKey.init),
      nextPageToken: keys.count > limit ? page.last?.accessKeyID ?? "" : "")
  }

  package func revokeAccessKey(
    _ request: GatewayV1.RevokeAccessKeyRequest, context: ServerContext
  ) async throws -> GatewayV1.RevokeAccessKeyResponse {
    .init(accessKey: .init(try await keys.revoke(request.accessKeyID, by: try context.actor)))
  }
}

extension GatewayV1.Invitation {
  init(_ invitation: Invitation) {
    self.init(
      invitationID: invitation.invitationID, personID: invitation.personID, orgID: invitation.organisationID,
      role: invitation.role.rawValue, invitedByPersonID: invitation.invitedByPersonID,
      createTime: GoogleProtobuf.Timestamp(invitation.createTime),
      redeemByTime: GoogleProtobuf.Timestamp(invitation.redeemByTime),
      keyExpireTime: GoogleProtobuf.Timestamp(invitation.keyExpireTime),
      withdrawTime: invitation.withdrawTime.map { GoogleProtobuf.Timestamp($0) })
  }
}

extension GatewayV1.AccessKey {
  init(_ key: AccessKey) {
    self.init(
      accessKeyID: key.accessKeyID, personID: key.personID, orgID: key.organisationID, role: key.role.rawValue,
      label: key.label, createTime: GoogleProtobuf.Timestamp(key.createTime),
      expireTime: GoogleProtobuf.Timestamp(key.expireTime),
      revokeTime: key.revokeTime.map { GoogleProtobuf.Timestamp($0) }, invitedByPersonID: key.invitedByPersonID)
  }
}
