import Foundation

extension Measure {
  /// Decoding and encoding one message of twelve fields, beside swift-protobuf; each round is a process of its own.
  func measureMessages(_ bench: Workbench) async throws -> Report.Group {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Peers/report.binpb")
    let iterations = "\(max(bench.milliseconds, 100) * 500)"
    var ours = (decode: [Double](), encode: [Double]())
    var theirs = (decode: [Double](), encode: [Double]())
    let peer = bench.binary(of: .swiftProtobuf)
    // Says that it is missing.
    if peer == nil { _ = try bench.start(.swiftProtobuf) }
    for round in 0...bench.rounds {
      let own = try await Self.coding(try bench.start("message-benchmark", [file.path, iterations], named: "messages"))
      if round > 0 {
        ours.decode.append(own.decode)
        ours.encode.append(own.encode)
      }
      guard let peer else { continue }
      let other = try await Self.coding(try bench.start(peer, [file.path, iterations], named: "peer-messages"))
      if round > 0 {
        theirs.decode.append(other.decode)
        theirs.encode.append(other.encode)
      }
    }
    func lines(_ what: String, _ own: [Double], _ other: [Double]) -> [Line] {
      var line = Line(name: "\(what), ours", goal: other.isEmpty ? "" : Peer.swiftProtobuf.goal)
      line.value = own
      line.unit = "ns"
      guard !other.isEmpty else { return [line] }
      line.ratios = zip(own, other).map { $0 / $1 }
      line.ratioTo = "\(what), \(Peer.swiftProtobuf.name)"
      var peerLine = Line(name: line.ratioTo)
      peerLine.value = other
      peerLine.unit = "ns"
      return [line, peerLine]
    }
    return Report.Group(
      title: "a message of 12 fields",
      lines: lines("decode", ours.decode, theirs.decode) + lines("encode", ours.encode, theirs.encode))
  }

  private struct Coding: Decodable {
    let decode: Double
    let encode: Double

    enum CodingKeys: String, CodingKey {
      case decode = "decode_ns"
      case encode = "encode_ns"
    }
  }

  private static func coding(_ child: ChildProcess) async throws -> Coding {
    try await child.finish()
    return try JSONDecoder().decode(Coding.self, from: Data(child.text.utf8))
  }
}
