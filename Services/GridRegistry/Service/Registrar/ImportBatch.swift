import CommonContract
import GridRegistryStore
import Kernel
import Persistence
import Runtime
import Wire

/// A batch of rows from one source: each goes in or is refused by itself.
struct ImportBatch {
  /// What became of a row that was not refused.
  struct Entered {
    var recordID: String
    /// Something was written.
    var isChanged: Bool
    /// It was there before.
    var isKnown: Bool
  }

  /// More would hold the writer for too long.
  static let mostRows = 500

  let source: String
  let registrar: Registrar

  init(source: String, rowCount: Int, _ registrar: Registrar) throws(Refused) {
    var reasons: [Reason] = []
    if source.isEmpty { reasons.append(.sourceMissing.at("source")) }
    if !IdentifierScan.isShort(source) { reasons += IdentifierScan.longSource }
    if rowCount > Self.mostRows { reasons.append(.tooManyRows.at("rows")) }
    guard reasons.isEmpty else { throw Refused(.invalidArgument, reasons) }
    self.source = source
    self.registrar = registrar
  }

  /// Carries out `enter` for each row, each in a part of the transaction of its own. `ref` is the row's name at its source.
  func run<Row: Message>(
    _ rows: [Row], ref: (Row) -> String, enter: (Row, _ externalRef: String) throws -> Entered
  ) throws -> [CommonV1.ImportOutcome] {
    try rows.enumerated().map { index, row in
      let externalRef = ref(row)
      var outcome = CommonV1.ImportOutcome(row: Int32(index), externalRef: externalRef)
      do {
        guard !externalRef.isEmpty else { throw Refused(.invalidArgument, .externalRefMissing.at("external_ref")) }
        let faults = IdentifierScan.faults(ofRow: row)
        guard faults.isEmpty else { throw Refused(.invalidArgument, faults) }
        let entered = try registrar.tx.attempt { _ in try enter(row, externalRef) }
        outcome.recordID = entered.recordID
        outcome.result = entered.isChanged ? .added : .alreadyPresent
        outcome.changed = entered.isChanged && entered.isKnown
      } catch let refusal as any Refusal {
        outcome.result = .refused
        outcome.reasons = refusal.reasons.map { .init($0) }
      }
      return outcome
    }
  }

  /// The id of the row's record: what the row became before, what it asks for, or a new one.
  func recordID(_ kind: ImportedRows.Kind, externalRef: String, wanted: String) throws -> String {
    let imported = ImportedRows(county: registrar.registry.county, kind: kind)
    if let known = try imported.find(source: source, externalRef: externalRef, in: registrar.tx) {
      guard wanted.isEmpty || wanted == known else {
        throw Refused(.alreadyExists, .externalRefTaken.with("record_id", known))
      }
      return known
    }
    let id = try registrar.id(wanted)
    try imported.save(recordID: id, source: source, externalRef: externalRef, in: registrar.tx)
    return id
  }
}

extension Reason {
  static let sourceMissing = Reason("SOURCE_MISSING", zh: "缺少数据来源。", en: "Say where the rows come from.")
  static let tooManyRows = Reason("BATCH_SIZE_INVALID", zh: "每批最多500行。", en: "A batch has at most 500 rows.")
  static let externalRefMissing = Reason(
    "EXTERNAL_REF_MISSING", zh: "该行没有来源编号。", en: "The row has no name at its source.")
  static let externalRefTaken = Reason(
    "EXTERNAL_REF_TAKEN", zh: "该来源编号已对应另一记录。", en: "The row became another record before.", field: "external_ref")
}
