import Foundation
import RPC
import TestSupport
import Testing
import WireTypes

/// Unix sockets, and the files that they are.
@Suite(.timeLimit(.minutes(1))) struct UnixSocketTests {
  let folder = TemporaryFolder()
  var path: String { folder.file("s") }

  private func server() -> Server { Server(ServerConfiguration(.unix(path: path)), services: [EchoService()]) }

  private func echo() async throws -> String {
    let channel = Channel(target: "unix:" + path)
    let answer: Text = try await channel.unary(EchoService.echo, Text(value: "x"))
    await channel.close(within: .seconds(1))
    return answer.value
  }

  private func refusal() async -> String {
    let error = await #expect(throws: ListenError.self) { try await server().start() }
    return error.map { "\($0)" } ?? ""
  }

  @Test func `owner and group may connect, and nothing is left behind`() async throws {
    let server = server()
    try await server.start()
    let permissions = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(permissions == 0o660)
    #expect(server.addresses == [.unix(path: path)])
    let answer = try await echo()
    #expect(answer == "x")
    await server.drain(within: .seconds(1))
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func `what a dead process left is replaced, what a living one listens on is not`() async throws {
    let first = server()
    try await first.start()
    #expect(await refusal() == "another process listens on \(path)")
    let answer = try await echo()
    #expect(answer == "x")
    // Its owner goes, the file stays.
    #expect(rename(path, path + ".old") == 0)
    await first.drain(within: .seconds(1))
    #expect(rename(path + ".old", path) == 0)
    let second = server()
    try await second.start()
    let again = try await echo()
    #expect(again == "x")
    await second.drain(within: .seconds(1))
  }

  @Test func `a file that is no socket is never removed, and a path has its limits`() async throws {
    try Data("precious".utf8).write(to: URL(fileURLWithPath: path))
    #expect(await refusal() == "\(path) is there and is no socket")
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data("precious".utf8))
    let long = String(repeating: "x", count: 108)
    let error = await #expect(throws: ListenError.self) {
      try await Server(ServerConfiguration(.unix(path: long)), services: []).start()
    }
    #expect(error?.description.contains("1 to 107 bytes") == true)
  }
}
