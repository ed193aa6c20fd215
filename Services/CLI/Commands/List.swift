import ArgumentParser
import RPC
import Wire
import WireTypes

/// `huying list [SERVICE]`: what a server serves.
struct List: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List a server's services, or a service's methods, by reflection.",
    discussion: """
        huying list
        huying list huying.dispute.v1.CaseService
        huying list --target 127.0.0.1:50051
      """)

  @Argument(help: "A service; without it all services.")
  var service: String?

  @OptionGroup var server: ServerOptions

  func run() async throws {
    let channel = server.channel()
    let types = ServerTypes(channel, try server.callOptions())
    if let service {
      guard let found = try await types.pool(for: service).service(named: service) else {
        throw Complaint("the server has no service \(service)", exitCode: 64 + 5)
      }
      for method in found.methods { print("\(found.fullName)/\(method.name)") }
    } else {
      for name in try await types.services() { print(name) }
    }
    await channel.close(within: .seconds(1))
  }
}
