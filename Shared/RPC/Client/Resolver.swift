import Glibc
import NIOCore
import NIOPosix

/// Finds the addresses behind a target's names.
enum Resolver {
  /// All addresses, in the order of the target's list and, within a name, of the system's preference. One name that has none
  /// matters only if all have none.
  static func resolve(_ places: [ChannelTarget.Place], on eventLoop: any EventLoop) -> EventLoopFuture<[SocketAddress]>
  {
    do {
      var known: [SocketAddress] = []
      for place in places {
        guard let address = try literal(place) else {
          // Names are looked up by the C library, which blocks: on a thread that may.
          return NIOThreadPool.singleton.runIfActive(eventLoop: eventLoop) { try lookUp(places) }
        }
        known.append(address)
      }
      return eventLoop.makeSucceededFuture(known.unique)
    } catch {
      return eventLoop.makeFailedFuture(error)
    }
  }

  private static func literal(_ place: ChannelTarget.Place) throws -> SocketAddress? {
    switch place {
    case .unix(let path): try SocketAddress(unixDomainSocketPath: path)
    case .tcp(let host, let port): try? SocketAddress(ipAddress: host, port: port)
    }
  }

  private static func lookUp(_ places: [ChannelTarget.Place]) throws -> [SocketAddress] {
    var found: [SocketAddress] = []
    var failure: (any Error)?
    for place in places {
      do { found += try lookUp(place) } catch { failure = error }
    }
    if found.isEmpty, let failure { throw failure }
    return found.unique
  }

  private static func lookUp(_ place: ChannelTarget.Place) throws -> [SocketAddress] {
    if let address = try literal(place) { return [address] }
    guard case .tcp(let host, let port) = place else { return [] }
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let number = getaddrinfo(host, String(port), &hints, &list)
    guard number == 0 else {
      throw Status(.unavailable, "the name \(host) has no address: \(String(cString: gai_strerror(number)))")
    }
    defer { freeaddrinfo(list) }
    var found: [SocketAddress] = []
    var next = list
    while let entry = next?.pointee {
      next = entry.ai_next
      guard let raw = UnsafeRawPointer(entry.ai_addr) else { continue }
      switch entry.ai_family {
      case AF_INET: found.append(SocketAddress(raw.loadUnaligned(as: sockaddr_in.self)))
      case AF_INET6: found.append(SocketAddress(raw.loadUnaligned(as: sockaddr_in6.self)))
      default: break
      }
    }
    return found
  }
}

extension Array where Element: Equatable {
  /// The elements without those that were there before.
  var unique: [Element] { reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }
}
