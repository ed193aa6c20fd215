/// What a database has done since it was opened, for metrics.
package struct DatabaseStatistics: Sendable, Equatable {
  /// Transactions committed with at least one write that was not refused.
  package var groupCount = 0
  /// Writes committed.
  package var writeCount = 0
  /// Writes that were refused by their own closure.
  package var refusedCount = 0
  /// Groups of at most 1, 2, 4, 8, … 256 writes.
  package var groupSizes = [Int](repeating: 0, count: 9)
  /// Groups that had to be run again write by write, because one write took the transaction with it.
  package var lostGroupCount = 0
  /// How often the log was copied into the file.
  package var checkpointCount = 0
  /// Pages in the write-ahead log after the last commit.
  package var walPageCount = 0
  /// Writes that wait for the writer now.
  package var queuedCount = 0

  mutating func count(group: Int, refused: Int) {
    refusedCount += refused
    let written = group - refused
    guard written > 0 else { return }
    groupCount += 1
    writeCount += written
    groupSizes[min(8, (written - 1).bitWidth - (written - 1).leadingZeroBitCount)] += 1
  }
}
