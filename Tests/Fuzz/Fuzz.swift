import Glibc

/// `fuzz`: throws seeded changed inputs at every place where bytes of strangers come in.
@main enum Fuzz {
  static let usage = """
    usage: fuzz [--inputs N] [--seed N] [--surface assembler|json|wire|session] [--corpus FOLDER] [--keep N] [--state FOLDER]
           fuzz --surface NAME --replay FILE
      --inputs  how many inputs each surface gets (100000)
      --corpus  where its inputs begin (Tests/Fuzz/corpus)
      --keep    how many of the inputs that took new ways are added to the corpus (0)
      --state   where the running input is written, and what was found (.build/fuzz)
    """

  static func main() throws {
    var options: [String: String] = [:]
    var arguments = CommandLine.arguments.dropFirst()
    while let name = arguments.popFirst() {
      guard name.hasPrefix("--"), name != "--help", let value = arguments.popFirst() else {
        print(usage)
        exit(64)
      }
      options[name] = value
    }
    let surfaces = try makeSurfaces().filter { options["--surface"] == nil || $0.name == options["--surface"] }
    if let file = options["--replay"] { return try replay(file, surfaces) }
    let state = options["--state"] ?? ".build/fuzz"
    mkdir(state, 0o755)
    var foundAny = false
    for surface in surfaces {
      let folder = "\(options["--corpus"] ?? "Tests/Fuzz/corpus")/\(surface.name)"
      let seed = options["--seed"].flatMap(UInt64.init) ?? 1
      let fuzzer = Fuzzer(
        surface: surface, corpus: Corpus.read(folder), seed: seed,
        journal: InputJournal(path: "\(state)/\(surface.name).running"))
      let clock = ContinuousClock()
      var outcome = Fuzzer.Outcome()
      let time = clock.measure { outcome = fuzzer.run(options["--inputs"].flatMap(Int.init) ?? 100_000) }
      print(
        "\(surface.name): \(outcome.inputs) inputs, \(outcome.ways) ways, \(outcome.findings.count) findings, \(time)")
      for finding in outcome.findings { print("  \(finding.text)\n  \(finding.input)") }
      Corpus.write(outcome.findings.map(\.input), into: "\(state)/\(surface.name)-found")
      Corpus.write(Array(outcome.kept.prefix(options["--keep"].flatMap(Int.init) ?? 0)), into: folder)
      foundAny = foundAny || !outcome.findings.isEmpty
    }
    exit(foundAny ? 1 : 0)
  }

  private static func replay(_ file: String, _ surfaces: [any Surface]) throws {
    guard surfaces.count == 1, let bytes = Corpus.bytes(of: file) else {
      print(usage)
      exit(64)
    }
    let input = file.hasSuffix(".running") ? InputJournal.input(in: bytes) : bytes
    print("\(surfaces[0].name): \(input)")
    print("way \(try surfaces[0].run(input))")
  }
}
