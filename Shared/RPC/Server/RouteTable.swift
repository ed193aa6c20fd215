import Glibc

/// Finds the handler of a path without making a string of it: open addressing over a table of a power of two, at most half full.
struct RouteTable: Sendable {
  private struct Route: Sendable {
    let hash: UInt64
    let path: [UInt8]
    let handler: MethodHandler
  }

  private var routes: [Route?] = Array(repeating: nil, count: 16)
  private(set) var count = 0

  init(_ services: [any Service]) {
    for handler in services.flatMap(\.handlers) { add(handler) }
  }

  /// Of two handlers of the same method the first counts.
  mutating func add(_ handler: MethodHandler) {
    let path = Array(handler.method.path.utf8)
    guard path.withUnsafeBytes(self.handler) == nil else { return }
    if count * 2 >= routes.count {
      let old = routes
      routes = Array(repeating: nil, count: old.count * 2)
      for route in old { if let route { insert(route) } }
    }
    insert(Route(hash: path.withUnsafeBytes(Self.hash), path: path, handler: handler))
    count += 1
  }

  private mutating func insert(_ route: Route) {
    var place = Int(truncatingIfNeeded: route.hash) & (routes.count - 1)
    while routes[place] != nil { place = (place + 1) & (routes.count - 1) }
    routes[place] = route
  }

  func handler(_ path: UnsafeRawBufferPointer) -> MethodHandler? {
    guard let start = path.baseAddress else { return nil }
    let hash = Self.hash(path)
    var place = Int(truncatingIfNeeded: hash) & (routes.count - 1)
    while let route = routes[place] {
      if route.hash == hash, route.path.count == path.count,
        route.path.withUnsafeBytes({ memcmp($0.baseAddress!, start, path.count) == 0 })
      {
        return route.handler
      }
      place = (place + 1) & (routes.count - 1)
    }
    return nil
  }

  /// FNV-1a over words of eight bytes, mixed at the end.
  private static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    var offset = 0
    while offset < bytes.count {
      var word: UInt64 = 0
      if offset + 8 <= bytes.count {
        word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      } else {
        for byte in bytes[offset...] { word = word << 8 | UInt64(byte) }
      }
      hash = (hash ^ word) &* 0x100_0000_01b3
      offset += 8
    }
    return hash ^ hash >> 32
  }
}
