package import ArgumentParser
import Foundation
import Kernel
import RPC
import Runtime

/// `huying`: the system from a terminal.
package struct Huying: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "huying",
    abstract: Say.of("呼应：在终端办理县域基层治理。", "呼应 — a county's grass-roots governance, from a terminal."),
    discussion: Say.of(
      """
      各命令经由网关（127.0.0.1:7900，或 --target、HUYING_TARGET）。请先登录：
        huying login --as COUNTY_ADMIN

      list、describe、call、bench 适用于任何 gRPC 服务器；target 给服务器起名：
        huying list -t 127.0.0.1:50051

      退出码：0 成功 · 1 部分被拒绝 · 64 用法有误 · 64 + gRPC 状态码。
      """,
      """
      The county's commands go through the gateway (127.0.0.1:7900, --target or HUYING_TARGET). Log in first:
        huying login --as COUNTY_ADMIN

      list, describe, call and bench are for any gRPC server; target gives servers names:
        huying list -t 127.0.0.1:50051

      Exit codes: 0 all went well · 1 some lines were refused · 64 wrong usage · 64 + code for a gRPC status.
      """),
    version: BuildInfo.line,
    subcommands: [
      Init.self, Login.self, AccessCommand.self, Health.self, Doctor.self, Import.self, GridCommand.self,
      PlanCommand.self,
      MemberCommand.self, TrainingCommand.self, CapabilityCommand.self, CaseCommand.self, ScreeningCommand.self,
      AlertCommand.self, RightCommand.self, CareCommand.self, Determine.self, Journey.self, Score.self,
      ClockCommand.self,
      RelayCommand.self, JournalCommand.self, BackupCommand.self, RestoreCommand.self, KeysCommand.self, List.self,
      Describe.self, Call.self, Bench.self, TargetCommand.self,
      Completion.self,
    ])

  package init() {}

  /// Runs the program on the process's arguments, and ends it.
  package static func main() async {
    // A closed pipe (`huying … | head`) ends the program quietly.
    signal(SIGPIPE, SIG_DFL)
    do {
      var command = try await asyncParseAsRoot(Terminal.Language.chosen(from: Array(CommandLine.arguments.dropFirst())))
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch let error as Status {
      Terminal.complain(StatusText.lines(error))
      Foundation.exit(Int32(64 + error.code.rawValue))
    } catch let error as any Refusal {
      Terminal.complain(error.reasons.map { StatusText.line($0) })
      Foundation.exit(64)
    } catch let error as SchemaFailure {
      Terminal.complain([error.complaint.text])
      Foundation.exit(error.complaint.exitCode)
    } catch let error as Complaint {
      Terminal.complain([error.text])
      Foundation.exit(error.exitCode)
    } catch {
      let isFine = exitCode(for: error).isSuccess
      let text = fullMessage(for: error)
      if !text.isEmpty { isFine ? print(ParserText.help(text)) : Terminal.say(ParserText.complaint(text)) }
      Foundation.exit(exitCode(for: error).rawValue)
    }
  }
}

/// Something that the person at the terminal can mend, said in one line.
struct Complaint: Error {
  let text: String
  let exitCode: Int32

  /// `text` is in the person's language already.
  init(_ text: String, exitCode: Int32 = 64) {
    self.text = text
    self.exitCode = exitCode
  }

  /// Said in the person's language.
  init(_ chinese: String, _ english: String, exitCode: Int32 = 64) {
    self.init(Say.of(chinese, english), exitCode: exitCode)
  }

  static func unwritable(_ path: String) -> Self { Self("不能写入 \(path)", "cannot write \(path)") }

  static func unreadable(_ path: String) -> Self { Self("没有可读的文件 \(path)", "there is no readable file \(path)") }
}

/// A status as lines for a person: every reason, the code last.
enum StatusText {
  /// One reason: what a clerk reads, then the code, the field, and which service it is about.
  static func line(_ reason: Reason, or message: String = "") -> String {
    let own = Terminal.language.pick(chinese: reason.chinese, english: reason.english)
    let sentence = own.isEmpty ? Technical.said(message) : own
    let about = [reason.code, reason.field, reason.metadata["service"] ?? ""].filter { !$0.isEmpty }
    return "\(sentence) [\(about.joined(separator: " "))]"
  }

  static func lines(_ status: Status) -> [String] {
    let reasons = status.reasons.map { line($0, or: status.message) }
    return reasons.isEmpty ? ["\(sentence(status)) [\(status.code.name)]"] : reasons
  }

  /// What a status says, without its code.
  static func sentence(_ status: Status) -> String {
    let said = status.reasons.map { Terminal.language.pick(chinese: $0.chinese, english: $0.english) }.filter {
      !$0.isEmpty
    }
    if !said.isEmpty { return said.joined(separator: Say.of("；", "; ")) }
    return Technical.said(status.message.isEmpty ? "failed" : status.message)
  }
}
