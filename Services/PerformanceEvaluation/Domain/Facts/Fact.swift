package import Kernel

/// Where a fact stands in its source's journal: its key for ever, its place in the order, its time.
package struct FactOrigin: Hashable, Sendable {
  package let eventID: String
  package let seq: Int64
  package let occurTime: Timestamp

  package init(eventID: String, seq: Int64, occurTime: Timestamp) {
    self.eventID = eventID
    self.seq = seq
    self.occurTime = occurTime
  }
}

/// Whose matter a case is, as last determined. The raw value is the word in rows.
package enum Verdict: String, Hashable, Sendable, CaseIterable {
  case undetermined = ""
  case own = "SELF"
  case agency = "AGENCY"
  case call = "CALL"
  case ambiguous = "AMBIGUOUS"
  case offList = "OFF_LIST"
}
