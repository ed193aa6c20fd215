import Feed
import Kernel
import PerformanceEvaluationDomain
import PerformanceEvaluationStore
import Persistence

/// Reads the records that a score is made of, and the names of those who are scored.
struct Scorebook: Sendable {
  private let cases: CaseRecordStore
  private let calls: CallRecordStore
  private let directory: DirectoryStore
  private let replay: FactReplay

  init(county: AreaCode) {
    cases = CaseRecordStore(county: county)
    calls = CallRecordStore(county: county)
    directory = DirectoryStore(county: county)
    replay = FactReplay(county: county)
  }

  /// What `question` is about. A score of the past folds the facts up to its instant; else the records are as they stand.
  func records(for question: Question, in reading: some Reading) throws -> Records {
    if question.isHistorical { return try replay.records(upTo: question.scope.asOfTime, in: reading) }
    if try cases.isStale(in: reading) { return try replay.records(in: reading) }
    let caseRecords =
      switch question.subject {
      case .county: try cases.list(townshipCode: nil, importSource: question.scope.importSource, in: reading)
      case .township(let code):
        try cases.list(townshipCode: code, importSource: question.scope.importSource, in: reading)
      case .grid(let id): try cases.list(gridID: id, importSource: question.scope.importSource, in: reading)
      case .department: [CaseRecord]()
      }
    return Records(cases: caseRecords, calls: try calls.list(in: reading))
  }

  /// Everything, as it stands.
  func records(in reading: some Reading) throws -> Records {
    if try cases.isStale(in: reading) { return try replay.records(in: reading) }
    return Records(
      cases: try cases.list(townshipCode: nil, importSource: "", in: reading), calls: try calls.list(in: reading))
  }

  /// Puts `records` in the place of all that stood.
  func replace(with records: Records, in transaction: WriteTransaction) throws {
    try cases.clear(in: transaction)
    try calls.clear(in: transaction)
    try cases.clearStale(in: transaction)
    for record in records.cases { try cases.save(record, in: transaction) }
    for record in records.calls { try calls.save(record, in: transaction) }
  }

  /// Folds the facts anew where an earlier version folded less of them. Whoever asks before sees the same numbers, from the facts.
  func refreshStale(in transaction: WriteTransaction) throws {
    guard try cases.isStale(in: transaction) else { return }
    try replace(with: try replay.records(in: transaction), in: transaction)
  }

  /// The name of `subject`; `nil` if neither the directory nor any record knows it.
  func name(of subject: Subject, in records: Records, _ reading: some Reading) throws -> String? {
    switch subject {
    case .county: return ""
    case .township(let code):
      if let name = try townships(in: reading)[code] { return name }
      let isKnown =
        records.cases.contains { $0.townshipCode == code } || records.calls.contains { $0.townshipCode == code }
      return isKnown ? code : nil
    case .department(let id):
      if let organisation = try directory.organisation(id, in: reading) { return organisation.name }
      return records.departments.contains(id) ? id : nil
    case .grid(let id): return records.cases.contains { $0.gridID == id } ? id : nil
    }
  }

  /// Everybody of a class with their names, in the order of their ids: whom the directory has, and whom the records name.
  func subjects(
    of subjectClass: SubjectClass, in records: Records, _ reading: some Reading
  ) throws -> [(subject: Subject, name: String)] {
    let names =
      subjectClass == .township
      ? try townships(in: reading)
      : Dictionary(
        try directory.organisations(ofType: "COUNTY_DEPT", in: reading).filter { !$0.isClosed }.map {
          ($0.orgID, $0.name)
        }
      ) { first, _ in first }
    let found = subjectClass == .township ? records.townships : records.departments
    return found.union(names.keys).sorted().map { id in
      (subjectClass == .township ? .township(id) : .department(id), names[id] ?? id)
    }
  }

  private func townships(in reading: some Reading) throws -> [String: String] {
    Dictionary(
      try directory.organisations(ofType: "TOWNSHIP", in: reading).filter { !$0.isClosed }.map {
        ($0.townshipCode, $0.name)
      }
    ) { first, _ in first }
  }
}

extension Records {
  fileprivate var townships: Set<String> { Set(cases.map(\.townshipCode)).union(calls.map(\.townshipCode)) }

  fileprivate var departments: Set<String> {
    Set(calls.flatMap { $0.rounds.map(\.orgID) + [$0.mainOrgID] }).subtracting([""])
  }
}
