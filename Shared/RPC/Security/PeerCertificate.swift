import NIOSSL
import Synchronization

/// The verified certificate at the other end of a connection, taken apart when somebody asks, once.
final class PeerCertificate: Sendable {
  private enum State {
    case unread(NIOSSLCertificate)
    case read(PeerIdentity?)
  }

  private let state: Mutex<State>

  init(_ certificate: NIOSSLCertificate) { state = Mutex(.unread(certificate)) }

  init(_ identity: PeerIdentity) { state = Mutex(.read(identity)) }

  var identity: PeerIdentity? {
    state.withLock { state in
      switch state {
      case .read(let identity): return identity
      case .unread(let certificate):
        let identity = (try? certificate.toDERBytes()).flatMap(PeerIdentity.init(der:))
        state = .read(identity)
        return identity
      }
    }
  }
}
