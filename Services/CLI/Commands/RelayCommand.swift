import ArgumentParser
import Foundation
import GatewayContract
import Kernel
import RPC
import WireTypes

/// `huying relay`: how far the services have heard each other.
struct RelayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "relay", abstract: "See what the services have told each other, and what could not be delivered.",
    subcommands: [StatusOfRelay.self, Parked.self, Retry.self], defaultSubcommand: StatusOfRelay.self)

  struct StatusOfRelay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "status", abstract: "Every source and target: how far, how much is missing, which alarm.")

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.withChannel { channel in
        let answer = try await GatewayV1.RelayServiceClient(channel).getRelayStatus(
          .init(), options: CallOptions(timeout: .seconds(10)))
        switch gateway.output {
        case .json: print(try JSONText.of(answer))
        case .table:
          var table = Table("source", "target", "state", "heard", "head", "parked", "what to know")
          for route in answer.routes {
            table.add(
              route.source, route.target, String(route.state.protoName.dropFirst("STATE_".count)),
              String(route.heardSeq), String(route.headSeq), String(route.parkedCount),
              [route.alarm, route.explanation].filter { !$0.isEmpty }.joined(separator: ": "))
          }
          print(table.text)
        }
      }
    }
  }

  struct Parked: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Messages that their target refused, oldest first.")

    @Option(help: "Only this service's.")
    var target = ""

    @OptionGroup var gateway: RelayGatewayOptions

    func run() async throws {
      try await gateway.withChannel { channel in
        let client = GatewayV1.RelayServiceClient(channel)
        var messages: [GatewayV1.ParkedMessage] = []
        var token = ""
        repeat {
          let page = try await client.listParkedMessages(
            .init(target: target, pageSize: 200, pageToken: token), options: CallOptions(timeout: .seconds(10)))
          messages += page.messages
          token = page.nextPageToken
        } while !token.isEmpty
        switch gateway.output {
        case .json: print("[" + (try messages.map { try JSONText.of($0) }).joined(separator: ",") + "]")
        case .table:
          var table = Table("source", "target", "seq", "event", "reason", "tried", "explanation")
          for message in messages {
            table.add(
              message.source, message.target, String(message.seq), message.eventType, message.reason,
              String(message.attemptCount), Terminal.cut(message.explanation, to: 60))
          }
          print(messages.isEmpty ? "nothing is parked" : table.text)
        }
      }
    }
  }

  struct Retry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Deliver parked messages again.")

    @Option(help: "Only this service's.")
    var target = ""

    @OptionGroup var gateway: RelayGatewayOptions

    func run() async throws {
      try await gateway.withChannel { channel in
        let answer = try await GatewayV1.RelayServiceClient(channel).retryParkedMessages(
          .init(requestID: RequestID.fresh, target: target), options: CallOptions(timeout: .seconds(60)))
        print("delivered \(answer.deliveredCount), still parked \(answer.stillParkedCount)")
        if answer.stillParkedCount > 0 { throw ExitCode(1) }
      }
    }
  }
}

/// Waits until targets have heard what their sources have written.
struct RelayWait {
  private let client: GatewayV1.RelayServiceClient

  init(_ channel: Channel) { client = GatewayV1.RelayServiceClient(channel) }

  /// Returns when every way from `sources` (all, if empty) to `targets` is caught up. An alarm, or `limit`, ends it with one
  /// clear line.
  func untilCaughtUp(
    sources: Set<String> = [], targets: Set<String>, limit: Duration = .seconds(600)
  ) async throws {
    let deadline = ContinuousClock.now + limit
    var bar = ProgressBar("relay")
    defer { bar.clear() }
    // The relay looks at a source when it grows: what was written this very moment may not be on the board yet.
    try await Task.sleep(for: .milliseconds(300))
    while true {
      let routes = try await client.getRelayStatus(.init(), options: CallOptions(timeout: .seconds(10))).routes
        .filter { targets.contains($0.target) && (sources.isEmpty || sources.contains($0.source)) }
      if let alarm = routes.first(where: { $0.state == .alarm }) {
        throw Complaint("\(alarm.source) → \(alarm.target): \(alarm.alarm): \(alarm.explanation)", exitCode: 1)
      }
      if routes.allSatisfy({ $0.state == .caughtUp }) { return }
      guard ContinuousClock.now < deadline else {
        let behind = routes.filter { $0.state != .caughtUp }.map { "\($0.source) → \($0.target)" }
        throw Complaint("still on its way after \(limit): \(behind.joined(separator: ", "))", exitCode: 1)
      }
      let heard = routes.reduce(0) { $0 + $1.heardSeq }
      bar.show(done: heard, of: max(1, routes.reduce(0) { $0 + $1.headSeq }), items: Int(heard))
      try await Task.sleep(for: .milliseconds(200))
    }
  }
}
