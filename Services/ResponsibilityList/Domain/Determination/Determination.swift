package import Kernel

/// Whose matter is this: the answer of a list to one question (职责判定). Never edited.
package struct Determination: Hashable, Sendable {
  /// Who has to act: the township itself, an agency, the county; or that the list does not say.
  package enum Verdict: String, Hashable, Sendable, CaseIterable {
    case own = "SELF"
    case agency = "AGENCY"
    case call = "CALL"
    case offList = "OFF_LIST"
    case ambiguous = "AMBIGUOUS"
  }

  /// One item that the text may be about, and why.
  package struct Candidate: Hashable, Sendable {
    package let item: ListItem
    package let score: Double
    package let fields: [ItemField: Double]
    package let matches: [Match]
    /// The main subject as the asker meets it: ids filled in from the directory.
    package let main: Subject
    package let assists: [Subject]
  }

  package let id: String
  package let verdict: Verdict
  /// 0 to 1000: how far the best stands clear of the threshold and of the next.
  package let confidence: Int
  /// The best first, at most `Candidate` many as are kept.
  package let candidates: [Candidate]
  /// Agencies in the township that can coordinate the best candidate's item.
  package let agencies: [Agency]
  package let townshipCode: String
  package let asOf: CivilDate
  package let list: ListReference
  package let engineVersion: String
  package let directoryVersion: Int64

  /// The best candidate; `nil` where nothing on the list comes near enough.
  package var best: Candidate? { verdict == .offList ? nil : candidates.first }
}

/// The list that an answer cites.
package struct ListReference: Hashable, Sendable {
  package let id: String
  package let number: String
  package let contentDigest: String

  package init(id: String, number: String, contentDigest: String) {
    self.id = id
    self.number = number
    self.contentDigest = contentDigest
  }
}

/// An agency of a county department in a township (派驻机构).
package struct Agency: Hashable, Sendable {
  package let organisationID: String
  package let name: String
  /// 生态环境所, 司法所, …
  package let agencyType: String
  package let departmentID: String

  package init(organisationID: String, name: String, agencyType: String, departmentID: String) {
    self.organisationID = organisationID
    self.name = name
    self.agencyType = agencyType
    self.departmentID = departmentID
  }
}

/// What has been heard of the directory so far, as far as answers need it.
package struct DirectoryView: Hashable, Sendable {
  /// Grows with every change heard.
  package let version: Int64
  /// The agencies present in the asker's township.
  package let agencies: [Agency]
  /// The ids of the county's departments, by name.
  package let departmentIDs: [String: String]
  /// The id of the asker's township, where it has been heard of.
  package let townshipID: String
  package let townshipName: String

  package init(
    version: Int64, agencies: [Agency], departmentIDs: [String: String] = [:], townshipID: String = "",
    townshipName: String = ""
  ) {
    self.version = version
    self.agencies = agencies
    self.departmentIDs = departmentIDs
    self.townshipID = townshipID
    self.townshipName = townshipName
  }

  /// The subject with the id that the directory knows it by.
  func resolved(_ subject: Subject) -> Subject {
    var result = subject
    switch subject.level {
    case .township:
      if result.organisationID.isEmpty { result.organisationID = townshipID }
      if result.organisationName.isEmpty { result.organisationName = townshipName }
    case .county:
      if result.organisationID.isEmpty { result.organisationID = departmentIDs[subject.organisationName] ?? "" }
    }
    return result
  }
}
