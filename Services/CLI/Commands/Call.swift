import ArgumentParser
import Foundation
import RPC
import Wire
import WireTypes

/// `huying call METHOD`: any RPC of any server.
struct Call: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: Say.of("调用网关或任何 gRPC 服务器的方法。", "Call an RPC of the gateway, or of any gRPC server."),
    discussion: Say.of(
      """
      类型取自服务器的反射，或取自文件（--proto、--protoset）。方法可写作 package.Service/Method、package.Service.Method， \
      或其足以区分的末尾部分。请求和应答都是 JSON；应答来一条打印一条。

        huying call CaseService/ListCases -d '{"page_size": 3}'
        huying call CaseService/GetCase -d @request.json -v

      待填的请求：
        huying call GetCase --template > request.json

      请求流，来一条发一条：
        producer | huying call Chat -d @- -t 127.0.0.1:50051

      TLS、类型取自文件、Unix 套接字、元数据：
        huying call Health/Check -t api.example.cn:443 --tls --ca ca.pem
        huying call Echo --proto echo.proto -I protos -t unix:/run/echo.sock
        huying call Echo -t partner -H 'x-key: 1' --max-time 2s

      退出码：0 成功；64 + 状态码 为 gRPC 状态（69 NOT_FOUND、78 UNAVAILABLE……）；64 用法有误。
      """,
      """
      The types come from the server's reflection, or from files (--proto, --protoset). METHOD may be written \
      package.Service/Method, package.Service.Method, or as any end of that which is unique. Requests and answers are \
      JSON; answers are printed one by one as they come.

        huying call CaseService/ListCases -d '{"page_size": 3}'
        huying call CaseService/GetCase -d @request.json -v

      A request to fill in:
        huying call GetCase --template > request.json

      A stream of requests, each sent as it comes:
        producer | huying call Chat -d @- -t 127.0.0.1:50051

      TLS, types from a file, a Unix socket, metadata:
        huying call Health/Check -t api.example.cn:443 --tls --ca ca.pem
        huying call Echo --proto echo.proto -I protos -t unix:/run/echo.sock
        huying call Echo -t partner -H 'x-key: 1' --max-time 2s

      Exit code 0: the call succeeded; 64 + code: a gRPC status (69 NOT_FOUND, 78 UNAVAILABLE …); 64: wrong usage.
      """))

  @Argument(help: .of("方法名。", "The RPC."), completion: Completions.methods)
  var method: String

  @OptionGroup var data: DataOptions

  @Flag(help: .of("缺省值的字段也打印。", "Print fields that have their default value, too."))
  var emitDefaults = false

  @Flag(
    help: .of(
      "字段名按 proto 的写法打印：page_size，而非 pageSize。（读入时两者皆可）",
      "Print names as the proto spells them: page_size, not pageSize. (Both are read.)"))
  var protoNames = false

  @Flag(help: .of("只打印一份待填的请求，不调用。", "Print a request to fill in, and do not call."))
  var template = false

  @Flag(name: .shortAndLong, help: .of("在标准错误上显示首部、尾部和用时。", "Show headers, trailers and times on standard error."))
  var verbose = false

  @Flag(
    help: .of(
      "调用失败时，在标准错误上以 JSON 打印其状态和详情。",
      "Print a failed call's status as JSON on standard error, with its details decoded."))
  var formatError = false

  @OptionGroup var output: OutputOptions

  @OptionGroup(title: Say.of("类型", "Types")) var schema: SchemaOptions

  @OptionGroup(title: Say.of("服务器", "Server")) var server: ServerOptions

  func run() async throws {
    let session = try await ServerSession(server, schema)
    try await session.run(connecting: !template || schema.usesReflection) {
      let (schema, method) = try await session.lookup.method(self.method)
      let codec = MessageCodec(
        session.source, schema, printsDefaults: emitDefaults, usesProtoNames: protoNames,
        maximumBytes: server.maxMessageSize.bytes)
      let output = try output.open()
      if template {
        // A template is for people and editors.
        try MessageOutput(handle: output.handle, isPretty: true).write(await codec.template(of: method.request))
        return
      }
      let trace = verbose ? CallTrace(session, method) : nil
      do {
        try await exchange(session, method, codec, output, trace)
      } catch let status as Status {
        throw await failure(session.explained(status), codec, output)
      }
    }
  }

  private func exchange(
    _ session: ServerSession, _ method: MethodType, _ codec: MessageCodec, _ output: MessageOutput, _ trace: CallTrace?
  ) async throws {
    let options = try server.callOptions(
      session.endpoint, defaultTime: method.clientStreaming || method.serverStreaming ? nil : .seconds(30))
    let input = try data.input()
    let first = method.clientStreaming ? [] : [try await onlyMessage(input, codec, method)]
    let exchange = CallExchange(
      session.channel, method, options, maximumBytes: server.maxMessageSize.bytes, trace)
    try await exchange.run { send in
      for message in first { try await send(message) }
      guard method.clientStreaming else { return }
      while let value = await input.next() { try await send(try await codec.encode(value, as: method.request)) }
    } receive: { bytes in
      try output.write(try await codec.decode(bytes, as: method.response))
    }
  }

  /// What a call of one message sends: nothing at all means an empty message.
  private func onlyMessage(
    _ input: RequestInput, _ codec: MessageCodec, _ method: MethodType
  ) async throws -> [UInt8] {
    let values = await input.all()
    guard values.count <= 1 else {
      throw Complaint(
        "\(method.path) 只收一条消息，这里有 \(values.count) 条",
        "\(method.path) takes one message; there are \(values.count)")
    }
    return try await codec.encode(
      values.first ?? JSONSequence.Value(bytes: Array("{}".utf8), line: 1), as: method.request)
  }

  private func failure(_ status: Status, _ codec: MessageCodec, _ output: MessageOutput) async -> any Error {
    let report = await codec.report(status)
    if formatError || self.output.format != .auto {
      Terminal.say(output.isPretty ? report.value.pretty : report.value.compact)
    } else {
      Terminal.complain(report.lines)
    }
    return ExitCode(Int32(64 + status.code.rawValue))
  }
}
