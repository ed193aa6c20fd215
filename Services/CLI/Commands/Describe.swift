import ArgumentParser
import Foundation
import RPC
import Wire
import WireTypes

/// `huying describe SYMBOL`: what a service, a method or a message is made of.
struct Describe: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: Say.of("说明服务、方法、消息、枚举或字段。", "Describe a service, a method, a message, an enum, a field."),
    discussion: Say.of(
      """
      所有服务；一个服务；一个方法及其待填的请求；只要请求；消息供程序读；消息连同文件中的注释：

        huying describe
        huying describe huying.dispute.v1.CaseService
        huying describe CaseService/ReportCase
        huying describe ReportCase --template > request.json
        huying describe huying.dispute.v1.Case -o json
        huying describe echo.Echo --protoset echo.protoset
      """,
      """
      All services, one of them, a method with a request to fill in, that request alone, a message for programs, a \
      message with the comments that a file brings:

        huying describe
        huying describe huying.dispute.v1.CaseService
        huying describe CaseService/ReportCase
        huying describe ReportCase --template > request.json
        huying describe huying.dispute.v1.Case -o json
        huying describe echo.Echo --protoset echo.protoset
      """))

  @Argument(
    help: .of(
      "全名，或足以区分的末尾部分；不写则为所有服务。", "A name, in full or as much of its end as is unique; without it all services."),
    completion: Completions.symbols)
  var symbol: String?

  @Flag(help: .of("只打印一份待填的消息；方法则为其请求。", "Print only a message to fill in: of a method its request."))
  var template = false

  @Flag(
    help: .of(
      "字段名按 proto 的写法：page_size，而非 pageSize。", "Fill in names as the proto spells them: page_size, not pageSize."))
  var protoNames = false

  @Option(
    name: [.customShort("o"), .customLong("format")],
    help: .of("text 为 proto 语言；json 供程序读。", "text: the proto's own language; json: for programs."))
  var format: TextFormat = .text

  @Option(help: .of("写入此文件。", "Write to this file.", as: "file"), completion: .file())
  var output: String?

  @OptionGroup(title: Say.of("类型", "Types")) var schema: SchemaOptions

  @OptionGroup(title: Say.of("服务器", "Server")) var server: ServerOptions

  func validate() throws {
    if template, symbol == nil {
      throw ValidationError(
        Say.of("--template 须写明方法或消息的名称", "--template needs the name of a method or a message"))
    }
  }

  func run() async throws {
    let session = try await ServerSession(server, schema)
    try await session.run(connecting: schema.usesReflection) {
      let text: String
      if let symbol {
        let (schema, index, found) = try await session.lookup.symbol(symbol)
        text = try self.text(found, schema, index)
      } else {
        text = services(try await session.lookup.everything())
      }
      try write(text)
    }
  }

  private func services(_ schema: Schema) -> String {
    let index = SymbolIndex(schema)
    let symbols = schema.services.compactMap { index[$0.fullName] }
    return switch format {
    case .text: symbols.map { ProtoText($0.file).text($0) }.joined(separator: "\n\n")
    case .json: JSONValue.array(symbols.map { SchemaJSON(index).json($0) }).pretty
    }
  }

  private func text(_ symbol: SymbolIndex.Symbol, _ schema: Schema, _ index: SymbolIndex) throws -> String {
    let template = template(symbol, schema)
    if self.template {
      guard let template else {
        throw Complaint("\(symbol.name) 既不是方法也不是消息", "\(symbol.name) is neither a method nor a message")
      }
      return template.pretty
    }
    if format == .json {
      guard case .object(let members) = SchemaJSON(index).json(symbol) else { return "" }
      return JSONValue.object(members + (template.map { [.init("template", $0)] } ?? [])).pretty
    }
    var parts = [ProtoText(symbol.file).text(symbol)]
    if case .method(let method) = symbol.element {
      var seen: Set<String> = []
      for type in [method.inputType, method.outputType].map(ProtoText.plain) where seen.insert(type).inserted {
        if let message = index[type] { parts.append(ProtoText(message.file).text(message)) }
      }
      if let template { parts.append(Say.of("待填的请求（-d）：\n", "to fill in (-d):\n") + template.pretty) }
    }
    return parts.joined(separator: "\n\n")
  }

  private func template(_ symbol: SymbolIndex.Symbol, _ schema: Schema) -> JSONValue? {
    let type: String
    switch symbol.element {
    case .method(let method): type = ProtoText.plain(method.inputType)
    case .message: type = symbol.name
    default: return nil
    }
    var json = ProtoJSON(pool: schema.pool)
    json.usesProtoNames = protoNames
    return schema.pool.message(named: type).map { json.template(of: $0) }
  }

  private func write(_ text: String) throws(Complaint) {
    guard let output else { return print(text) }
    guard FileManager.default.createFile(atPath: output, contents: Data((text + "\n").utf8)) else {
      throw Complaint.unwritable(output)
    }
  }
}
