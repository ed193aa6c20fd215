import Wire

extension GatewayOptions {
  /// Prints an answer: one line of JSON, or what people read.
  func show(_ answer: some Wire.Message, text: () -> String) throws {
    switch output {
    case .json: print(try JSONText.of(answer))
    case .table: print(text())
    }
  }

  /// Prints a list: a line of JSON each, or a table.
  func show<Record: Wire.Message>(_ records: [Record], table: ([Record]) -> String) throws {
    switch output {
    case .json: for record in records { print(try JSONText.of(record)) }
    case .table: print(table(records))
    }
  }
}

/// Pages of a list, one after the other.
enum Pages {
  /// All records of all pages, or as many as `limit`; `isAll` is false if there are more.
  static func read<Record>(
    limit: Int = .max, _ page: (_ token: String) async throws -> (records: [Record], next: String)
  ) async throws -> (records: [Record], isAll: Bool) {
    var records: [Record] = []
    var token = ""
    repeat {
      let (more, next) = try await page(token)
      records += more
      token = next
      if records.count >= limit { return (Array(records.prefix(limit)), records.count == limit && token.isEmpty) }
    } while !token.isEmpty
    return (records, true)
  }

  /// The one record that a person means: its id, the beginning of it, or `last` for the first of the list.
  static func one<Record>(_ key: String, of records: [Record], id: (Record) -> String) throws -> Record {
    if key == "last", let newest = records.first { return newest }
    let fitting = records.filter { id($0) == key }
    let candidates = fitting.isEmpty && !key.isEmpty ? records.filter { id($0).hasPrefix(key) } : fitting
    if let only = candidates.first, candidates.count == 1 { return only }
    if candidates.isEmpty {
      throw Complaint("没有 \(key)", "there is no \(key)", exitCode: 64 + 5)
    }
    throw Complaint(
      Say.of("\(key) 不止一个，请写全：", "\(key) is not one, write more of it: ")
        + candidates.map(id).joined(separator: " "))
  }
}
