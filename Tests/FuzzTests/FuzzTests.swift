import Foundation
import Testing

@testable import FuzzMain

/// A short run of the fuzzer over every surface; `make fuzz` makes long ones.
struct FuzzTests {
  private static let corpus =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().path + "/Fuzz/corpus"

  @Test(arguments: ["assembler", "json", "wire", "session"])
  func `changed inputs crash nothing and break no promise`(name: String) throws {
    let surface = try #require(makeSurfaces().first { $0.name == name })
    let corpus = Corpus.read("\(Self.corpus)/\(name)")
    #expect(!corpus.isEmpty)
    let outcome = Fuzzer(surface: surface, corpus: corpus, seed: 20_260_101).run(corpus.count + 3_000)
    #expect(outcome.findings.map(\.text) == [])
    #expect(outcome.ways > 5)
  }

  @Test func `a promise that is broken is found, and its input can be run again`() throws {
    struct Broken: Surface {
      let name = "broken"
      let seeds: [[UInt8]] = [[1, 2, 3]]
      let words: [[UInt8]] = [[0xfa, 0xce]]
      func run(_ input: [UInt8]) throws(Finding) -> Int {
        if input.contains(0xfa) { throw Finding("found") }
        return input.count
      }
    }
    let outcome = Fuzzer(surface: Broken(), corpus: [], seed: 1).run(1_000)
    let found = try #require(outcome.findings.first)
    #expect(throws: Finding.self) { try Broken().run(found.input) }
  }
}
