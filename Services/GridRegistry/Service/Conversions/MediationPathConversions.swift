import GridRegistryContract
import GridRegistryDomain
import Kernel
import Wire

extension GridRegistryV1.MediationPath {
  /// `responsible` names who answers for a room; events leave it out.
  init(_ path: MediationPath, responsible: (Organisation.ID) throws -> Person.ID?) rethrows {
    self.init(
      steps: try path.steps.map { step in
        .init(
          level: .init(step.level, prefix: "MEDIATION_LEVEL_"), orgID: step.organisationID.text, orgName: step.name,
          responsiblePersonID: try responsible(step.organisationID)?.text ?? "")
      },
      skippedLevels: path.skipped.map { skipped in
        .init(
          level: .init(skipped.level, prefix: "MEDIATION_LEVEL_"), reason: skipped.reason.rawValue,
          textZh: skipped.reason.chinese, textEn: skipped.reason.english)
      })
  }

  init(_ path: MediationPath) { self.init(path) { _ in nil } }
}

extension MediationPath {
  /// `nil` if the message is not one that this service wrote.
  init?(_ message: GridRegistryV1.MediationPath) {
    var path = MediationPath()
    for step in message.steps {
      guard let level: Level = step.level.word(prefix: "MEDIATION_LEVEL_") else { return nil }
      path.steps.append(Step(level: level, organisationID: .init(step.orgID), name: step.orgName))
    }
    for skipped in message.skippedLevels {
      guard let level: Level = skipped.level.word(prefix: "MEDIATION_LEVEL_"),
        let reason = SkipReason(rawValue: skipped.reason)
      else { return nil }
      path.skipped.append(Skipped(level: level, reason: reason))
    }
    self = path
  }
}
