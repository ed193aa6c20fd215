import Feed

/// What stands behind every service's inbox; the gateway has a protocol of the same name.
typealias TargetInbox = Inbox
typealias TargetFeed = Feed
