import ResponsibilityListContract
import ResponsibilityListDomain
import Wire

extension ListItem {
  init(_ item: ResponsibilityListV1.Item) {
    self.init(
      code: item.itemCode, title: item.title, domainName: item.domainName, definition: item.definition,
      scenes: item.scenes, keywords: item.keywords, aliases: item.aliases, exclusions: item.exclusions,
      subjects: item.subjects.map(Subject.init), duties: item.duties.map(Duty.init), bases: item.bases.map(Basis.init),
      practiceNote: item.practiceNote, agencyTypes: item.agencyTypes,
      areaKind: item.areaKind.word(prefix: "AREA_KIND_"),
      manual: item.manual.map(Manual.init) ?? Manual())
  }
}

extension ResponsibilityListV1.Item {
  init(_ item: ListItem) {
    self.init(
      itemCode: item.code, title: item.title, domainName: item.domainName, definition: item.definition,
      scenes: item.scenes, keywords: item.keywords, aliases: item.aliases, exclusions: item.exclusions,
      subjects: item.subjects.map { .init($0) }, duties: item.duties.map { .init($0) },
      bases: item.bases.map { .init($0) }, practiceNote: item.practiceNote, agencyTypes: item.agencyTypes,
      areaKind: .init(item.areaKind, prefix: "AREA_KIND_"), manual: .init(item.manual))
  }
}

extension Subject {
  /// A subject whose part or level the contract does not know counts as assisting and as the county's.
  init(_ subject: ResponsibilityListV1.Subject) {
    self.init(
      part: subject.part.word(prefix: "PART_") ?? .assist,
      level: subject.level.word(prefix: "SUBJECT_LEVEL_") ?? .county,
      organisationID: subject.orgID, organisationName: subject.orgName)
  }
}

extension ResponsibilityListV1.Subject {
  init(_ subject: Subject) {
    self.init(
      part: .init(subject.part, prefix: "PART_"), level: .init(subject.level, prefix: "SUBJECT_LEVEL_"),
      orgID: subject.organisationID, orgName: subject.organisationName)
  }
}

extension Duty {
  init(_ duty: ResponsibilityListV1.Duty) {
    self.init(
      stage: duty.stage.word(prefix: "STAGE_") ?? .discovery, holder: Subject(duty.holder ?? .init()), text: duty.text,
      basisNumbers: duty.basisNumbers.map(Int.init))
  }
}

extension ResponsibilityListV1.Duty {
  init(_ duty: Duty) {
    self.init(
      stage: .init(duty.stage, prefix: "STAGE_"), holder: .init(duty.holder), text: duty.text,
      basisNumbers: duty.basisNumbers.map(Int32.init))
  }
}

extension Basis {
  /// Nobody said whether it is valid: then nobody has checked.
  init(_ basis: ResponsibilityListV1.Basis) {
    self.init(
      kind: basis.kind.word(prefix: "KIND_") ?? .policy, title: basis.title, article: basis.article, text: basis.text,
      validity: basis.validity.word(prefix: "VALIDITY_") ?? .unknown, remark: basis.remark)
  }
}

extension ResponsibilityListV1.Basis {
  init(_ basis: Basis) {
    self.init(
      kind: .init(basis.kind, prefix: "KIND_"), title: basis.title, article: basis.article, text: basis.text,
      validity: .init(basis.validity, prefix: "VALIDITY_"), remark: basis.remark)
  }
}

extension Manual {
  init(_ manual: ResponsibilityListV1.Manual) {
    self.init(
      dutyStatement: manual.dutyStatement,
      offices: manual.offices.map {
        Office(
          organisationID: $0.orgID, organisationName: $0.orgName, officeName: $0.officeName, phone: $0.phone,
          backupPhone: $0.backupPhone, verifyDate: $0.verifyDate)
      }, procedure: manual.procedure, timeLimit: manual.timeLimit, evidence: manual.evidence, extra: manual.extra)
  }
}

extension ResponsibilityListV1.Manual {
  init(_ manual: Manual) {
    self.init(
      dutyStatement: manual.dutyStatement,
      offices: manual.offices.map {
        .init(
          orgID: $0.organisationID, orgName: $0.organisationName, officeName: $0.officeName, phone: $0.phone,
          backupPhone: $0.backupPhone, verifyDate: $0.verifyDate)
      }, procedure: manual.procedure, timeLimit: manual.timeLimit, evidence: manual.evidence, extra: manual.extra,
      missingElements: manual.missingElements.map(\.rawValue))
  }
}
