import Access
import CommonContract
import Foundation
import RPC
import ResponsibilityListContract
import Wire
import WireTypes

/// Brings the items of a county in as a list version, and takes it the way to PUBLISHED: submitted by 编办, approved by the county's
/// leadership, published by 编办. On a local stack these are local logins; elsewhere the list stays a draft for those whose
/// matter it is.
struct ListPublisher {
  let source: String
  let number: String
  let channel: Channel
  /// A channel as somebody else; `nil` where nobody else's token can be had.
  let channelAs: (Role, String) async throws -> Channel?

  /// What became of the list.
  struct Result {
    var files: [CountyImporter.FileResult] = []
    var isPublished = false
    var isDraft = false
  }

  func publish(_ files: [CountyFiles.File]) async throws -> Result {
    let reader = ResponsibilityListV1.ListVersionServiceClient(channel)
    var result = Result()
    let known = try? await reader.getListVersion(.init(number: number), options: .batch).listVersion
    if let known, known.state != .draft {
      result.isPublished = known.state == .published || known.state == .superseded
      result.files = try files.map { file in
        CountyImporter.FileResult(name: file.name, alreadyThere: try file.lines().count)
      }
      return result
    }
    var version: ResponsibilityListV1.ListVersion?
    for file in files {
      let (fileResult, answer) = try await take(file, reader)
      result.files.append(fileResult)
      version = answer ?? version
    }
    guard let version, result.files.allSatisfy(\.refused.isEmpty) else { return result }
    result.isPublished = try await takeTheWay(version)
    result.isDraft = !result.isPublished
    return result
  }

  /// What can be said of the items before they are sent: which lines are no items. The list's own rules are checked when it is
  /// brought in as a draft.
  static func rehearse(_ file: CountyFiles.File) throws -> CountyImporter.FileResult {
    let (rows, malformed) = try items(of: file)
    return CountyImporter.FileResult(name: file.name, added: rows.count, refused: malformed)
  }

  private static func items(
    of file: CountyFiles.File
  ) throws -> (rows: [(line: Int, row: ResponsibilityListV1.ImportedItem)], malformed: [(line: Int, reason: String)]) {
    var rows: [(line: Int, row: ResponsibilityListV1.ImportedItem)] = []
    var malformed: [(line: Int, reason: String)] = []
    for (line, text) in try file.lines() {
      do { rows.append((line, try JSONText.read(text))) } catch {
        malformed.append((line, (error as? ProtoJSONError).map(Technical.said) ?? "\(error)"))
      }
    }
    return (rows, malformed)
  }

  private func take(
    _ file: CountyFiles.File, _ client: ResponsibilityListV1.ListVersionServiceClient
  ) async throws -> (CountyImporter.FileResult, ResponsibilityListV1.ListVersion?) {
    let (rows, malformed) = try Self.items(of: file)
    var result = CountyImporter.FileResult(name: file.name, refused: malformed)
    let request = ResponsibilityListV1.ImportListVersionRequest(
      requestID: RequestID.fresh, source: source, number: number, title: "属地管理事项清单（\(number)）",
      parentPolicy: "演示数据", legacy: true, rows: rows.map(\.row))
    let answer = try await client.importListVersion(request, options: .batch)
    for outcome in answer.outcomes {
      switch outcome.result {
      case .added: result.added += 1
      case .alreadyPresent: result.alreadyThere += 1
      default:
        let line = rows.indices.contains(Int(outcome.row)) ? rows[Int(outcome.row)].line : 0
        result.refused.append((line, RefusalText.of(outcome.reasons)))
      }
    }
    return (result, answer.listVersion)
  }

  /// Submitted and published by one, approved by another: four eyes. `false` where the others' tokens cannot be had.
  private func takeTheWay(_ draft: ResponsibilityListV1.ListVersion) async throws -> Bool {
    guard let bianban = try await channelAs(.bianban, "bianban"),
      let leadership = try await channelAs(.countyLeadership, "county-gov")
    else { return false }
    let office = ResponsibilityListV1.ListVersionServiceClient(bianban)
    let leader = ResponsibilityListV1.ListVersionServiceClient(leadership)
    let id = draft.listVersionID
    let submitted = try await office.submitListVersion(
      .init(requestID: RequestID.fresh, listVersionID: id, expectedVersion: draft.version),
      options: .batch
    ).listVersion
    let approved = try await leader.approveListVersion(
      .init(
        requestID: RequestID.fresh, listVersionID: id, expectedVersion: submitted?.version ?? 0,
        approvalNumber: "演示〔2019〕1号"), options: .batch
    ).listVersion
    let published = try await office.publishListVersion(
      .init(
        requestID: RequestID.fresh, listVersionID: id, expectedVersion: approved?.version ?? 0,
        effectiveDate: "2019-01-01"), options: .batch
    ).listVersion
    await bianban.close(within: .seconds(1))
    await leadership.close(within: .seconds(1))
    return published?.state == .published
  }
}
