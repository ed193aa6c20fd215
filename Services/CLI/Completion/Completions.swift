import ArgumentParser
import Foundation
import RPC
import WireTypes

/// What a shell offers after TAB: asked of the server that the words name, quickly or not at all.
enum Completions {
  /// Names of targets.
  static let targets = CompletionKind.custom { _, _, _ in
    ((try? TargetBook.load())?.targets.keys.sorted() ?? []) + ["127.0.0.1:"]
  }

  /// Services of the server.
  static let services = CompletionKind.custom { words, _, prefix in
    await names(words, prefix) { try await $0.source.services() }
  }

  /// RPCs of the server: `package.Service/Method`.
  static let methods = CompletionKind.custom { words, _, prefix in
    await names(words, prefix) { session in
      try await session.lookup.everything().services.flatMap(\.methods).map { String($0.path.dropFirst()) }
    }
  }

  /// Everything that can be described.
  static let symbols = CompletionKind.custom { words, _, prefix in
    await names(words, prefix) { session in SymbolIndex(try await session.lookup.everything()).names.sorted() }
  }

  /// A person does not wait for a TAB longer than this.
  private static let patience: Duration = .seconds(2)

  private static func names(
    _ words: [String], _ prefix: String, _ ask: @escaping @Sendable (ServerSession) async throws -> [String]
  ) async -> [String] {
    do {
      let (server, schema) = try options(words)
      let session = try await ServerSession(server, schema)
      let all = try await session.run { try await ask(session) }
      let fitting = all.filter { $0.hasPrefix(prefix) }
      return fitting.isEmpty ? all.filter { $0.lowercased().contains(prefix.lowercased()) } : fitting
    } catch {
      // A shell has no place for a complaint.
      return []
    }
  }

  /// The options that say whom to ask, among the words typed so far.
  static func options(_ words: [String]) throws -> (ServerOptions, SchemaOptions) {
    let types: Set<String> = ["--proto", "-I", "--import-path", "--protoset"]
    let server: Set<String> = [
      "-t", "--target", "-H", "--header", "--ca", "--cacert", "--cert", "--key", "--server-name", "--authority",
    ]
    let flags: Set<String> = ["--tls", "--plaintext", "--insecure", "--insecure-skip-verify"]
    var kept: (server: [String], schema: [String]) = ([], [])
    let words = joined(words)
    var index = words.startIndex
    while index < words.endIndex {
      let word = words[index]
      let name = String(word.prefix { $0 != "=" })
      let takesNext = !word.contains("=") && index + 1 < words.endIndex
      let value = takesNext ? [words[index + 1]] : []
      if flags.contains(word) { kept.server.append(word) }
      if server.contains(name), takesNext || word.contains("=") { kept.server += [word] + value }
      if types.contains(name), takesNext || word.contains("=") { kept.schema += [word] + value }
      index += (server.contains(name) || types.contains(name)) && takesNext ? 2 : 1
    }
    let seconds = "\(patience.inSeconds)"
    return (
      try ServerOptions.parse(kept.server + ["--max-time", seconds, "--connect-timeout", seconds]),
      try SchemaOptions.parse(kept.schema)
    )
  }

  /// bash takes `127.0.0.1:50051` and `--tls=x` apart at `:` and `=`.
  private static func joined(_ words: [String]) -> [String] {
    words.reduce(into: []) { result, word in
      let isGlued =
        word == ":" || word == "=" || result.last?.hasSuffix(":") == true || result.last?.hasSuffix("=") == true
      if isGlued, let last = result.popLast() { result.append(last + word) } else { result.append(word) }
    }
  }
}
