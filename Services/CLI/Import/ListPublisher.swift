import Access
import CommonContract
import Foundation
import Kernel
import RPC
import ResponsibilityListContract
import Wire
import WireTypes

/// Brings the items of a county in as a list version, and takes it the way to PUBLISHED: submitted by 编办, approved by the county's
/// leadership, published by 编办. On a local stack these are local logins; elsewhere the list stays a draft for those whose
/// matter it is.
struct ListPublisher {
  /// The document that a new list is, and from when it holds.
  struct Edition {
    var number: String
    /// The document that it carries out.
    var policy: String
    /// Without this and the number of its approval it stays a draft.
    var effectiveDate: String?
    var approvalNumber: String?
  }

  /// A batch of the service's own measure, and room to spare.
  static let batchRows = 300

  let source: String
  let edition: Edition
  let channel: Channel
  /// A channel as somebody else; `nil` where nobody else's token can be had.
  let channelAs: (Role, String) async throws -> Channel?

  /// What became of the list.
  struct Result {
    var files: [CountyImporter.FileResult] = []
    /// As it stands; `nil` if there was no row to open it with.
    var version: ResponsibilityListV1.ListVersion?
    /// Why it could not be published; `nil` where nothing is in the way but those whose matter it is.
    var obstacle: String?
    /// It is there, or would be, and nobody has submitted it.
    var isDraft: Bool { version?.state == .draft }
  }

  /// Brings the files in, and publishes the draft if every row went in.
  func publish(_ files: [CountyFiles.File]) async throws -> Result {
    var result = try await take(files) { rows in
      let request = ResponsibilityListV1.ImportListVersionRequest(
        requestID: RequestID.fresh, source: source, number: edition.number, title: "属地管理事项清单（\(edition.number)）",
        parentPolicy: edition.policy, legacy: true, rows: rows)
      let answer = try await client.importListVersion(request, options: .batch)
      return (answer.outcomes, answer.listVersion)
    }
    guard let draft = result.version, result.files.allSatisfy(\.refused.isEmpty) else { return result }
    switch draft.state {
    case .draft, .inReview: break
    // Somebody was broken off on the way; what another document approved is not taken further by this one.
    case .approved where draft.approvalNumber == edition.approvalNumber: break
    default: return result
    }
    do { result.version = try await takeTheWay(draft, &result.obstacle) ?? draft } catch let status as Status {
      result.obstacle = StatusText.sentence(status)
      let known = try await client.getListVersion(.init(listVersionID: draft.listVersionID), options: .batch)
      result.version = known.listVersion ?? draft
    }
    return result
  }

  /// What would become of the files' rows; changes nothing.
  func rehearse(_ files: [CountyFiles.File]) async throws -> Result {
    try await take(files) { rows in
      let answer = try await client.rehearseListVersion(
        .init(source: source, number: edition.number, rows: rows), options: .batch)
      return (answer.outcomes, answer.listVersion)
    }
  }

  private var client: ResponsibilityListV1.ListVersionServiceClient { .init(channel) }

  private func take(
    _ files: [CountyFiles.File],
    _ send: ([ResponsibilityListV1.ImportedItem]) async throws -> (
      [CommonV1.ImportOutcome], ResponsibilityListV1.ListVersion?
    )
  ) async throws -> Result {
    var result = Result()
    var seen = SeenRows()
    for file in files {
      let (rows, malformed) = try Self.items(of: file, &seen)
      var fileResult = CountyImporter.FileResult(
        name: file.name, rowCount: rows.count + malformed.count, refused: malformed)
      for start in stride(from: 0, to: rows.count, by: Self.batchRows) {
        let part = Array(rows[start..<min(start + Self.batchRows, rows.count)])
        let (outcomes, version) = try await send(part.map(\.row))
        result.version = version ?? result.version
        for outcome in outcomes {
          switch outcome.result {
          case .added where outcome.changed: fileResult.changed += 1
          case .added: fileResult.added += 1
          case .alreadyPresent: fileResult.alreadyThere += 1
          default:
            let line = part.indices.contains(Int(outcome.row)) ? part[Int(outcome.row)].line : 0
            fileResult.refused.append((line, ListStanding.refusal(outcome, version)))
          }
        }
      }
      result.files.append(fileResult)
    }
    return result
  }

  private static func items(
    of file: CountyFiles.File, _ seen: inout SeenRows
  ) throws -> (rows: [(line: Int, row: ResponsibilityListV1.ImportedItem)], malformed: [(line: Int, reason: String)]) {
    var rows: [(line: Int, row: ResponsibilityListV1.ImportedItem)] = []
    var malformed: [(line: Int, reason: String)] = []
    for (line, text) in try file.lines() {
      do {
        let row: ResponsibilityListV1.ImportedItem = try JSONText.read(text)
        let code = row.item?.itemCode ?? ""
        guard let place = seen.place(of: code, .items, file: file.name, line: line) else {
          rows.append((line, row))
          continue
        }
        malformed.append((line, SeenRows.reason("item_code \(code)", place)))
      } catch {
        malformed.append((line, (error as? ProtoJSONError).map(Technical.said) ?? "\(error)"))
      }
    }
    return (rows, malformed)
  }

  /// Submitted and published by one, approved by another: four eyes. `nil` where the others' tokens cannot be had, or what would be
  /// refused at the end is in the way: a list that was approved is no draft to mend any more.
  private func takeTheWay(
    _ draft: ResponsibilityListV1.ListVersion, _ obstacle: inout String?
  ) async throws -> ResponsibilityListV1.ListVersion? {
    guard let effectiveDate = edition.effectiveDate, let approvalNumber = edition.approvalNumber else { return nil }
    guard let bianban = try await channelAs(.bianban, "bianban"),
      let leadership = try await channelAs(.countyLeadership, "county-gov")
    else { return nil }
    let known = try await client.listListVersions(.init(), options: .batch).listVersions
    if let last = known.filter({ $0.effectiveDate >= effectiveDate }).max(by: {
      $0.effectiveDate < $1.effectiveDate
    }) {
      obstacle = Say.of(
        "清单 \(last.number) 自 \(last.effectiveDate) 起生效，新的清单须在其后生效（--effective 生效日期）",
        "the list \(last.number) is in force from \(last.effectiveDate), and a new one has to follow it (--effective DATE)"
      )
      return nil
    }
    let office = ResponsibilityListV1.ListVersionServiceClient(bianban)
    let leader = ResponsibilityListV1.ListVersionServiceClient(leadership)
    let id = draft.listVersionID
    var standing = draft
    if standing.state == .draft {
      standing =
        try await office.submitListVersion(
          .init(requestID: RequestID.fresh, listVersionID: id, expectedVersion: standing.version), options: .batch
        ).listVersion ?? standing
    }
    if standing.state == .inReview {
      standing =
        try await leader.approveListVersion(
          .init(
            requestID: RequestID.fresh, listVersionID: id, expectedVersion: standing.version,
            approvalNumber: approvalNumber), options: .batch
        ).listVersion ?? standing
    }
    let published = try await office.publishListVersion(
      .init(
        requestID: RequestID.fresh, listVersionID: id, expectedVersion: standing.version,
        effectiveDate: effectiveDate), options: .batch
    ).listVersion
    await bianban.close(within: .seconds(1))
    await leadership.close(within: .seconds(1))
    return published
  }
}

/// Where a list stands, for whoever brought its items in.
enum ListStanding {
  typealias Version = ResponsibilityListV1.ListVersion

  /// One line: published, and from when; or why it is not, and what to do.
  static func line(_ result: ListPublisher.Result) -> String? {
    guard let version = result.version else { return nil }
    let number = version.number
    let refused = result.files.reduce(0) { $0 + $1.refused.count }
    switch version.state {
    case .published, .superseded:
      let end = version.supersedeDate
      let standing =
        end.isEmpty
        ? Say.of(
          "清单 \(number) 已发布，自 \(version.effectiveDate) 起生效",
          "the list \(number) is published, in force from \(version.effectiveDate)")
        : Say.of(
          "清单 \(number) 已发布，\(version.effectiveDate) 至 \(end) 前生效",
          "the list \(number) is published, in force from \(version.effectiveDate) until before \(end)")
      return standing
        + (refused == 0
          ? ""
          : Say.of(
            "；被拒绝的 \(refused) 行未录入", "; the \(refused) refused rows are not in it"))
    case .draft where refused > 0:
      return Say.of(
        "清单 \(number) 仍是草稿：有 \(refused) 行被拒绝，改好后再导入一次",
        "the list \(number) is still a draft: \(refused) rows were refused; mend them and import again")
    case .draft:
      guard let obstacle = result.obstacle else {
        return Say.of(
          "清单 \(number) 仍是草稿，尚不能用于判定：由编办提交、领导批准、编办发布；或再导入一次，带上操作员密钥（HUYING_KEY_DIR=…/operator），写明 --approval 批准文号 --effective 生效日期",
          """
          the list \(number) is still a draft, and nothing can be determined with it: 编办 submits and publishes it, the leadership \
          approves it; or import again with the operator's key at hand (HUYING_KEY_DIR=…/operator) and --approval NUMBER \
          --effective DATE
          """)
      }
      let why = obstacle.trimmingCharacters(in: CharacterSet(charactersIn: "。."))
      return Say.of(
        "清单 \(number) 仍是草稿：\(why)；改好后再导入一次", "the list \(number) is still a draft: \(why); mend it and import again")
    case .inReview, .approved:
      let step =
        version.state == .inReview
        ? Say.of("已提交，待领导批准、编办发布", "is submitted: the leadership approves it, 编办 publishes it")
        : Say.of("已批准，待编办发布", "is approved: 编办 publishes it")
      return Say.of("清单 \(number) \(step)", "the list \(number) \(step)")
        + (result.obstacle.map { Say.of("：\($0)", ": \($0)") } ?? "")
    default:
      return Say.of(
        "清单 \(number) 已作废：用另一个版本号导入（--list）", "the list \(number) was discarded: import with another number (--list)")
    }
  }

  /// Why a row did not go in. Of a list that is no draft any more every change is refused, and there is another way.
  static func refusal(_ outcome: CommonV1.ImportOutcome, _ version: Version?) -> String {
    let code = "ILLEGAL_TRANSITION"
    guard let version, outcome.reasons.map(\.reason) == [code] else { return RefusalText.of(outcome.reasons) }
    let number = version.number
    let text =
      switch version.state {
      case .inReview, .approved:
        Say.of(
          "清单 \(number) 已提交，事项不能再改：请编办先退回草稿",
          "the list \(number) is submitted and its items stand: 编办 takes it back to a draft first")
      case .discarded:
        Say.of(
          "清单 \(number) 已作废：用另一个版本号导入（--list）", "the list \(number) was discarded: import with another number (--list)")
      default:
        Say.of(
          "清单 \(number) 已发布，事项不再更改：把整张清单作为修订版导入（--list 新版本号）",
          """
          the list \(number) is published and its items stand: bring the whole list in as a new edition (--list \
          NUMBER)
          """)
      }
    return "\(text) [\(code)]"
  }
}
