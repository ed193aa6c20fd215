import Foundation
import GatewayContract
import Testing
import Wire

@testable import HuyingCLI

/// The program speaks the language of whoever sits at the terminal, everywhere. (That no sentence stands in its sources in English
/// alone is looked at by `.ci/check-words`.)
@Suite struct LanguageTests {
  /// A word of the program with everything that its help says.
  struct Word {
    let name: String
    let texts: [(what: String, text: String)]

    /// The words below `value`, as the argument parser dumps them.
    static func all(_ value: JSONValue, below path: String = "") -> [Word] {
      let name = (path + " " + (value["commandName"]?.text ?? "")).trimmingCharacters(in: .whitespaces)
      var texts = [("abstract", value["abstract"]?.text ?? "")]
      if let discussion = value["discussion"]?.text { texts.append(("discussion", discussion)) }
      for argument in value["arguments"]?.elements ?? [] {
        let label = argument["preferredName"]?["name"]?.text ?? argument["valueName"]?.text ?? ""
        if label != "help", label != "version" { texts.append((label, argument["abstract"]?.text ?? "")) }
      }
      let own = Word(name: name, texts: texts)
      return [own] + (value["subcommands"]?.elements ?? []).flatMap { all($0, below: name) }
    }
  }

  private static func words(_ language: String) async throws -> [Word] {
    let result = try await HuyingProgram.run(["--lang", language, "--experimental-dump-help"])
    let root = try #require(try result.json["command"])
    return Word.all(root).filter {
      !$0.name.hasSuffix(" help")
    }
  }

  private static func isChinese(_ text: String) -> Bool {
    text.unicodeScalars.contains { (0x4e00...0x9fff).contains($0.value) }
  }

  /// Lines that are commands to type.
  private static func isExample(_ text: String) -> Bool {
    text.split(separator: "\n").allSatisfy { $0.trimmingCharacters(in: .whitespaces).hasPrefix("huying ") }
  }

  @Test func `every help is in Chinese: what a word does, what its arguments mean`() async throws {
    let words = try await Self.words("zh")
    #expect(words.count > 100)
    for word in words {
      for (what, text) in word.texts where !(what == "discussion" && Self.isExample(text)) {
        #expect(Self.isChinese(text), "\(word.name): \(what): \(text)")
      }
    }
  }

  @Test func `every help is in English, too`() async throws {
    for word in try await Self.words("en") {
      for (what, text) in word.texts where what != "discussion" {
        // A name of the demo, an office that has no English name.
        #expect(text.contains { $0.isASCII && $0.isLetter }, "\(word.name): \(what): \(text)")
      }
    }
  }

  @Test func `the parser's own words are said in the person's language`() async throws {
    let zh = ["HUYING_LANG": "zh"]
    let help = try await HuyingProgram.run(["plan", "--help"], environment: zh)
    #expect(help.exitCode == 0)
    for word in ["概述：", "用法：", "选项：", "子命令：", "显示帮助。", "<子命令>", "详见："] {
      #expect(help.output.contains(word), "\(word)")
    }
    for word in ["OVERVIEW", "USAGE", "OPTIONS", "Show help", "(default"] {
      #expect(!help.output.contains(word), "\(word)")
    }
    func complaint(_ arguments: String...) async throws -> String {
      let result = try await HuyingProgram.run(arguments, environment: zh)
      #expect(result.exitCode == 64)
      return result.errors
    }
    #expect(try await complaint("restore").hasPrefix("错误：缺少参数“<set>”\n说明：<set>  一套备份的目录。\n用法："))
    #expect(try await complaint("health", "--wiat", "1").hasPrefix("错误：没有选项 --wiat，是否指 --wait？\n"))
    #expect(try await complaint("health", "--wait").hasPrefix("错误：“--wait <wait>”缺少值\n"))
    #expect(
      try await complaint("health", "-o", "xml").hasPrefix("错误：“xml”不能用于“-o <output>”，可用：'table'、'json'\n"))
    #expect(try await complaint("bench", "Check", "--rate", "0").hasPrefix("错误：--rate 须大于 0，不超过 1000000\n"))
    let script = try await HuyingProgram.run(["completion", "bash"], environment: zh)
    #expect(script.exitCode == 0 && script.output.contains("COMP_WORDBREAKS"))
  }

  @Test func `what the layers below say is said in Chinese`() {
    #expect(
      Technical.chinese("cannot connect to gateway:7900 (172.20.0.7): Connection refused")
        == "连接不上 gateway:7900 (172.20.0.7)：连接被拒绝")
    #expect(
      Technical.chinese("cannot connect to h:1: its certificate is not for h but for a.example, b.example")
        == "连接不上 h:1：证书中没有名称 h，只有 a.example, b.example")
    #expect(
      Technical.chinese("the deadline passed while the call waited for a connection to h:1") == "超过时限：还没有连上 h:1")
    #expect(Technical.chinese("not JSON: a comma or } is missing at byte 19") == "不是 JSON：缺少逗号或 }（第 19 字节处）")
    #expect(Technical.chinese("a whole number from -1 to 9 is expected") == "应为 -1 至 9 的整数")
    #expect(Technical.chinese("it answered \"{}\" and {}") == "it answered \"{}\" and {}")
    #expect(Technical.chinese("something that nobody has said yet") == "something that nobody has said yet")
  }

  @Test func `every state of the relay has a Chinese word`() {
    for state in GatewayV1.RelayRoute.State.allCases where !state.bare.isEmpty {
      #expect(RelayWords.states[state.bare] != nil, "\(state.bare)")
    }
  }

  @Test func `a gateway that cannot be reached is said once, with the reason`() async throws {
    let zh = try await HuyingProgram.run(["health", "--target", "127.0.0.1:1"], environment: ["HUYING_LANG": "zh"])
    #expect(zh.exitCode == 1)
    // Nobody knows how the others are.
    #expect(zh.output.contains("未知") && !zh.output.contains("正常") && !zh.output.contains("UNKNOWN"))
    #expect(zh.errors == "huying: 问不到网关：连接不上 127.0.0.1:1：连接被拒绝\n")
    let json = try await HuyingProgram.run(["health", "--target", "127.0.0.1:1", "-o", "json"])
    #expect(try json.json["dispute"] == .null)
    #expect(
      json.errors == "huying: the gateway could not be asked: cannot connect to 127.0.0.1:1: Connection refused\n")
  }
}
