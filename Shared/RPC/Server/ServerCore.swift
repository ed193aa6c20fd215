import Synchronization

/// What all connections of a server share.
final class ServerCore: Sendable {
  let configuration: ServerConfiguration
  let routes: RouteTable
  let interceptors: [any ServerInterceptor]
  let fallback: RawHandler?

  init(
    _ configuration: ServerConfiguration, _ services: [any Service], _ interceptors: [any ServerInterceptor],
    _ fallback: RawHandler?
  ) {
    self.configuration = configuration
    self.routes = RouteTable(services)
    self.interceptors = interceptors
    self.fallback = fallback
  }

  func handler(_ path: UnsafeRawBufferPointer) -> MethodHandler? {
    if let handler = routes.handler(path) { return handler }
    guard let fallback, let method = MethodDescriptor(path: String(decoding: path, as: UTF8.self)) else { return nil }
    return .raw(method, fallback)
  }

  /// Tells every interceptor, the last one first.
  func report(_ context: ServerContext, _ end: ExchangeEnd) {
    for interceptor in interceptors.reversed() { interceptor.end(context, end) }
  }
}

/// What a server has open: so that too much is refused, and the end can be waited for.
final class OpenCount: Sendable {
  private struct State {
    var total = 0
    var perAddress: [String: Int] = [:]
  }

  private let state = Mutex(State())

  /// How many are open.
  var total: Int { state.withLock { $0.total } }

  /// Whether one more may be opened from `address` (`nil`: not counted by address).
  func open(_ address: String? = nil, maximum: Int = .max, maximumPerAddress: Int = .max) -> Bool {
    state.withLock { state in
      guard state.total < maximum else { return false }
      if let address {
        guard state.perAddress[address, default: 0] < maximumPerAddress else { return false }
        state.perAddress[address, default: 0] += 1
      }
      state.total += 1
      return true
    }
  }

  func close(_ address: String? = nil) {
    state.withLock { state in
      state.total -= 1
      if let address, let count = state.perAddress[address] {
        state.perAddress[address] = count > 1 ? count - 1 : nil
      }
    }
  }
}
