import DispatchDomain
import Kernel

/// Where a list goes on: behind a time and an id.
struct Page {
  let time: Timestamp
  let id: String
  let size: Int

  /// Refuses `PAGE_TOKEN_INVALID`. Without a token, `start`.
  init(_ token: String, size: Int32, start: Timestamp) throws {
    self.size = size <= 0 ? 50 : min(Int(size), 200)
    if token.isEmpty {
      (time, id) = (start, "")
      return
    }
    let parts = token.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let microseconds = Int64(parts[0]) else {
      throw Refused(.invalidArgument, .pageTokenInvalid)
    }
    time = Timestamp(microseconds: microseconds)
    id = String(parts[1])
  }

  /// Later than every time.
  static let newest = Timestamp(microseconds: .max)
  /// Earlier than every time.
  static let oldest = Timestamp(microseconds: .min)

  /// The rows of this page out of one more, and the token behind them; empty: that was all.
  func cut<Row>(_ rows: [Row], _ key: (Row) -> (Timestamp, String)) -> (rows: [Row], next: String) {
    guard rows.count > size, let last = rows.prefix(size).last else { return (rows, "") }
    let (time, id) = key(last)
    return (Array(rows.prefix(size)), "\(time.microseconds):\(id)")
  }
}
