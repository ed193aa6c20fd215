import Synchronization

/// What all connections of a server share.
final class ServerCore: Sendable {
  let configuration: ServerConfiguration
  let routes: RouteTable
  let interceptors: [any ServerInterceptor]
  let fallback: RawHandler?
  /// Calls whose handlers run.
  let running = Atomic<Int>(0)

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

/// The connections that a server has open: so that too many are refused, and the end can be waited for.
final class OpenCount: Sendable {
  private struct State {
    var total = 0
    var perAddress: [String: Int] = [:]
  }

  private let state = Mutex(State())

  /// How many are open.
  var total: Int { state.withLock { $0.total } }

  /// Whether one more may be opened from `address` (`nil`: not counted by address).
  func open(_ address: String?, maximum: Int, maximumPerAddress: Int) -> Bool {
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

  func close(_ address: String?) {
    state.withLock { state in
      state.total -= 1
      if let address, let count = state.perAddress[address] {
        state.perAddress[address] = count > 1 ? count - 1 : nil
      }
    }
  }
}
