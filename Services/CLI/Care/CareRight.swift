import ArgumentParser
import CareVisitContract
import Foundation
import Kernel
import RPC
import WireTypes

extension CareCommand {
  /// `huying care right`: what a person asks about the own entry.
  struct Right: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("本人的权利：查阅、更正、删除、投诉，15个工作日内答复", "The person's rights: access, correction, deletion, complaint."),
      discussion: Say.of(
        """
          huying care right file 令牌 --kind access --document 申请书1号     网格长或个人信息保护负责人：登记
          huying care right list                                        申请和答复期限
          huying care right grant 申请 --reason 依法准予                  个人信息保护负责人，登记人不得自行答复
          huying care right grant 申请 --reason 属实 --identity 文件       更正：文件写明改正后的全部身份信息
          huying care right deny 申请 --reason 依法应当保存
          huying care right copy 申请                                   准予查阅的：全部登记、历次回访、谁为何查看过

        准予删除即结束回访并立即销毁身份信息，无法恢复。
        """,
        """
          huying care right file TOKEN --kind access --document REF     lead or data protection officer: writes it down
          huying care right list                                        the requests, and until when they are answered
          huying care right grant REQUEST --reason TEXT                 data protection officer, never who filed it
          huying care right grant REQUEST --reason TEXT --identity FILE a correction: the whole identity as it should be
          huying care right deny REQUEST --reason TEXT
          huying care right copy REQUEST                                of a granted access: the entry, the visits, who looked and why

        A granted deletion ends the visits and destroys the identity at once; nobody can restore it.
        """),
      subcommands: [File.self, ListRights.self, Grant.self, Deny.self, Copy.self])

    struct File: AsyncParsableCommand {
      static let configuration = CommandConfiguration(abstract: Say.of("登记一项申请", "Writes a request down."))

      @Argument(help: .init(Say.of("令牌", "The token.")))
      var token: String

      @Option(
        help: .init(
          Say.of(
            "access 查阅、correction 更正、deletion 删除、complaint 投诉", "access, correction, deletion or complaint.")))
      var kind = ""

      @Option(help: .init(Say.of("本人的来信或申请表", "The person's letter or form.")))
      var document = ""

      @OptionGroup var gateway: GatewayOptions

      func run() async throws {
        let kind: CareVisitV1.RightRequest.Kind = try CaseWords.value(kind, "KIND_")
        try await gateway.withChannel { channel in
          let answer = try await CareVisitV1.RightServiceClient(channel).fileRight(
            .init(requestID: RequestID.fresh, enrolmentID: token, kind: kind, documentRef: document),
            options: patience)
          try CareText.show(answer.rightRequest, gateway)
        }
      }
    }

    struct ListRights: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        commandName: "list", abstract: Say.of("申请和答复期限", "The requests, and until when they are to be answered."))

      @OptionGroup var gateway: GatewayOptions

      func run() async throws {
        try await gateway.withChannel { channel in
          let rights = try await CareText.rights(CareVisitV1.RightServiceClient(channel))
          if gateway.output == .json { return print(try rights.map { try CareText.json($0) }.joined(separator: "\n")) }
          print(CareText.table(rights))
        }
      }
    }

    struct Grant: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: Say.of("个人信息保护负责人：准予", "Data protection officer: grants it."))

      @OptionGroup var answer: Answer

      @Option(
        help: .init(
          Say.of(
            "更正：写明改正后全部身份信息的文件；- 为标准输入",
            "A correction: file with the whole identity as it should be; - is standard input.")))
      var identity: String?

      func run() async throws {
        try await answer.give(granted: true, try identity.map { try CareText.identity(try CareText.content(of: $0)) })
      }
    }

    struct Deny: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: Say.of("个人信息保护负责人：不准", "Data protection officer: denies it."))

      @OptionGroup var answer: Answer

      func run() async throws { try await answer.give(granted: false, nil) }
    }

    struct Copy: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: Say.of(
          "准予查阅的：出具本人的全部登记，留痕", "Of a granted access: everything about the one entry; written down as a look."))

      @Argument(help: .init(Say.of("申请", "The request.")))
      var request: String

      @OptionGroup var gateway: GatewayOptions

      func run() async throws {
        try await gateway.withChannel { channel in
          let answer = try await CareVisitV1.RightServiceClient(channel).getAccessCopy(
            .init(rightRequestID: request), options: patience)
          if gateway.output == .json { return print(try CareText.json(answer)) }
          let open = CareVisitV1.RevealIdentityResponse(identity: answer.identity, consentRef: answer.consentRef)
          print(CareText.lines(open).joined(separator: "\n"))
          print("\n\(CareText.table(answer.enrolment.map { [$0] } ?? []))")
          print("\n\(CareText.table(answer.visits))\n\n\(CareText.table(answer.reveals))")
        }
      }
    }

    /// The answer to one request, which is read first.
    struct Answer: ParsableArguments {
      @Argument(help: .init(Say.of("申请", "The request.")))
      var request: String

      @Option(help: .init(Say.of("理由", "What it rests on.")))
      var reason: String

      @OptionGroup var gateway: GatewayOptions

      func give(granted: Bool, _ identity: CareVisitV1.Identity?) async throws {
        try await gateway.withChannel { channel in
          let client = CareVisitV1.RightServiceClient(channel)
          let known = try await CareText.rights(client).first { $0.rightRequestID == request }
          let answer = try await client.answerRight(
            .init(
              requestID: RequestID.fresh, rightRequestID: request, expectedVersion: known?.version ?? 0,
              granted: granted, decisionReason: reason, correctedIdentity: identity), options: patience)
          try CareText.show(answer.rightRequest, gateway)
        }
      }
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("一名回访对象：历次回访，本人现在可以做什么", "One enrolment: its visits, and what one may do now."))

    @Argument(help: .init(Say.of("令牌", "The token.")))
    var token: String

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.withChannel { channel in
        let answer = try await CareVisitV1.EnrolmentServiceClient(channel).getEnrolment(
          .init(enrolmentID: token), options: patience)
        if gateway.output == .json { return print(try CareText.json(answer)) }
        let visits = try await CareVisitV1.VisitServiceClient(channel).listVisits(
          .init(enrolmentID: token), options: patience
        ).visits
        print(CareText.table(answer.enrolment.map { [$0] } ?? []))
        if let due = answer.enrolment?.eraseDueTime?.kernel.shanghai {
          print(Say.of("身份信息最迟于 \(due) 销毁", "the identity is destroyed by \(due)"))
        }
        if !visits.isEmpty { print("\n\(CareText.table(visits))") }
        print(
          Say.of("\n您现在可以：", "\nyou may now: ")
            + answer.allowedActions.joined(separator: Say.of("、", ", ")))
      }
    }
  }

  struct Looks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("个人信息保护负责人：谁查看过此人、为何", "Data protection officer: who looked at one person, and why."))

    @Argument(help: .init(Say.of("令牌", "The token.")))
    var token: String

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.withChannel { channel in
        let answer = try await CareVisitV1.AuditServiceClient(channel).listReveals(
          .init(enrolmentID: token), options: patience)
        if gateway.output == .json { return print(try CareText.json(answer)) }
        print(CareText.table(answer.reveals))
      }
    }
  }
}

extension CareText {
  /// All requests, page by page.
  static func rights(_ client: CareVisitV1.RightServiceClient) async throws -> [CareVisitV1.RightRequest] {
    var rights: [CareVisitV1.RightRequest] = []
    var request = CareVisitV1.ListRightsRequest(pageSize: 500)
    repeat {
      let page = try await client.listRights(request, options: CareCommand.patience)
      rights += page.rightRequests
      request.pageToken = page.nextPageToken
    } while !request.pageToken.isEmpty
    return rights
  }

  /// One request as it is now.
  static func show(_ right: CareVisitV1.RightRequest?, _ gateway: GatewayOptions) throws {
    let right = right ?? .init()
    print(gateway.output == .json ? try CareText.json(right) : table([right]))
  }
}
