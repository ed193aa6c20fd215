/// A look at files that may change while a process runs, once in a while at most, so that whoever uses what was made of them may
/// ask each time.
package struct FileLook: Sendable {
  /// What the files looked like; `nil` stands for one that is not there.
  package typealias Stamps = [FileStamp?]

  private let files: [String]
  private let pause: Duration
  private var lookTime: ContinuousClock.Instant?

  /// What the files looked like when they were read last; `nil`: they never were. Whoever is told of a change sets this: before he
  /// reads, if what cannot be used is to be passed over, after it, if it is to be tried again.
  package var seen: Stamps?

  /// Looks at `files` once in a `pause` at most, the first time at once. No files never change.
  package init(_ files: [String], pause: Duration = .seconds(1)) {
    self.files = files
    self.pause = pause
    seen = files.isEmpty ? [] : nil
  }

  /// What the files look like, if it is time to look and they are others than `seen`.
  package mutating func change() -> Stamps? {
    let now = ContinuousClock.now
    if let lookTime, now < lookTime + pause { return nil }
    lookTime = now
    return changeNow()
  }

  /// The same, whether it is time or not.
  package func changeNow() -> Stamps? {
    let found = files.map(FileStamp.init)
    return found == seen ? nil : found
  }
}
