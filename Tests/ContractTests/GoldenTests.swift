import Foundation
import Testing
import Wire
import WireTypes

/// Every generated type against the bytes that PyPI's protobuf makes of seeded values (golden.txt, written by python/golden.py).
struct GoldenTests {
  static let golden: [(name: String, bytes: [UInt8])] = {
    let file = ContractTestFiles.folder + "/golden.txt"
    let lines = ((try? String(contentsOfFile: file, encoding: .utf8)) ?? "").split(separator: "\n")
    return lines.map { line in
      let parts = line.split(separator: " ", omittingEmptySubsequences: false)
      return (String(parts[0]), Base64.decode(parts[1]) ?? [])
    }
  }()

  @Test func `every generated message has golden bytes, and none has them in vain`() {
    let without = Set(AllContracts.messages.keys).symmetricDifference(Self.golden.map(\.name))
    #expect(without.isEmpty, "\(without.sorted())")
    #expect(Self.golden.count > 1000)
  }

  @Test func `every generated message reads and writes another implementation's bytes`() throws {
    for (name, bytes) in Self.golden {
      let type = try #require(AllContracts.messages[name])
      #expect(try type.passing(bytes) == bytes, "\(name)")
    }
  }

  @Test func `so does every type that is known from its descriptor only`() throws {
    let pool = try AllContracts.pool.get()
    for (name, bytes) in Self.golden {
      let type = try #require(pool.message(named: name))
      #expect(try DynamicMessage(decoding: bytes, as: type).encoded() == bytes, "\(name)")
    }
  }

  @Test func `the kept bytes are those that the generator makes`() async throws {
    let output = try await Python.run("golden.py", "--check")
    #expect(output.contains("as kept"), "\(output)")
  }
}
