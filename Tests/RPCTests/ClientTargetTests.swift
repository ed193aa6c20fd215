import HTTP2
import NIOCore
import Testing
import WireTypes

@testable import RPC

@Suite(.timeLimit(.minutes(1))) struct ClientTargetTests {
  typealias Place = ChannelTarget.Place

  @Test(
    arguments: [
      ("localhost:50051", [.tcp(host: "localhost", port: 50_051)], "localhost:50051"),
      ("dns:localhost:1", [.tcp(host: "localhost", port: 1)], "localhost:1"),
      ("dns:///grid-registry:7001", [.tcp(host: "grid-registry", port: 7_001)], "grid-registry:7001"),
      ("DNS:///a:1", [.tcp(host: "a", port: 1)], "a:1"),
      ("[::1]:80", [.tcp(host: "::1", port: 80)], "[::1]:80"),
      ("ipv4:1.2.3.4:1,5.6.7.8:2", [.tcp(host: "1.2.3.4", port: 1), .tcp(host: "5.6.7.8", port: 2)], "1.2.3.4:1"),
      ("ipv6:[::1]:1,[fe80::2]:2", [.tcp(host: "::1", port: 1), .tcp(host: "fe80::2", port: 2)], "[::1]:1"),
      ("static:///a:1,b:2,a:1", [.tcp(host: "a", port: 1), .tcp(host: "b", port: 2)], "a:1"),
      ("static:a:1", [.tcp(host: "a", port: 1)], "a:1"),
      ("unix:relative.sock", [.unix(path: "relative.sock")], "localhost"),
      ("unix:/run/a.sock", [.unix(path: "/run/a.sock")], "localhost"),
      ("unix:///run/a.sock", [.unix(path: "/run/a.sock")], "localhost"),
    ] as [(String, [Place], String)])
  func `gRPC's names are read`(text: String, places: [Place], authority: String) throws {
    let target = ChannelTarget(text)
    let read = try target.places.get()
    #expect(read == places)
    #expect(target.authority == authority)
  }

  @Test(arguments: [
    ("", "host:port"), ("localhost", "host:port"), ("localhost:", "host:port"), ("localhost:0", "host:port"),
    ("localhost:65536", "host:port"), (":80", "host:port"), ("::1:80", "[address]:port"), ("http://a:1", "host:port"),
    ("a b:1", "host:port"), ("dns://8.8.8.8/a:1", "name server 8.8.8.8"), ("ipv4:a:1", "not an address"),
    ("ipv4:[::1]:1", "not an address"), ("ipv6:1.2.3.4:1", "not an address"), ("static:///a:1,,b:2", "host:port"),
    ("unix:", "path"), ("unix:/" + String(repeating: "a", count: 108), "path"), ("unix-abstract:a", "host:port"),
  ]) func `a target that cannot be used says why, with every call`(text: String, words: String) async throws {
    let channel = Channel(target: text)
    let (_, status) = await result {
      try await channel.hi(20, CallOptions(waitForReady: true))
    }
    #expect(status?.code == .unavailable)
    #expect(status?.message.contains("the target \(text) cannot be used") == true)
    #expect(status?.message.contains(words) == true, "\(status?.message ?? "")")
    #expect(channel.state == .idle)
    await channel.close()
  }

  @Test func `names without an address are UNAVAILABLE with the reason`() async throws {
    let channel = Channel(target: "dns:///no-such-host.invalid:1")
    let (_, status) = await result { try await channel.hi() }
    #expect(status?.code == .unavailable)
    #expect(status?.message.contains("the name no-such-host.invalid has no address") == true)
    #expect(channel.state == .transientFailure)
    await channel.close()
  }

  @Test func `names are looked up, all of their addresses`() async throws {
    try await Loopback.run { loop in
      let channel = Channel(target: "dns:///localhost:\(loop.server.port)")
      try await channel.expectHi()
      await channel.close()
    }
  }

  @Test func `the authority is the target's, the channel's or the call's`() async throws {
    var script = LyingServer.Script()
    script.answer = { peer, request in peer.answer(request.stream) }
    try await LyingServer.run(script) { channel, server in
      _ = try await channel.hi()
      var options = CallOptions()
      options.authority = "called.example"
      _ = try await channel.hi(20, options)
      #expect(server.heads.map { $0[":authority"] } == ["127.0.0.1:\(server.port)", "called.example"])
      #expect(server.heads.first?[":scheme"] == "http")
    }
    try await LyingServer.run(script, configure: { $0.authority = "channel.example" }) { channel, server in
      _ = try await channel.hi()
      #expect(server.heads.map { $0[":authority"] } == ["channel.example"])
    }
  }
}
