/// An item's manual (说明书): what an official needs in hand to act by the list.
package struct Manual: Hashable, Sendable {
  /// One office that answers for the item.
  package struct Office: Hashable, Sendable {
    package var organisationID: String
    package var organisationName: String
    package var officeName: String
    package var phone: String
    package var backupPhone: String
    /// `2019-01-31`, or empty.
    package var verifyDate: String

    package init(
      organisationID: String = "", organisationName: String = "", officeName: String = "", phone: String = "",
      backupPhone: String = "", verifyDate: String = ""
    ) {
      self.organisationID = organisationID
      self.organisationName = organisationName
      self.officeName = officeName
      self.phone = phone
      self.backupPhone = backupPhone
      self.verifyDate = verifyDate
    }
  }

  /// What no manual may lack.
  package enum Element: String, Hashable, Sendable, CaseIterable {
    case office = "OFFICE"
    case telephone = "TELEPHONE"
    case procedure = "PROCEDURE"
    case timeLimit = "TIME_LIMIT"
    case evidence = "EVIDENCE"
  }

  package var dutyStatement: String
  package var offices: [Office]
  package var procedure: String
  package var timeLimit: String
  package var evidence: [String]
  package var extra: [String: String]

  package init(
    dutyStatement: String = "", offices: [Office] = [], procedure: String = "", timeLimit: String = "",
    evidence: [String] = [], extra: [String: String] = [:]
  ) {
    self.dutyStatement = dutyStatement
    self.offices = offices
    self.procedure = procedure
    self.timeLimit = timeLimit
    self.evidence = evidence
    self.extra = extra
  }

  /// The required elements that are not there; one office with a telephone is enough, an office without one is not.
  package var missingElements: [Element] {
    Element.allCases.filter { element in
      switch element {
      case .office: !offices.contains { !$0.officeName.isBlank || !$0.organisationName.isBlank }
      case .telephone: offices.isEmpty || !offices.allSatisfy { !$0.phone.isBlank }
      case .procedure: procedure.isBlank
      case .timeLimit: timeLimit.isBlank
      case .evidence: !evidence.contains { !$0.isBlank }
      }
    }
  }
}

extension String {
  /// Nothing but spaces.
  fileprivate var isBlank: Bool { allSatisfy(\.isWhitespace) }
}
