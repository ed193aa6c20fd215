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

extension GatewayV1.AccessKey {
  init(_ key: AccessKey) {
    self.init(
      accessKeyID: key.accessKeyID, personID: key.personID, orgID: key.organisationID, role: key.role.rawValue,
      label: key.label, createTime: GoogleProtobuf.Timestamp(key.createTime),
      expireTime: GoogleProtobuf.Timestamp(key.expireTime),
      revokeTime: key.revokeTime.map { GoogleProtobuf.Timestamp($0) }, invitedByPersonID: key.invitedByPersonID)
  }
}
