import Kernel

/// What every request is looked at for, whatever it is about.
enum Expected {
  /// The version that the caller has read is still the newest.
  static func version(
    _ expected: UInt64, of version: Int, else changed: Reason = .versionConflict
  ) throws(Refused) {
    guard expected != 0 else { throw Refused(.invalidArgument, .expectedVersionMissing) }
    guard expected == UInt64(version) else { throw Refused(.aborted, changed.with("version", String(version))) }
  }

  /// How many rows a page has; 0 means `usual`.
  static func pageSize(_ asked: Int32, usual: Int = 50, most: Int = 200) throws(Refused) -> Int {
    let size = asked == 0 ? usual : Int(asked)
    guard (1...most).contains(size) else {
      throw Refused(.invalidArgument, Reason.pageSizeWrong.with("most", String(most)))
    }
    return size
  }

  /// Personal data is read, or destroyed, for a purpose.
  static func purpose(_ purpose: String) throws(Refused) {
    guard purpose.contains(where: { !$0.isWhitespace }) else { throw Refused(.invalidArgument, .purposeMissing) }
  }
}

extension Reason {
  static let versionConflict = Reason(
    "VERSION_CONFLICT", zh: "案件已被他人修改，请重新读取。", en: "The case changed since it was read; read it again.",
    field: "expected_version")
  static let expectedVersionMissing = Reason(
    "EXPECTED_VERSION_MISSING", zh: "请求缺少版本号（expected_version）。",
    en: "The request needs the expected_version of the last read.",
    field: "expected_version")
  static let pageSizeWrong = Reason(
    "PAGE_SIZE_INVALID", zh: "每页须为 1 至 200 条。", en: "A page has 1 to 200 rows.", field: "page_size")
  static let purposeMissing = Reason(
    "PURPOSE_MISSING", zh: "查看明文须说明用途。", en: "Reading clear data needs a purpose.", field: "purpose")
}
