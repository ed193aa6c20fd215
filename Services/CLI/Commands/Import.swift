import ArgumentParser

/// `huying import`: what happened before, or elsewhere.
struct Import: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Bring in a county, or citizens' messages.",
    subcommands: [ImportCases.self, ImportCounty.self])
}
