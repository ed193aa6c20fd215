import CommonContract
import Kernel

extension CommonV1.RefusalReason {
  init(_ reason: Reason) {
    self.init(
      reason: reason.code, field: reason.field, textZh: reason.chinese, textEn: reason.english,
      metadata: reason.metadata)
  }
}

/// A day in a request.
enum RequestedDay {
  /// The day that `text` names, or the one of `now` where it is empty.
  static func parse(_ text: String, field: String, now: Timestamp) throws(Refused) -> CivilDate {
    if text.isEmpty { return CivilDate(now) }
    guard let date = CivilDate(text) else { throw Refused(.invalidArgument, .dateInvalid.at(field)) }
    return date
  }
}

/// One page of a list: the token is the key of the last record that was sent.
struct Page {
  let limit: Int
  let after: String

  /// 1 to 200; 0 means 50.
  init(size: Int32, token: String) throws(Refused) {
    guard (0...200).contains(size) else { throw Refused(.invalidArgument, .pageSizeInvalid) }
    limit = size == 0 ? 50 : Int(size)
    after = token
  }

  /// The token of the next page; empty after the last.
  func next<Record>(_ records: [Record], key: (Record) -> String) -> String {
    records.count < limit ? "" : records.last.map(key) ?? ""
  }
}

extension Reason {
  static let dateInvalid = Reason("DATE_INVALID", zh: "日期应写作 2020-03-01。", en: "A day is written 2020-03-01.")
  static let pageSizeInvalid = Reason(
    "PAGE_SIZE_INVALID", zh: "每页为1至200条。", en: "A page has 1 to 200 entries.", field: "page_size")
}
