package import Access
package import Kernel
package import Persistence

/// What was answered to whom, so that a repeated request gets the same answer and nothing happens twice. Only what was
/// committed is here: a refusal is judged anew.
package struct RequestLog: Sendable {
  /// Whose request it is: the same id from another person or for another method is another request.
  package struct Key: Sendable, Hashable {
    /// The actor's county.
    package var countyCode: String
    /// The person.
    package var actor: String
    /// The RPC's path.
    package var method: String
    /// The id that the caller chose.
    package var requestID: String

    package init(actor: Actor, method: String, requestID: String) {
      countyCode = actor.countyCode
      self.actor = actor.personID
      self.method = method
      self.requestID = requestID
    }

    init(countyCode: String, person: String, method: String, requestID: String) {
      self.countyCode = countyCode
      self.actor = person
      self.method = method
      self.requestID = requestID
    }
  }

  /// How long an answer is kept at least.
  package static let keep = Interval.days(30)

  private let cryptography: Cryptography

  /// Answers sealed under the keys inside `cryptography`.
  package init(_ cryptography: Cryptography) { self.cryptography = cryptography }

  /// The answer already given under `key`, encoded and unmasked; `nil` if there is none. ALREADY_EXISTS if the request then
  /// was another one: `body` is its deterministic encoding without what the gateway fills in.
  package func answer(to key: Key, body: [UInt8], in reading: some Reading) throws -> [UInt8]? {
    let stored = try reading.first(Self.load, key.values) { row in (row.bytes(0), row.bytes(1)) }
    guard let (fingerprint, sealed) = stored else { return nil }
    guard fingerprint == cryptography.sha256(body) else {
      throw Refused(.alreadyExists, .idempotencyMismatch)
    }
    return try cryptography.open(sealed, key.context)
  }

  /// Remembers `response`, in the transaction of the change that it answers.
  package func save(
    _ response: [UInt8], to key: Key, body: [UInt8], at recordTime: Timestamp, in transaction: WriteTransaction
  ) throws {
    let sealed = try cryptography.seal(response, key.context)
    try transaction.run(
      Self.insert, key.values + [.bytes(cryptography.sha256(body)), .bytes(sealed), .time(recordTime)])
  }

  /// Forgets at most `limit` answers older than `keep`, and says how many it forgot.
  @discardableResult
  package static func forgetOld(at now: Timestamp, limit: Int = 1_000, in transaction: WriteTransaction) throws -> Int {
    try transaction.run(forget, [.time(now - keep), .integer(limit)])
  }
}

extension RequestLog {
  private static let load = Statement(
    "request_log.load",
    """
    SELECT fingerprint, response FROM request_log
    WHERE county_code = $1 AND actor = $2 AND method = $3 AND request_id = $4
    """)
  private static let insert = Statement(
    "request_log.insert",
    """
    INSERT INTO request_log (county_code, actor, method, request_id, fingerprint, response, record_time)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    """)
  private static let forget = Statement(
    "request_log.forget",
    """
    DELETE FROM request_log WHERE (county_code, actor, method, request_id) IN (
      SELECT county_code, actor, method, request_id FROM request_log WHERE record_time < $1 ORDER BY record_time LIMIT $2
    )
    """)

  static let statements = [load, insert, forget]
}

extension RequestLog.Key {
  fileprivate var values: [Value] { [.text(countyCode), .text(actor), .text(method), .text(requestID)] }

  /// Ties a sealed answer to its key.
  var context: [UInt8] {
    var bytes = CanonicalBytes()
    bytes.append(countyCode)
    bytes.append(actor)
    bytes.append(method)
    bytes.append(requestID)
    return bytes.content
  }
}

extension Reason {
  /// The same request_id came with another body before.
  package static let idempotencyMismatch = Reason(
    "IDEMPOTENCY_MISMATCH", zh: "该请求编号已用于另一内容的请求",
    en: "this request_id was used for a request with other content", field: "request_id")
}
