import ArgumentParser

/// `huying import`: what happened before, or elsewhere.
struct Import: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: Say.of("导入一个县，或群众留言。", "Bring in a county, or citizens' messages."),
    subcommands: [ImportCases.self, ImportCounty.self])
}
