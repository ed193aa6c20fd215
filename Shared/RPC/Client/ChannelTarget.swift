import NIOCore

/// Where a channel leads, as gRPC's naming document writes it: `host:port`, `dns:///host:port`, `ipv4:1.2.3.4:1,5.6.7.8:2`,
/// `ipv6:[::1]:1,[::2]:1`, `unix:path`, `unix:///path`, and for lists with names in them `static:///a:1,b:2`.
struct ChannelTarget: Sendable, CustomStringConvertible {
  /// One place of the list.
  enum Place: Sendable, Hashable {
    /// A name or an address, to be looked up.
    case tcp(host: String, port: Int)
    case unix(path: String)
  }

  let description: String
  let places: Result<[Place], Status>
  /// The `:authority` of its calls.
  let authority: String

  init(_ text: String) {
    description = text
    let (scheme, rest) = Self.scheme(text)
    do throws(Status) {
      switch scheme {
      case "unix":
        let path = rest.hasPrefix("//") ? rest.dropFirst(2) : rest
        // A sockaddr_un has 108 bytes, the last of them 0.
        guard (1...107).contains(path.utf8.count) else { throw Status(.unavailable, "a path of 1 to 107 bytes") }
        places = .success([.unix(path: String(path))])
        authority = "localhost"
      case "dns":
        let name = try Self.afterAuthority(rest)
        places = .success([try Self.place(name)])
        authority = String(name)
      default:
        let list = scheme == "static" ? try Self.afterAuthority(rest) : rest
        var all: [Place] = []
        for part in list.split(separator: ",", omittingEmptySubsequences: false) {
          let place = try Self.place(part)
          if scheme != "static", case .tcp(let host, _) = place, !Self.isAddress(host, scheme) {
            throw Status(.unavailable, "\(host) is not an address of that kind")
          }
          if !all.contains(place) { all.append(place) }
        }
        places = .success(all)
        authority = String(list.prefix { $0 != "," })
      }
    } catch {
      places = .failure(Status(.unavailable, "the target \(text) cannot be used: \(error.message)"))
      authority = "localhost"
    }
  }

  /// Whether there is anything to be looked up again.
  var hasNames: Bool {
    guard case .success(let places) = places else { return false }
    return places.contains {
      if case .tcp(let host, _) = $0 { (try? SocketAddress(ipAddress: host, port: 1)) == nil } else { false }
    }
  }

  /// The host that TLS expects a certificate for.
  var host: String {
    guard case .success(let places) = places, case .tcp(let host, _)? = places.first else { return "localhost" }
    return host
  }

  private static func scheme(_ text: String) -> (String, Substring) {
    guard let colon = text.firstIndex(of: ":") else { return ("dns", text[...]) }
    let known = ["unix", "dns", "ipv4", "ipv6", "static"]
    let scheme = text[..<colon].lowercased()
    // `dns:8080` is a host of that name only if nothing but a port follows: a scheme goes first, as gRPC has it.
    return known.contains(scheme) ? (scheme, text[text.index(after: colon)...]) : ("dns", text[...])
  }

  /// `///name` and `name` are the same; `//server/name` asks for a name server of one's own.
  private static func afterAuthority(_ rest: Substring) throws(Status) -> Substring {
    guard rest.hasPrefix("//") else { return rest }
    let server = rest.dropFirst(2).prefix { $0 != "/" }
    guard server.isEmpty else { throw Status(.unavailable, "asking the name server \(server) is not supported") }
    return rest.dropFirst(3)
  }

  private static func place(_ text: Substring) throws(Status) -> Place {
    guard !text.contains(where: { $0 == "/" || $0.isWhitespace }) else {
      throw Status(.unavailable, "\(text) is not host:port")
    }
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]), port > 0 else {
      throw Status(.unavailable, "\(text.isEmpty ? "nothing" : text[...]) is not host:port")
    }
    var host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
    } else if host.contains(":") {
      throw Status(.unavailable, "an IPv6 address is written [address]:port")
    }
    guard !host.isEmpty else { throw Status(.unavailable, "\(text) is not host:port") }
    return .tcp(host: String(host), port: Int(port))
  }

  private static func isAddress(_ host: String, _ scheme: String) -> Bool {
    switch (try? SocketAddress(ipAddress: host, port: 1)) {
    case .v4: scheme == "ipv4"
    case .v6: scheme == "ipv6"
    default: false
    }
  }
}
