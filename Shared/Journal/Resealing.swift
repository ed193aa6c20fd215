package import Persistence

/// Seals anew, page by page and beside the calls, what lies under older keys: texts, and the answers of the request log. The journal
/// knows references and digests only, so that its chain stays as it is.
package struct Resealing: Sendable {
  /// What a walk over everything sealed has found.
  package struct Progress: Hashable, Sendable {
    /// Pieces that were looked at.
    package var seen = 0
    /// Those that lay under an older key, and do no longer.
    package var renewed = 0
    /// Those that no key opens.
    package var unreadable = 0

    /// Nothing was looked at yet.
    package init() {}
  }

  /// Something sealed, and where it lies.
  private struct Piece: Sendable {
    let place: Value
    let context: [UInt8]
    /// `nil`: erased.
    let sealed: [UInt8]?
  }

  /// A table's own way through its rows.
  private struct Table: Sendable {
    let beginning: Value
    let page: Statement
    let renew: Statement
    let read: @Sendable (borrowing Row) -> Piece
  }

  private let cryptography: Cryptography

  /// Under the key that seals inside `cryptography` now.
  package init(_ cryptography: Cryptography) { self.cryptography = cryptography }

  /// Walks over all of it. A page is read beside the writers; only what has to be renewed is written, a page in one transaction, and
  /// only where it has not been changed meanwhile. `rest` is called between two pages.
  package func run(
    over database: Database, pageSize: Int = 200, rest: @Sendable (Progress) async throws -> Void = { _ in }
  ) async throws -> Progress {
    var progress = Progress()
    for table in [Self.texts, Self.answers] {
      var place = table.beginning
      while true {
        let after = place
        let page = try await database.read { reading in
          try reading.all(table.page, [after, .integer(pageSize)], table.read)
        }
        let written = try renewed(page, &progress)
        if !written.isEmpty {
          try await database.write { transaction in
            for values in written { try transaction.run(table.renew, values) }
          }
        }
        try await rest(progress)
        guard page.count == pageSize, let last = page.last else { break }
        place = last.place
      }
    }
    return progress
  }

  /// Place, new and old bytes of every piece that lies under an older key.
  private func renewed(_ page: [Piece], _ progress: inout Progress) throws -> [[Value]] {
    var written: [[Value]] = []
    for piece in page {
      guard let sealed = piece.sealed else { continue }
      progress.seen += 1
      do {
        guard let again = try cryptography.renew(sealed, piece.context) else { continue }
        written.append([piece.place, .bytes(again), .bytes(sealed)])
        progress.renewed += 1
      } catch { progress.unreadable += 1 }
    }
    return written
  }
}

extension Resealing {
  private static let texts = Table(
    beginning: .text(""), page: textPage, renew: renewText,
    read: { row in
      Piece(
        place: .text(row.text(0)), context: SealedTexts.context(row.text(0), row.text(1), row.text(2)),
        sealed: row.optionalBytes(3))
    })
  private static let answers = Table(
    beginning: .integer(Int64.min), page: answerPage, renew: renewAnswer,
    read: { row in
      let key = RequestLog.Key(
        countyCode: row.text(1), person: row.text(2), method: row.text(3), requestID: row.text(4))
      return Piece(place: .integer(row.integer(0)), context: key.context, sealed: row.bytes(5))
    })

  private static let textPage = Statement(
    "sealed_text.page",
    """
    SELECT sealed_text_id, kind, aggregate_id, sealed FROM sealed_text WHERE sealed_text_id > $1
    ORDER BY sealed_text_id LIMIT $2
    """)
  private static let renewText = Statement(
    "sealed_text.renew", "UPDATE sealed_text SET sealed = $2 WHERE sealed_text_id = $1 AND sealed = $3")
  private static let answerPage = Statement(
    "request_log.page",
    """
    SELECT rowid, county_code, actor, method, request_id, response FROM request_log WHERE rowid > $1
    ORDER BY rowid LIMIT $2
    """)
  private static let renewAnswer = Statement(
    "request_log.renew", "UPDATE request_log SET response = $2 WHERE rowid = $1 AND response = $3")

  static let statements = [textPage, renewText, answerPage, renewAnswer]
}
