import ArgumentParser
import Foundation
import RPC
import Wire
import WireTypes

/// `huying describe SYMBOL`: what a service, a method or a message is made of.
struct Describe: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Describe a service, a method or a message, by reflection.",
    discussion: """
        huying describe huying.dispute.v1.CaseService
        huying describe huying.dispute.v1.CaseService/ReportCase     with a request to fill in
        huying describe huying.dispute.v1.Case
      """)

  @Argument(help: "A full name.")
  var symbol: String

  @OptionGroup var server: ServerOptions

  func run() async throws {
    let channel = server.channel()
    let types = ServerTypes(channel, try server.callOptions())
    let name = symbol.hasPrefix("/") ? String(symbol.dropFirst()) : symbol
    let asked = name.contains("/") ? String(name.prefix { $0 != "/" }) : name
    let pool = try await types.pool(for: asked)
    let method = name.contains("/") ? pool.method(path: "/" + name) : nil
    guard let text = pool.text(describing: name) else {
      throw Complaint("the server has no \(symbol)", exitCode: 64 + 5)
    }
    print(text)
    if let method {
      var json = ProtoJSON(pool: pool)
      json.usesProtoNames = true
      print("\nto fill in (-d):\n" + json.template(of: method.request).pretty)
    }
    await channel.close(within: .seconds(1))
  }
}
