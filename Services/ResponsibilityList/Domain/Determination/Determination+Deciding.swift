package import Kernel
package import TextSearch

/// What is asked.
package struct Question: Sendable {
  package let text: NormalizedText
  package let townshipCode: String
  /// In town or in the country, where known.
  package let areaKind: AreaKind?
  package let asOf: CivilDate

  /// The longest text that is compared; a message is a few thousand characters.
  package static let longestText = 100_000

  /// Checks what can be checked without a list; all that is wrong at once.
  package init(text: String, townshipCode: String, areaKind: AreaKind? = nil, asOf: CivilDate) throws(Refused) {
    let normalized = NormalizedText(text)
    var reasons = [Reason]()
    if normalized.scalars.isEmpty { reasons.append(.textMissing) }
    if text.unicodeScalars.count > Self.longestText { reasons.append(.textTooLong) }
    if AreaCode(townshipCode)?.level != .township { reasons.append(.townshipCodeInvalid) }
    guard reasons.isEmpty else { throw Refused(.invalidArgument, reasons) }
    self.text = normalized
    self.townshipCode = townshipCode
    self.areaKind = areaKind
    self.asOf = asOf
  }
}

extension Determination {
  /// Candidates that are kept with an answer.
  package static let keptCandidates = 10

  /// Compares `question` with a list. Pure: the same question, list, engine and directory give the same answer.
  package static func decide(
    _ question: Question, against index: ListIndex, of list: ListReference, in directory: DirectoryView,
    engineVersion: String, digest: ([UInt8]) -> [UInt8]
  ) -> Determination {
    let reading = index.read(question.text)
    let scores = index.scores(of: reading) { item in
      guard let asked = question.areaKind, let kind = item.areaKind else { return true }
      return asked == kind
    }
    .filter { index.items[$0.item].main != nil }.prefix(keptCandidates)
    let threshold = index.threshold(for: reading)
    let matches = index.matches(of: reading, for: scores.map(\.item))
    let candidates = zip(scores, matches).map { candidate($0, $1, index, directory) }
    let agencies = directory.agencies.filter { agency in
      candidates.first?.item.agencyTypes.contains(agency.agencyType) == true
    }
    let verdict = verdict(candidates, threshold: threshold, hasAgency: !agencies.isEmpty, policy: index.policy)
    return Determination(
      id: identity(question, list, engineVersion, directory.version, digest), verdict: verdict,
      confidence: confidence(candidates, threshold: threshold, verdict), candidates: candidates,
      agencies: verdict == .offList ? [] : agencies, townshipCode: question.townshipCode, asOf: question.asOf,
      list: list, engineVersion: engineVersion, directoryVersion: directory.version)
  }

  private static func candidate(
    _ score: ItemScore, _ matches: [Match], _ index: ListIndex, _ directory: DirectoryView
  ) -> Candidate {
    let item = index.items[score.item]
    let main = item.main ?? Subject(part: .main, level: .township)
    return Candidate(
      item: item, score: score.score, fields: score.fields, matches: matches,
      main: directory.resolved(main), assists: item.assists.map(directory.resolved))
  }

  private static func verdict(
    _ candidates: [Candidate], threshold: Double, hasAgency: Bool, policy: ScoringPolicy
  ) -> Verdict {
    guard let best = candidates.first, best.score >= threshold else { return .offList }
    if candidates.count > 1 {
      let behind = (best.score - candidates[1].score) / best.score
      let differs = !best.main.isSameBody(as: candidates[1].main)
      if behind < policy.tieShare || (differs && behind < policy.ambiguityShare) { return .ambiguous }
    }
    if best.main.level == .township { return .own }
    return hasAgency ? .agency : .call
  }

  /// Half for standing clear of the threshold, half for standing clear of the next.
  private static func confidence(_ candidates: [Candidate], threshold: Double, _ verdict: Verdict) -> Int {
    guard let best = candidates.first else { return 1000 }
    if verdict == .offList { return Int((1 - best.score / threshold) * 1000) }
    let clearance = min(1, (best.score - threshold) / threshold)
    let margin = candidates.count > 1 ? (best.score - candidates[1].score) / best.score : 1
    return Int((clearance + min(1, margin * 2)) * 500 + 0.5)
  }

  private static func identity(
    _ question: Question, _ list: ListReference, _ engineVersion: String, _ directoryVersion: Int64,
    _ digest: ([UInt8]) -> [UInt8]
  ) -> String {
    let area = question.areaKind.map { "/\($0.rawValue)" } ?? ""
    let parts = [
      question.text.text, question.townshipCode + area, question.asOf.description,
      "\(list.number)@\(list.contentDigest)", engineVersion, "\(directoryVersion)",
    ]
    return UUIDv7.named(digest: digest(Array(parts.joined(separator: "\u{0}").utf8)))
  }
}

extension Reason {
  static let textMissing = Reason(
    "TEXT_MISSING", zh: "没有填写要判定的内容。", en: "There is no text to determine.", field: "question.text")
  static let textTooLong = Reason(
    "TEXT_TOO_LONG", zh: "内容超过十万字。", en: "The text is longer than 100,000 characters.", field: "question.text")
  static let townshipCodeInvalid = Reason(
    "TOWNSHIP_CODE_INVALID", zh: "乡镇（街道）代码应为十二位。", en: "The township code has twelve digits.",
    field: "question.township_code")
}
