import Glibc

/// How many files and sockets the process may have open. It must never come to that: who wants to read its own `/proc` and cannot, as
/// libdispatch does when it looks at its threads, ends the process.
enum DescriptorLimit {
  /// For what is not a caller's connection: databases and their logs, other services, the admin port, keys that are read again.
  static let reserved = 128
  /// Callers' connections that there has to be room for; with less nobody is served well.
  static let leastConnections = 128
  /// More connections than any server takes.
  private static let wanted: rlim_t = 65_536

  /// Raises the soft limit towards what is wanted, as far as the hard one lets it. The limit in force then.
  static func raise() -> Int {
    var limit = rlimit()
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    guard getrlimit(resource, &limit) == 0 else { return 1_024 }
    if limit.rlim_cur < wanted {
      var raised = limit
      raised.rlim_cur = min(wanted, limit.rlim_max)
      if setrlimit(resource, &raised) == 0 { limit = raised }
    }
    return Int(clamping: limit.rlim_cur)
  }

  /// Connections that a server may take under `limit`, `maximum` at the most. Throws what an operator can do if they are too few.
  static func connections(_ maximum: Int, under limit: Int) throws(SettingError) -> Int {
    guard limit >= reserved + leastConnections else {
      throw SettingError(
        "the process may have \(limit) files open, and needs \(reserved + leastConnections): ulimit -n, or ulimits in compose"
      )
    }
    return min(maximum, limit - reserved)
  }
}
