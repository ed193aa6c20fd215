import Kernel
import ResponsibilityListContract
import ResponsibilityListDomain
import Wire

extension ResponsibilityListV1.Determination {
  /// The answer as its asker gets it, with at most `candidateCount` candidates: it depends on nothing but its question.
  init(_ determination: Determination, candidateCount: Int) {
    self.init(
      determinationID: determination.id, verdict: .init(determination.verdict, prefix: "VERDICT_"),
      itemCode: determination.best?.item.code ?? "", confidencePermille: Int32(determination.confidence),
      candidates: determination.candidates.prefix(candidateCount).map { .init($0) },
      agencies: determination.agencies.map { .init($0) }, townshipCode: determination.townshipCode,
      asOfDate: determination.asOf.description, listVersionID: determination.list.id,
      listNumber: determination.list.number, engineVersion: determination.engineVersion,
      directoryVersion: determination.directoryVersion)
  }

  /// What is stored of an answer: without what the list, which never changes, says anyway.
  var stripped: Self {
    var copy = self
    for index in copy.candidates.indices {
      copy.candidates[index].title = ""
      copy.candidates[index].domainName = ""
      copy.candidates[index].townshipDuties = []
      copy.candidates[index].bases = []
      copy.candidates[index].agencyTypes = []
    }
    return copy
  }

  /// The stored answer with what its list says.
  func completed(from items: [ListItem]) -> Self {
    var copy = self
    for index in copy.candidates.indices {
      guard let item = items.first(where: { $0.code == copy.candidates[index].itemCode }) else { continue }
      copy.candidates[index].fill(from: item)
    }
    return copy
  }
}

extension ResponsibilityListV1.Candidate {
  init(_ candidate: Determination.Candidate) {
    self.init(
      itemCode: candidate.item.code, score: candidate.score,
      fieldScores: ItemField.allCases.compactMap { field in
        candidate.fields[field].map { .init(fieldName: field.rawValue, score: $0) }
      },
      matchedSpans: candidate.matches.map { match in
        .init(
          start: Int32(match.range.lowerBound), scalarCount: Int32(match.range.count), fieldName: match.field.rawValue)
      }, main: .init(candidate.main), assists: candidate.assists.map { .init($0) })
    fill(from: candidate.item)
  }

  /// Takes over what the list says of the item.
  fileprivate mutating func fill(from item: ListItem) {
    title = item.title
    domainName = item.domainName
    townshipDuties = item.townshipDuties.map { .init($0) }
    bases = item.bases.map { .init($0) }
    agencyTypes = item.agencyTypes
  }
}

extension ResponsibilityListV1.AgencyReference {
  init(_ agency: Agency) {
    self.init(
      agencyType: agency.agencyType, orgID: agency.organisationID, orgName: agency.name,
      departmentOrgID: agency.departmentID)
  }
}

extension Question {
  init(_ question: ResponsibilityListV1.Question?, asOf: CivilDate) throws(Refused) {
    let question = question ?? .init()
    try self.init(
      text: question.text, townshipCode: question.townshipCode, areaKind: question.areaKind.word(prefix: "AREA_KIND_"),
      asOf: asOf)
  }
}
