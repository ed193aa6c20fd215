import ArgumentParser
import Foundation
import GatewayContract
import Kernel
import RPC
import WireTypes

/// `huying journal`: what was written down, and whether it is still what was written.
struct JournalCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "journal", abstract: Say.of("核验各服务的日志链，或随时查看。", "Verify the services' journals, or read along."),
    subcommands: [Verify.self, Tail.self])

  struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("逐条核验哈希链，指出第一处断裂。", "Walk the hash chains and name the first broken link."),
      discussion: Say.of("有断裂或服务未响应时退出码为 1。", "Exit code 1 if a chain is broken or a service does not answer."))

    @Option(help: .of("只核验这个服务的日志。", "Only this service's journal."))
    var service = ""

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.withChannel { channel in
        let answer = try await GatewayV1.JournalServiceClient(channel).verifyJournals(
          .init(service: service), options: CallOptions(timeout: .seconds(600)))
        switch gateway.output {
        case .json: print(try JSONText.of(answer))
        case .table:
          var table = Table(Say.of("服务", "service"), Say.of("条数", "lines"), Say.of("链", "chain"), Say.of("链头", "head"))
          for result in answer.verifications {
            let chain =
              result.unreachable
              ? Say.of("未响应", "does not answer")
              : result.firstBrokenSeq == 0
                ? Say.of("完整", "holds") : Say.of("断裂于 \(result.firstBrokenSeq)", "BROKEN at \(result.firstBrokenSeq)")
            table.add(
              result.service, String(result.verifiedCount), chain, String(result.headHash.hexadecimal.prefix(16)))
          }
          print(table.text)
        }
        if answer.verifications.contains(where: { $0.unreachable || $0.firstBrokenSeq != 0 }) { throw ExitCode(1) }
      }
    }
  }

  struct Tail: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of(
        "某服务日志的最后几条；--follow 随时显示新的。",
        "Show the last lines of a service's journal; with --follow new ones as they come."),
      discussion: "  huying journal tail dispute --follow")

    @Argument(
      help: .of(
        "服务：grid-registry、dispute、responsibility-list、dispatch 或 performance-evaluation。",
        "grid-registry, dispute, responsibility-list, dispatch or performance-evaluation."))
    var service: String

    @Option(name: [.short, .customLong("lines")], help: .of("先显示最后几条。", "How many lines first."))
    var lines: Int32 = 10

    @Flag(name: .shortAndLong, help: .of("持续显示，直到 Ctrl-C。", "Go on until Ctrl-C."))
    var follow = false

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.withChannel { channel in
        let stream = GatewayV1.JournalServiceClient(channel).tailJournal(
          .init(service: service, lastCount: lines, follow: follow))
        for try await line in stream {
          switch gateway.output {
          case .json: print(try JSONText.of(line))
          case .table:
            let time = line.occurTime?.kernel.shanghai ?? ""
            print(
              "\(line.seq)  \(time)  \(Terminal.padded(line.eventType, to: 26))  \(line.aggregateID)  \(line.role) \(line.orgID)"
            )
          }
        }
      }
    }
  }
}
