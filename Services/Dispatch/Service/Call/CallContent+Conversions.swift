import DispatchContract
import DispatchDomain
import Kernel
import WireTypes

extension CallContent {
  /// How a text of a draft becomes a sealed one: the text, its field, and what the field held before.
  typealias Sealing = (_ text: String, _ field: String, _ old: SealedText?) throws -> SealedText?

  /// What a draft says. Refuses a draft without kind or channel, and a date that is none.
  init(_ draft: DispatchV1.CallDraft, keeping old: CallContent? = nil, seal: Sealing) throws {
    var faults: [Reason] = []
    let kind = draft.kind.named(Call.Kind.self)
    let channel = draft.channel.named(Call.Channel.self)
    let date = CivilDate(draft.study?.studyDate ?? "")
    if kind == nil { faults.append(.missing("draft.kind")) }
    if channel == nil { faults.append(.missing("draft.channel")) }
    if date == nil, !(draft.study?.studyDate ?? "").isEmpty { faults.append(.dateInvalid("draft.study.study_date")) }
    guard let kind, let channel, faults.isEmpty else { throw Refused(.invalidArgument, faults) }
    self.init(
      kind: kind, channel: old?.channel ?? channel, ground: draft.ground.named(), caseIDs: draft.caseIDs,
      determinationID: draft.determinationID, narrative: try seal(draft.narrative, "call.narrative", old?.narrative),
      place: try seal(draft.place, "call.place", old?.place),
      study: try Study(draft.study, date: date, keeping: old?.study, seal: seal),
      caller: try CallerRecord(draft.caller, keeping: old?.caller, seal: seal))
  }
}

extension Study {
  init(
    _ study: DispatchV1.Study?, date: CivilDate?, keeping old: Study? = nil, seal: CallContent.Sealing
  ) throws {
    guard let study else {
      self.init()
      return
    }
    self.init(
      date: date, participants: try seal(study.participants, "study.participants", old?.participants),
      tried: try seal(study.tried, "study.tried", old?.tried), conclusion: study.conclusion.named(),
      signedBy: study.signedBy)
  }
}

extension CallerRecord {
  /// `nil`: nobody is named, or without a telephone.
  init?(_ caller: DispatchV1.CallerRecord?, keeping old: CallerRecord?, seal: CallContent.Sealing) throws {
    guard let caller else { return nil }
    let text = CallerText(name: caller.callerName, phone: caller.phone, paperNumber: caller.paperNumber).text
    guard let record = try seal(text, "call.caller", old?.record) else { return nil }
    self.init(record: record, callTime: caller.callTime?.kernel)
  }
}

extension DispatchV1.CallContent {
  init(_ content: CallContent) {
    self.init(
      kind: .init(content.kind), channel: .init(content.channel), ground: .init(content.ground),
      caseIDs: content.caseIDs, determinationID: content.determinationID, narrative: .init(content.narrative),
      place: .init(content.place), studyDate: content.study.date?.description ?? "",
      studyParticipants: .init(content.study.participants), studyTried: .init(content.study.tried),
      studyConclusion: .init(content.study.conclusion), studySignedBy: content.study.signedBy,
      caller: .init(content.caller?.record), callerTime: .init(content.caller?.callTime))
  }

  /// `nil`: not what was written.
  var domain: CallContent? {
    guard let kind = kind.named(Call.Kind.self), let channel = channel.named(Call.Channel.self) else { return nil }
    return CallContent(
      kind: kind, channel: channel, ground: ground.named(), caseIDs: caseIDs, determinationID: determinationID,
      narrative: narrative?.domain, place: place?.domain,
      study: Study(
        date: CivilDate(studyDate), participants: studyParticipants?.domain, tried: studyTried?.domain,
        conclusion: studyConclusion.named(), signedBy: studySignedBy),
      caller: caller.map { CallerRecord(record: $0.domain, callTime: callerTime?.kernel) })
  }
}
