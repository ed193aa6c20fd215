package import Kernel

/// What the township says: everything that an amendment may change. Free texts lie sealed.
package struct CallContent: Hashable, Sendable {
  package var kind: Call.Kind
  package let channel: Call.Channel
  package var ground: Call.Ground?
  package var caseIDs: [String]
  /// A determination that the township names; empty: made at submission.
  package var determinationID: String
  package var narrative: SealedText?
  package var place: SealedText?
  package var study: Study
  package var caller: CallerRecord?

  package init(
    kind: Call.Kind, channel: Call.Channel, ground: Call.Ground?, caseIDs: [String], determinationID: String,
    narrative: SealedText?, place: SealedText?, study: Study, caller: CallerRecord?
  ) {
    self.kind = kind
    self.channel = channel
    self.ground = ground
    self.caseIDs = caseIDs
    self.determinationID = determinationID
    self.narrative = narrative
    self.place = place
    self.study = study
    self.caller = caller
  }

  /// Whether it says the same, whatever its texts are sealed as.
  package func saysTheSame(as other: CallContent) -> Bool {
    kind == other.kind && ground == other.ground && caseIDs == other.caseIDs
      && determinationID == other.determinationID && narrative?.digest == other.narrative?.digest
      && place?.digest == other.place?.digest && study.saysTheSame(as: other.study)
      && caller?.record.digest == other.caller?.record.digest && caller?.callTime == other.caller?.callTime
  }
}

/// The study before a call (研究论证, C07).
package struct Study: Hashable, Sendable {
  /// What it found.
  package enum Conclusion: String, Hashable, Sendable, CaseIterable {
    case cannotAlone = "CANNOT_ALONE"
    case canAlone = "CAN_ALONE"
  }

  package var date: CivilDate?
  package var participants: SealedText?
  package var tried: SealedText?
  package var conclusion: Conclusion?
  /// The township leader who signed; empty: unsigned.
  package var signedBy: String

  package init(
    date: CivilDate? = nil, participants: SealedText? = nil, tried: SealedText? = nil, conclusion: Conclusion? = nil,
    signedBy: String = ""
  ) {
    self.date = date
    self.participants = participants
    self.tried = tried
    self.conclusion = conclusion
    self.signedBy = signedBy
  }

  /// Its parts that are missing on `today`; a date that has not come yet is none.
  package func missing(on today: CivilDate) -> [String] {
    var missing: [String] = []
    if date.map({ $0 > today }) ?? true { missing.append("DATE") }
    if participants == nil { missing.append("PARTICIPANTS") }
    if tried == nil { missing.append("TRIED") }
    if conclusion == nil { missing.append("CONCLUSION") }
    if signedBy.isEmpty { missing.append("SIGNATURE") }
    return missing
  }

  /// Whether it says the same, whatever its texts are sealed as.
  package func saysTheSame(as other: Study) -> Bool {
    date == other.date && participants?.digest == other.participants?.digest && tried?.digest == other.tried?.digest
      && conclusion == other.conclusion && signedBy == other.signedBy
  }
}

/// Who telephoned the 12345 centre for the township (C02): name, telephone and paper number lie sealed together.
package struct CallerRecord: Hashable, Sendable {
  package let record: SealedText
  package let callTime: Timestamp?

  package init(record: SealedText, callTime: Timestamp?) {
    self.record = record
    self.callTime = callTime
  }
}
