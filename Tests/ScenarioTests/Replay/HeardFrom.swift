import Feed

/// A service's own inbox; in files that see the gateway's, which has the same name.
typealias OwnInbox = Inbox
