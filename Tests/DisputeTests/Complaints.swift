import DisputeDomain
@testable import DisputeService
import Foundation
import Kernel
import Testing
import TestSupport
import TextSearch

/// Messages of real people that lie beside the repository and are none of it (docs/decisions/0009); their labels are ours.
struct Complaints {
  /// Two messages of one sample, and what a reader said of them.
  struct Pair {
    let left: String
    let right: String
    let isOneMatter: Bool
    /// Whether both tell of the `same` place, of `other` ones, or of `none`.
    let place: String
    /// `tuning`: the formula was chosen on it; `held-out`.
    let half: String
  }

  static let all = Result { try Complaints() }

  let pairs: [Pair]
  private let messages: [String: Message]
  /// The matter that a message is about, where several are about it.
  private let matters: [String: Int]

  private struct Message {
    let user: String
    let time: Timestamp
    let fingerprint: Fingerprint
    let partyKey: [UInt8]
  }

  /// `HUYING_COMPLAINTS`, else `../shared/data/complaints.jsonl` as seen from the repository; `nil` if there is none.
  static let file: String? = {
    let beside = URL(filePath: #filePath).appending(path: "../../../../shared/data/complaints.jsonl").standardized
    let named = ProcessInfo.processInfo.environment["HUYING_COMPLAINTS"]
    return [named, beside.path()].compactMap(\.self).first { FileManager.default.fileExists(atPath: $0) }
  }()

  private init() throws {
    let keys = TokenKeys(.testing)
    var messages = [String: Message]()
    for line in try Self.lines(try #require(Self.file)) {
      let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      func text(_ name: String) -> String { object[name] as? String ?? "" }
      messages[text("id")] = Message(
        user: text("user"), time: try #require(Timestamp(rfc3339: text("time"))),
        fingerprint: keys.fingerprint([NormalizedText(text("subject")), NormalizedText(text("text"))]),
        partyKey: try #require(keys.partyKey(name: text("user"), phone: "", isOrganisation: false)))
    }
    self.messages = messages
    var matters = [String: Int]()
    for (number, line) in try Self.lines(Self.path("matters.txt")).enumerated() {
      for id in line.split(separator: " ") { matters[String(id)] = number }
    }
    self.matters = matters
    pairs = try Self.lines(Self.path("pairs.txt")).map { line in
      let words = line.split(separator: " ").map(String.init)
      return Pair(left: words[0], right: words[1], isOneMatter: words[2] == "same", place: words[3], half: words[4])
    }
  }

  var ids: [String] { messages.keys.sorted() }

  func user(of id: String) -> String { messages[id]?.user ?? "" }

  func isOneMatter(_ left: String, _ right: String) -> Bool {
    matters[left].map { $0 == matters[right] } ?? false
  }

  /// A message as the report that it would be: of an unknown category, by its writer alone.
  func compared(_ id: String, grid: ID<Grid>?) throws -> ComparedCase {
    let message = try #require(messages[id])
    return ComparedCase(
      grid: grid, township: Scenery.township, location: nil, category: "", reportTime: message.time,
      fingerprint: message.fingerprint, partyKeys: [message.partyKey])
  }

  private static func path(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Complaints/\(name)").path()
  }

  private static func lines(_ path: String) throws -> [String] {
    try String(contentsOf: URL(filePath: path), encoding: .utf8).split(separator: "\n").map(String.init)
  }
}
