import HTTP2

/// What the requests of one connection may hold together before their handlers have taken them.
///
/// Each may be as large as a message may be, and a hundred of them at once would be 400 MiB. So beyond `maximumBytes` the windows
/// of all calls stay shut but one's: that one goes on until its message is whole and taken, then the next. Nothing is refused; who
/// sends a hundred large messages at once sends them one after the other, and who never finishes the one waits for himself.
struct RequestRoom {
  /// Four messages of the largest size. A window per stream (25 MiB in all) may come on top before it is noticed.
  static let maximumBytes = 16 << 20

  /// What unpacked messages may take on top: windows do not bound them.
  static let maximumUnpackedBytes = 64 << 20

  private var held = 0
  private unowned(unsafe) var favourite: ServerCall?
  private var waiting: [(call: ServerCall, bytes: Int)] = []

  /// Whether there is more than any windows can have let in.
  var isOverfull: Bool { held > Self.maximumUnpackedBytes }

  /// `call` has got `bytes` more.
  mutating func hold(_ bytes: Int) { held += bytes }

  /// How many of `bytes` to give back to the window of `call` now.
  mutating func release(_ bytes: Int, of call: ServerCall) -> Int {
    guard held > Self.maximumBytes else { return bytes }
    if favourite == nil { favourite = call }
    if favourite === call { return bytes }
    if let index = waiting.firstIndex(where: { $0.call === call }) {
      waiting[index].bytes += bytes
    } else {
      waiting.append((call, bytes))
    }
    return 0
  }

  /// `call` holds `bytes` less; `isDone`: and has no message under way. The windows that may be opened now.
  mutating func take(_ bytes: Int, of call: ServerCall, isDone: Bool) -> [(call: ServerCall, bytes: Int)] {
    held -= bytes
    if isDone, favourite === call { favourite = nil }
    if isDone, !waiting.isEmpty { waiting.removeAll { $0.call === call } }
    guard !waiting.isEmpty else { return [] }
    if held <= Self.maximumBytes {
      defer { waiting = [] }
      favourite = nil
      return waiting
    }
    guard favourite == nil else { return [] }
    favourite = waiting[0].call
    return [waiting.removeFirst()]
  }
}
