import Access
import CareVisitDomain
import CareVisitStore
import Journal
import Kernel
import Persistence
import Runtime

/// The register of one county, open: its own file, its own journal, its vault, and the way to the directory.
struct CareRegister: Sendable {
  let county: AreaCode
  let commands: CommandShell
  let directory: CareDirectory
  let vault: Vault
  let programmes: ProgrammeStore
  let enrolments: EnrolmentStore
  let visits: VisitStore
  let reveals: RevealStore
  let rights: RightStore
  let erasures: ErasureState

  init(county: AreaCode, commands: CommandShell, directory: CareDirectory) {
    self.county = county
    self.commands = commands
    self.directory = directory
    vault = Vault(county: county, register: commands.cryptography) { .live(key: $0) }
    programmes = ProgrammeStore(county: county)
    enrolments = EnrolmentStore(county: county)
    visits = VisitStore(county: county)
    reveals = RevealStore(county: county)
    rights = RightStore(county: county)
    erasures = ErasureState(county: county)
  }

  /// Roles that see programmes, proofs and the chain, and nobody who is visited: the token is enough.
  private static let outsiders: Set<Role> = [.auditor, .system]

  /// Refuses whoever the directory does not know in their role now.
  func confirm(_ actor: Actor) throws {
    guard actor.countyCode == county.text else { throw Refused(.permissionDenied, .jurisdictionMismatch) }
    if Self.outsiders.contains(actor.role) { return }
    try Colleague.confirm(actor, try directory.colleague(actor.personID))
  }

  /// A text as the request log may remember it: equal for equal texts, and nothing else.
  func hidden(_ text: String) -> String {
    text.isEmpty ? "" : commands.cryptography.hmac("care-visit request", Array(text.utf8)).hexadecimal
  }

  /// Takes the bytes of what was destroyed off the disk. What a reader holds back is tried again with the next timer.
  func overwriteErased() async throws {
    let state = try await commands.read { try erasures.load(in: $0) }
    guard state.erasedSeq > state.overwrittenSeq, try await commands.database.emptyLog() else { return }
    try await commands.apply(as: .system(county: county.text)) {
      try erasures.noteOverwritten(state.erasedSeq, in: $0.tx)
    }
  }
}

/// How the handlers reach the register: not at all where the county has not switched it on.
struct CareDesk: Sendable {
  let register: CareRegister?

  /// Refuses `CARE_VISITS_DISABLED` where there is none.
  func open() throws(Refused) -> CareRegister {
    guard let register else { throw Refused(.failedPrecondition, .careVisitsDisabled) }
    return register
  }
}

extension Reason {
  static let careVisitsDisabled = Reason(
    "CARE_VISITS_DISABLED", zh: "本县未启用关爱回访台账。", en: "This county has not switched the care-visit register on.")
}
