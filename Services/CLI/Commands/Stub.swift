import ArgumentParser
struct List: AsyncParsableCommand { func run() async throws {} }
struct Describe: AsyncParsableCommand { func run() async throws {} }
struct Call: AsyncParsableCommand { func run() async throws {} }
