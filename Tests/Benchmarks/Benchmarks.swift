import ArgumentParser
import Foundation

/// `benchmarks`: medians and ratios of what design §9 has goals for. It prints; it refuses nothing for being slow.
@main
struct Benchmarks: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmarks",
    abstract: "Measures the release build beside it: every case in interleaved rounds, medians and ratios.",
    discussion: """
      CPU is the time of the server's process, however many threads; calls/s depends on what else the machine does, ratios of one
      round much less. Nothing here passes or fails.
      """,
    subcommands: [Measure.self], defaultSubcommand: Measure.self)
}

/// Runs the cases and prints the table.
struct Measure: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "measure", abstract: "Run the cases (default).")

  @Option(help: "Rounds of every case; the median is printed.")
  var rounds = 5

  @Option(help: "Milliseconds of load in a round.")
  var milliseconds = 1000

  @Option(help: "Only these cases, comma-separated: \(Case.allCases.map(\.rawValue).joined(separator: ",")).")
  var only = ""

  @Option(help: "growth: how many cases the databases have; each is kept beside the build and costs some 8 KB a case.")
  var sizes = "50000,1000000"

  @Option(help: "growth: only operations whose title has one of these words, comma-separated.")
  var operations = ""

  @Option(name: [.short, .customLong("output")], help: "table for people, json for programs.")
  var output: OutputFormat = .table

  enum Case: String, CaseIterable {
    case echo
    case streaming
    case memory
    case tls
    case messages
    case start
    case inserts
    case coverage
    case growth
    case reads
    case writes
    case determine
  }

  enum OutputFormat: String, ExpressibleByArgument {
    case table
    case json
  }

  func run() async throws {
    let names = only.split(separator: ",").map(String.init)
    let unknown = names.filter { Case(rawValue: $0) == nil }
    guard unknown.isEmpty else { throw ValidationError("there is no case \(unknown.joined(separator: ", "))") }
    let cases = names.isEmpty ? Case.allCases : names.compactMap(Case.init)
    if cases.contains(.growth) {
      _ = try growthSizes()
      _ = try growthOperations()
    }
    let bench = try Workbench(rounds: max(1, rounds), milliseconds: max(100, milliseconds))
    var report = Report(load: Machine.loadAverage)
    do {
      try await run(cases, bench, &report)
    } catch {
      await bench.clear()
      throw error
    }
    await bench.clear()
    print(output == .json ? try report.json() : report.text)
  }

  private func run(_ cases: [Case], _ bench: Workbench, _ report: inout Report) async throws {
    if cases.contains(.echo) { for group in try await measureEcho(bench) { report.add(group) } }
    if cases.contains(.streaming) { report.add(try await measureStreaming(bench)) }
    if cases.contains(.memory) { report.add(try await measureMemory(bench)) }
    if cases.contains(.tls), let group = try await measureSecurity(bench) { report.add(group) }
    if cases.contains(.messages) { report.add(try await measureMessages(bench)) }
    if cases.contains(.start) { report.add(try await measureStart(bench)) }
    if cases.contains(.coverage) { report.add(try await measureCoverage(bench)) }
    if cases.contains(.growth) { for group in try await measureGrowth(bench) { report.add(group) } }
    if cases.contains(.inserts) { report.add(try await measureInserts(bench)) }
    guard cases.contains(where: { [.reads, .writes, .determine].contains($0) }) else { return }
    let stack = try await Stack.start(bench)
    if cases.contains(.reads) { report.add(try await measureReads(stack, bench)) }
    if cases.contains(.writes) { report.add(try await measureWrites(stack, bench)) }
    if cases.contains(.determine) { report.add(try await measureDetermine(stack, bench)) }
  }
}
