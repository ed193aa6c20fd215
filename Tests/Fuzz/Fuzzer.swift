import Glibc

/// Runs one surface: takes inputs of the corpus, changes them, keeps those that took a new way.
struct Fuzzer {
  /// What a run has seen.
  struct Outcome {
    var inputs = 0
    var ways = 0
    var findings: [(input: [UInt8], text: String)] = []
    /// Inputs that took a way nobody had taken before, in the order of their finding.
    var kept: [[UInt8]] = []
  }

  let surface: any Surface
  let corpus: [[UInt8]]
  let seed: UInt64
  /// Where every input is written before it runs, so that one that ends the process can be run again.
  var journal: InputJournal?

  private static let longest = 4_096
  private static let mostKept = 4_096
  private static let mostFindings = 5

  /// Runs the corpus as it is, and then `count` inputs made of it.
  func run(_ count: Int) -> Outcome {
    var random = Random(seed: seed)
    var outcome = Outcome()
    var ways: Set<Int> = []
    var pool = corpus.isEmpty ? surface.seeds : corpus
    let mutator = Mutator(words: surface.words, longest: Self.longest)
    for input in pool { take(input, &outcome, &ways, &pool, isNew: false) }
    while outcome.inputs < count, outcome.findings.count < Self.mostFindings {
      let input = mutator.mutate(pool[random.below(pool.count)], with: pool[random.below(pool.count)], &random)
      take(input, &outcome, &ways, &pool, isNew: true)
    }
    outcome.ways = ways.count
    return outcome
  }

  private func take(
    _ input: [UInt8], _ outcome: inout Outcome, _ ways: inout Set<Int>, _ pool: inout [[UInt8]], isNew: Bool
  ) {
    journal?.write(input)
    outcome.inputs += 1
    do throws(Finding) {
      let way = try surface.run(input)
      guard ways.insert(way).inserted, isNew, pool.count < Self.mostKept else { return }
      pool.append(input)
      outcome.kept.append(input)
    } catch {
      outcome.findings.append((input, error.description))
    }
  }
}

/// The input that is running, in a file that outlives the process: four bytes of length, then the input.
final class InputJournal {
  private static let bytes = 1 << 16
  private let start: UnsafeMutableRawPointer

  /// `nil` if there can be no such file.
  init?(path: String) {
    let file = open(path, O_RDWR | O_CREAT, 0o644)
    guard file >= 0, ftruncate(file, Self.bytes) == 0 else { return nil }
    defer { close(file) }
    guard let start = mmap(nil, Self.bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0), start != MAP_FAILED else {
      return nil
    }
    self.start = start
  }

  deinit { munmap(start, Self.bytes) }

  func write(_ input: [UInt8]) {
    let count = min(input.count, Self.bytes - 4)
    start.storeBytes(of: UInt32(count), as: UInt32.self)
    input.withUnsafeBytes { (start + 4).copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(start), byteCount: count) }
  }

  /// The input in such a file.
  static func input(in bytes: [UInt8]) -> [UInt8] {
    let count = bytes.withUnsafeBytes { $0.count >= 4 ? Int($0.loadUnaligned(as: UInt32.self)) : 0 }
    return Array(bytes.dropFirst(4).prefix(count))
  }
}
