/// Something that a call can go to.
protocol Candidate {
  var state: Channel.State { get }
  /// Whether a call can begin there now.
  var hasRoom: Bool { get }
}

/// Which of a channel's subchannels a call goes to.
struct Picker {
  enum Pick: Equatable {
    /// The call begins there.
    case use(Int)
    /// There is no room for one more stream; this one may make a further connection.
    case full(Int)
    /// An attempt is under way or will be.
    case wait
    /// Nobody can be reached.
    case fail
  }

  let balancing: LoadBalancing
  private var next = 0

  init(_ balancing: LoadBalancing) { self.balancing = balancing }

  mutating func pick<Candidates: RandomAccessCollection>(_ all: Candidates) -> Pick
  where Candidates.Element: Candidate, Candidates.Index == Int {
    var full: Int?
    for step in 0..<all.count {
      let index = balancing == .pickFirst ? step : (next + step) % all.count
      guard all[index].state == .ready else { continue }
      if all[index].hasRoom {
        next = index + 1
        return .use(index)
      }
      full = full ?? index
    }
    if let full { return .full(full) }
    return Self.state(all) == .transientFailure ? .fail : .wait
  }

  /// What the channel's state is, of those of its subchannels. One that has not been tried yet will be.
  static func state<Candidates: RandomAccessCollection>(_ all: Candidates) -> Channel.State
  where Candidates.Element: Candidate, Candidates.Index == Int {
    var best = Channel.State.transientFailure
    for index in all.indices {
      switch all[index].state {
      case .ready: return .ready
      case .connecting, .idle: best = .connecting
      case .transientFailure, .shutdown: break
      }
    }
    return best
  }
}
