extension Int {
  /// Rows that a page of the gateway's own lists has: 50 unless asked otherwise, 1 to 200.
  init(pageSize: Int32) {
    self = pageSize == 0 ? 50 : Int(Swift.min(Swift.max(pageSize, 1), 200))
  }
}
