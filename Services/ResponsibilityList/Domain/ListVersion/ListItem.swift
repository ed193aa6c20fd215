/// Which side of the county–township line somebody stands on.
package enum SubjectLevel: String, Hashable, Sendable, CaseIterable {
  case county = "COUNTY"
  case township = "TOWNSHIP"
}

/// Whether an item holds only in town or only in the country.
package enum AreaKind: String, Hashable, Sendable, CaseIterable {
  case urban = "URBAN"
  case rural = "RURAL"
}

/// Somebody an item names.
package struct Subject: Hashable, Sendable {
  /// Main subject (主体责任) or assisting one (配合责任).
  package enum Part: String, Hashable, Sendable, CaseIterable {
    case main = "MAIN"
    case assist = "ASSIST"
  }

  package var part: Part
  package var level: SubjectLevel
  /// Empty for a township, and where only the name is known.
  package var organisationID: String
  package var organisationName: String

  package init(part: Part, level: SubjectLevel, organisationID: String = "", organisationName: String = "") {
    self.part = part
    self.level = level
    self.organisationID = organisationID
    self.organisationName = organisationName
  }

  /// Whether both name the same body: the ids decide where both are known, else the names.
  package func isSameBody(as other: Subject) -> Bool {
    guard level == other.level else { return false }
    if !organisationID.isEmpty, !other.organisationID.isEmpty { return organisationID == other.organisationID }
    return organisationName == other.organisationName
  }
}

/// Who does what at which stage.
package struct Duty: Hashable, Sendable {
  /// The part of the work that a duty belongs to.
  package enum Stage: String, Hashable, Sendable, CaseIterable {
    case discovery = "DISCOVERY"
    case firstResponse = "FIRST_RESPONSE"
    case enforcement = "ENFORCEMENT"
    case rectification = "RECTIFICATION"
    case supervision = "SUPERVISION"
  }

  package var stage: Stage
  package var holder: Subject
  package var text: String
  /// Positions in the item's bases, from 1.
  package var basisNumbers: [Int]

  package init(stage: Stage, holder: Subject, text: String, basisNumbers: [Int] = []) {
    self.stage = stage
    self.holder = holder
    self.text = text
    self.basisNumbers = basisNumbers
  }
}

/// What a duty rests on.
package struct Basis: Hashable, Sendable {
  /// What sort of document it is.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case law = "LAW"
    case regulation = "REGULATION"
    case rule = "RULE"
    case normative = "NORMATIVE"
    case sanding = "SANDING"
    case policy = "POLICY"
  }
  /// Whether the document is in force, as far as somebody has checked.
  package enum Validity: String, Hashable, Sendable, CaseIterable {
    case valid = "VALID"
    case repealed = "REPEALED"
    case unknown = "UNKNOWN"
  }

  package var kind: Kind
  package var title: String
  package var article: String
  package var text: String
  package var validity: Validity
  package var remark: String

  package init(
    kind: Kind, title: String, article: String = "", text: String = "", validity: Validity, remark: String = ""
  ) {
    self.kind = kind
    self.title = title
    self.article = article
    self.text = text
    self.validity = validity
    self.remark = remark
  }
}

/// One item of the list: a matter, who answers for it, and by what words people call it.
package struct ListItem: Hashable, Sendable {
  package var code: String
  package var title: String
  package var domainName: String
  package var definition: String
  package var scenes: [String]
  package var keywords: [String]
  package var aliases: [String]
  package var exclusions: [String]
  package var subjects: [Subject]
  package var duties: [Duty]
  package var bases: [Basis]
  package var practiceNote: String
  /// Kinds of agencies that can coordinate it; empty: none can.
  package var agencyTypes: [String]
  /// `nil`: everywhere.
  package var areaKind: AreaKind?
  package var manual: Manual

  package init(
    code: String, title: String, domainName: String = "", definition: String = "", scenes: [String] = [],
    keywords: [String] = [], aliases: [String] = [], exclusions: [String] = [], subjects: [Subject] = [],
    duties: [Duty] = [], bases: [Basis] = [], practiceNote: String = "", agencyTypes: [String] = [],
    areaKind: AreaKind? = nil, manual: Manual = Manual()
  ) {
    self.code = code
    self.title = title
    self.domainName = domainName
    self.definition = definition
    self.scenes = scenes
    self.keywords = keywords
    self.aliases = aliases
    self.exclusions = exclusions
    self.subjects = subjects
    self.duties = duties
    self.bases = bases
    self.practiceNote = practiceNote
    self.agencyTypes = agencyTypes
    self.areaKind = areaKind
    self.manual = manual
  }

  /// The one main subject; `nil` while there is none or more than one.
  package var main: Subject? {
    let mains = subjects.filter { $0.part == .main }
    return mains.count == 1 ? mains[0] : nil
  }

  package var assists: [Subject] { subjects.filter { $0.part == .assist } }

  package var townshipDuties: [Duty] { duties.filter { $0.holder.level == .township } }
}
