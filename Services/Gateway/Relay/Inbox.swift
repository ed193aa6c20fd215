package import FeedContract
package import RPC

/// A target's inbox, as the relay calls it: one small value per service, over that service's own client.
package protocol Inbox: Sendable {
  associatedtype Message: InboxMessage
  /// The service's name.
  var name: String { get }
  /// How far the target has heard `source`.
  func position(of source: String) async throws(Status) -> FeedV1.Position
  /// Hands over messages, in order. The refusal of the first that was not taken, and where the target now stands.
  func receive(_ messages: [Message]) async throws(Status) -> (
    refusal: FeedV1.DeliveryRefusal?, position: FeedV1.Position?
  )
}

/// A source's feed, as the relay calls it.
package struct Feed: Sendable {
  /// The service's name.
  package let name: String
  package let client: FeedV1.FeedServiceClient

  package init(name: String, client: FeedV1.FeedServiceClient) {
    self.name = name
    self.client = client
  }
}
