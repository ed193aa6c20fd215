import ArgumentParser

/// `huying completion SHELL`: a script that makes the shell know the commands, the targets and the server's own names.
struct Completion: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: Say.of("输出 bash、zsh 或 fish 的补全脚本。", "Print a completion script for bash, zsh or fish."),
    discussion: Say.of(
      """
      服务和方法由服务器自己提供：正在使用的目标，或已输入的 -t。

        bash:  echo 'source <(huying completion bash)' >> ~/.bashrc
        zsh:   huying completion zsh > "${fpath[1]}/_huying"
        fish:  huying completion fish > ~/.config/fish/completions/huying.fish
      """,
      """
      Services and methods are offered by the server itself: the target in use, or the -t typed so far.

        bash:  echo 'source <(huying completion bash)' >> ~/.bashrc
        zsh:   huying completion zsh > "${fpath[1]}/_huying"
        fish:  huying completion fish > ~/.config/fish/completions/huying.fish
      """))

  enum Shell: String, ExpressibleByArgument, CaseIterable {
    case bash, zsh, fish
  }

  @Argument(help: .of("用哪种 shell：bash、zsh 或 fish。", "bash, zsh or fish."))
  var shell: Shell

  func run() async throws {
    let kind: CompletionShell =
      switch shell {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    // An address is one word.
    if shell == .bash { print(#"COMP_WORDBREAKS="${COMP_WORDBREAKS//:}""#) }
    print(Huying.completionScript(for: kind))
  }
}
