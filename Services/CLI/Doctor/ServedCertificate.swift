import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import SwiftASN1
import Synchronization
import X509

/// The certificate that a port shows, whoever signed it: what a client would see.
enum ServedCertificate {
  /// Shakes hands and hangs up. `address` is HOST:PORT.
  static func read(at address: String, within limit: TimeAmount = .seconds(5)) async throws -> Certificate {
    guard let colon = address.lastIndex(of: ":"), let port = Int(address[address.index(after: colon)...]) else {
      throw Complaint("\(address) 不是 主机:端口", "\(address) is not HOST:PORT")
    }
    let host = String(address[..<colon])
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.applicationProtocols = ["h2"]
    let context = try NIOSSLContext(configuration: configuration)
    let seen = Mutex<NIOSSLCertificate?>(nil)
    let holder = Holder(seen)
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connectTimeout(limit)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let isName = (try? SocketAddress(ipAddress: host, port: port)) == nil
          let handler = try NIOSSLClientHandler(
            context: context, serverHostname: isName ? host : nil,
            customVerificationCallback: { certificates, promise in
              holder.take(certificates.first)
              // It has been seen: there is nothing else to say to this server.
              promise.succeed(.failed)
            })
          try channel.pipeline.syncOperations.addHandler(handler)
          try channel.pipeline.syncOperations.addHandler(Silence())
        }
      }.connect(host: host, port: port).get()
    let timeout = channel.eventLoop.scheduleTask(in: limit) { channel.close(promise: nil) }
    try? await channel.closeFuture.get()
    timeout.cancel()
    guard let bytes = try holder.certificate?.toDERBytes() else {
      throw Complaint("\(address) 没有出示证书", "\(address) shows no certificate")
    }
    return try Certificate(derEncoded: bytes)
  }

  private final class Holder: Sendable {
    private let value: Mutex<NIOSSLCertificate?>

    init(_ value: consuming Mutex<NIOSSLCertificate?>) { self.value = value }

    func take(_ certificate: NIOSSLCertificate?) { value.withLock { $0 = certificate } }

    var certificate: NIOSSLCertificate? { value.withLock { $0 } }
  }

  /// A handshake that we end ourselves is no error to report.
  private final class Silence: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
  }
}
