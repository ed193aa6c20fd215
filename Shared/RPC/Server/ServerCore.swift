import Synchronization

/// What all connections of a server share.
final class ServerCore: Sendable {
  let configuration: ServerConfiguration
  /// The limits of the configuration by the number of their class.
  let limits: [MethodLimit?]
  let routes: RouteTable
  let interceptors: [any ServerInterceptor]
  /// Whether one of them may have to wait.
  let isWaiting: Bool
  let fallback: RawHandler?
  /// Methods that nobody knew and that were left to the fallback, found again without taking their paths apart.
  private let guessed = Mutex(RouteTable([]))
  /// How many of them are remembered, so that made-up paths cost time, not room.
  private static let maximumGuessed = 1_024
  /// Calls whose handlers run.
  let running = Atomic<Int>(0)

  init(
    _ configuration: ServerConfiguration, _ services: [any Service], _ interceptors: [any ServerInterceptor],
    _ fallback: RawHandler?, passedOn: [[MethodDescriptor]]
  ) {
    self.configuration = configuration
    self.limits = MethodClass.allCases.map { configuration.methodLimits[$0] }
    var routes = RouteTable(services)
    if let fallback {
      for (index, methods) in passedOn.enumerated() {
        for method in methods { routes.add(.raw(method, ofOwner: index + 1, fallback)) }
      }
    }
    self.routes = routes
    self.interceptors = interceptors
    self.isWaiting = interceptors.contains { $0 is any WaitingServerInterceptor }
    self.fallback = fallback
  }

  func handler(_ path: UnsafeRawBufferPointer) -> MethodHandler? {
    if let handler = routes.handler(path) { return handler }
    guard let fallback else { return nil }
    return guessed.withLock { known in
      if let handler = known.handler(path) { return handler }
      guard let method = MethodDescriptor(path: String(decoding: path, as: UTF8.self)) else { return nil }
      let handler = MethodHandler.raw(method, fallback)
      if known.count >= Self.maximumGuessed { known = RouteTable([]) }
      known.add(handler)
      return handler
    }
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

  /// Opens one more from `address` (`nil`: not counted by address); or says why it may not be.
  func open(_ address: String?, maximum: Int, maximumPerAddress: Int) -> Count? {
    state.withLock { state in
      guard state.total < maximum else { return .refusedTotal }
      if let address {
        guard state.perAddress[address, default: 0] < maximumPerAddress else { return .refusedAddress }
        state.perAddress[address, default: 0] += 1
      }
      state.total += 1
      return nil
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
