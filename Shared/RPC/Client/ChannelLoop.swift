import DequeModule
import HTTP2
import NIOCore
import NIOPosix
import Synchronization

/// A channel's part on one event loop: a subchannel per address, and the calls that wait for one.
///
/// ```
/// idle ──call, connect()──▶ addresses looked up ──▶ subchannels connect ──▶ connecting · ready · transientFailure
///   ▲                                                                         (Picker.state of all subchannels)
///   └── no calls for `idleTimeout`; pick-first also when its connection is lost and nobody waits
/// ```
/// In `transientFailure` a call fails at once unless it waits for ready. `@unchecked`: all but `isFinished` on its event loop.
final class ChannelLoop: @unchecked Sendable {
  /// How long pick-first waits for one address before it tries the next beside it (RFC 8305's connection attempt delay).
  static let attemptDelay: TimeAmount = .milliseconds(250)
  /// How long a name is not looked up again, however often connections fail: as long as attempts are apart at most.
  static let resolutionPause: TimeAmount = .seconds(5)

  /// Methods whose heads are kept: more than any contract has, and few enough for made-up paths to cost time, not room.
  static let maximumHeads = 256

  let eventLoop: any EventLoop
  let connector: Connector
  let deadlines: DeadlineList
  /// What happens on the loop.
  let tally = Tally()
  var configuration: ChannelConfiguration { connector.configuration }
  var loop: NIOIsolatedEventLoop { eventLoop.assumeIsolated() }

  /// What new connections are kept alive by.
  private(set) var keepalive: Keepalive?

  private let states: ChannelStates
  private let number: Int
  private let finished = Atomic<Bool>(false)

  private var subchannels: [Subchannel] = []
  private var picker: Picker
  private var waiting = Deque<ClientExchange>()
  private var leaving: [ClientConnection] = []
  private var isAwake = false
  private(set) var isShutdown = false
  private var isPlacing = false
  private var failure = Status(.unavailable, "")
  /// Runs while pick-first gives an address its head start.
  private var headStart: Scheduled<Void>?

  private var isResolving = false
  private var resolved = NIODeadline.uptimeNanoseconds(0)
  private var resolutionBackoff: Backoff
  private var resolutionPause: Scheduled<Void>?

  private var calls = 0
  private var lastCall = NIODeadline.uptimeNanoseconds(0)
  private var idleTimer: Scheduled<Void>?

  private var heads: [String: HeaderBlock] = [:]

  init(_ eventLoop: any EventLoop, _ number: Int, _ connector: Connector, _ states: ChannelStates) {
    self.eventLoop = eventLoop
    self.number = number
    self.connector = connector
    self.states = states
    self.keepalive = connector.configuration.keepalive
    self.deadlines = DeadlineList(eventLoop)
    self.picker = Picker(connector.configuration.loadBalancing)
    self.resolutionBackoff = Backoff(maximum: connector.configuration.maximumBackoff)
  }

  /// Whether it is shut down and nothing is open any more.
  var isFinished: Bool { finished.load(ordering: .acquiring) }

  // MARK: - Calls

  func began() { calls += 1 }

  func ended() {
    calls -= 1
    if calls == 0 { lastCall = .now() }
  }

  /// Finds a connection for the call, or lets it wait for one.
  func place(_ exchange: ClientExchange) {
    guard !isShutdown else { return exchange.fail(Status(.unavailable, "the channel is closed")) }
    if case .failure(let status) = connector.target.places { return exchange.fail(status) }
    wake()
    guard waiting.isEmpty else {
      if exchange.isWaitingForReady || !isFailing { waiting.append(exchange) } else { exchange.unplaced(failure) }
      return placeSoon()
    }
    if !placed(exchange) { waiting.append(exchange) }
  }

  /// What every call of a method begins with, made once.
  func head(_ method: MethodDescriptor) -> HeaderBlock {
    if let known = heads[method.path] { return known }
    if heads.count >= Self.maximumHeads { heads = [:] }
    let block = connector.head(method, authority: connector.authority)
    heads[method.path] = block
    return block
  }

  /// A call that was waiting has ended by itself.
  func forget(_ exchange: ClientExchange) { waiting.removeAll { $0 === exchange } }

  /// A stream has ended or settings have changed: there may be room for who waits.
  func roomChanged() { placeSoon() }

  private var isFailing: Bool {
    subchannels.isEmpty ? resolutionPause != nil : Picker.state(subchannels) == .transientFailure
  }

  /// Whether the call has left, or failed; otherwise it has to wait.
  private func placed(_ exchange: ClientExchange) -> Bool {
    guard !subchannels.isEmpty else { return failed(exchange, if: resolutionPause != nil) }
    switch picker.pick(subchannels) {
    case .use(let index):
      guard let connection = subchannels[index].open else { return false }
      exchange.attach(connection)
      return true
    case .full(let index):
      subchannels[index].grow()
      return false
    case .wait: return false
    case .fail: return failed(exchange, if: true)
    }
  }

  private func failed(_ exchange: ClientExchange, if isFailing: Bool) -> Bool {
    guard isFailing, !exchange.isWaitingForReady else { return false }
    exchange.unplaced(failure)
    return true
  }

  /// Later, because this is called from inside sessions and attempts.
  private func placeSoon() {
    guard !waiting.isEmpty, !isPlacing else { return }
    isPlacing = true
    loop.execute {
      self.isPlacing = false
      self.placeWaiting()
    }
  }

  private func placeWaiting() {
    var rest = waiting
    waiting = []
    while let exchange = rest.popFirst() {
      if placed(exchange) { continue }
      waiting.append(exchange)
      // Behind it none gets further, unless waiting is not what it wants.
      if !isFailing { break }
    }
    waiting.append(contentsOf: rest)
  }

  // MARK: - Connections

  /// Starts connecting unless that has been done.
  func wake() {
    guard !isAwake, !isShutdown, case .success = connector.target.places else { return }
    isAwake = true
    lastCall = .now()
    watchIdleness(.init(configuration.idleTimeout))
    if subchannels.isEmpty { resolve() } else { changed() }
    publish()
  }

  /// A subchannel's state is another one.
  func changed() {
    steer()
    publish()
    placeSoon()
  }

  /// An attempt has failed.
  func failed(_ subchannel: Subchannel) {
    failure = subchannel.failure
    resolveAgain()
    changed()
  }

  /// A subchannel has lost a connection that worked.
  func lost(_ subchannel: Subchannel) {
    resolveAgain()
    if !reconnectsAtOnce, subchannel.isAtRest { return sleep() }
    changed()
  }

  /// Whether a lost connection is made again now, and not when the next call comes.
  var reconnectsAtOnce: Bool { !waiting.isEmpty || configuration.loadBalancing == .roundRobin }

  /// Lets the subchannels connect that should.
  private func steer() {
    guard isAwake, !isShutdown else { return }
    if configuration.loadBalancing == .roundRobin {
      for subchannel in subchannels where subchannel.state == .idle { subchannel.connect() }
    } else if let chosen = subchannels.first(where: { $0.state == .ready }) {
      for subchannel in subchannels where subchannel !== chosen { subchannel.rest() }
    } else if let next = subchannels.first(where: { $0.state == .idle }) {
      guard headStart == nil || !subchannels.contains(where: { $0.state == .connecting }) else { return }
      headStart?.cancel()
      headStart = loop.scheduleTask(in: Self.attemptDelay) {
        self.headStart = nil
        self.steer()
      }
      next.connect()
    }
  }

  /// It lives until it is closed, so that the end of the channel can wait for it.
  func remember(_ connection: ClientConnection) {
    if !leaving.contains(where: { $0 === connection }) { leaving.append(connection) }
  }

  func forget(_ connection: ClientConnection) {
    leaving.removeAll { $0 === connection }
    publish()
  }

  /// A server said that we ask too often.
  func keepLessAlive() { keepalive?.time *= 2 }

  // MARK: - Names

  private func resolve() {
    guard !isResolving, resolutionPause == nil, case .success(let places) = connector.target.places else { return }
    isResolving = true
    Resolver.resolve(places, on: eventLoop).assumeIsolated().whenComplete { result in
      self.isResolving = false
      self.resolved = .now()
      guard !self.isShutdown else { return }
      switch result {
      case .success(let addresses) where !addresses.isEmpty: self.use(addresses)
      case .success: self.unresolved("the name has no address")
      case .failure(let error): self.unresolved((error as? Status)?.message ?? "\(error)")
      }
    }
  }

  /// The addresses may be others by now.
  private func resolveAgain() {
    if isAwake, connector.target.hasNames, resolved + Self.resolutionPause <= .now() { resolve() }
  }

  private func use(_ addresses: [SocketAddress]) {
    resolutionBackoff.reset()
    let old = subchannels
    subchannels = addresses.map { address in old.first { $0.address == address } ?? Subchannel(address, self) }
    for subchannel in old where !addresses.contains(subchannel.address) { subchannel.close() }
    changed()
  }

  /// What was found before is better than nothing.
  private func unresolved(_ reason: String) {
    guard subchannels.isEmpty else { return }
    failure = Status(.unavailable, "cannot connect to \(connector.target): \(reason)")
    resolutionPause = loop.scheduleTask(in: TimeAmount(resolutionBackoff.next(random: .random(in: -1...1)))) {
      self.resolutionPause = nil
      if self.isAwake { self.resolve() }
      self.publish()
    }
    changed()
  }

  // MARK: - Idleness

  private func watchIdleness(_ time: TimeAmount) {
    idleTimer?.cancel()
    idleTimer = loop.scheduleTask(in: time) {
      guard self.isAwake else { return }
      let due = self.lastCall + TimeAmount(self.configuration.idleTimeout)
      if self.calls > 0 { return self.watchIdleness(TimeAmount(self.configuration.idleTimeout)) }
      if due > .now() { return self.watchIdleness(due - .now()) }
      self.sleep()
    }
  }

  /// Closes what is open once it is unused; the next call connects again.
  private func sleep() {
    isAwake = false
    stopTimers()
    for subchannel in subchannels { subchannel.rest() }
    publish()
  }

  private func stopTimers() {
    for timer in [idleTimer, headStart, resolutionPause] { timer?.cancel() }
    (idleTimer, headStart, resolutionPause) = (nil, nil, nil)
  }

  // MARK: - End

  /// Takes no more calls, and closes each connection when its last stream ends.
  func shutDown() {
    guard !isShutdown else { return }
    isShutdown = true
    stopTimers()
    let failing = waiting
    waiting = []
    for exchange in failing { exchange.fail(Status(.unavailable, "the channel is closed")) }
    for subchannel in subchannels { subchannel.close() }
    subchannels = []
    publish()
  }

  /// The time for a graceful end is over.
  func abort() { for connection in leaving { connection.abandon() } }

  private func publish() {
    if isShutdown, leaving.isEmpty { finished.store(true, ordering: .releasing) }
    let state: Channel.State =
      if isShutdown { .shutdown } else if !isAwake { .idle } else if subchannels.isEmpty {
        resolutionPause == nil ? .connecting : .transientFailure
      } else { Picker.state(subchannels) }
    states.set(number, state)
  }
}
