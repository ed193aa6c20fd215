import Access
import CareVisitContract
import CareVisitDomain
import CareVisitStore
import Journal
import Kernel
import Persistence
import Runtime
import Wire
import WireTypes

/// What lies in a drawer of the vault, by name.
enum VaultName {
  static let identity = "identity"
  static let consent = "consent"
  static let decision = "decision"

  static func purpose(of id: Reveal.ID) -> String { "reveal \(id.text)" }
  static func document(of id: RightRequest.ID) -> String { "right \(id.text) document" }
  static func decision(of id: RightRequest.ID) -> String { "right \(id.text) decision" }
}

extension CareClerk {
  /// Enters somebody under a random token; who it is goes into the vault.
  func propose(_ request: CareVisitV1.ProposeEnrolmentRequest) throws -> Enrolment {
    let programme = try programme(request.programmeID)
    let identity = request.identity ?? .init()
    let move = Enrolment.Move(
      enrolment: nil, programme: programme,
      command: .propose(consent: request.consentRef, identity: identity.texts), organisationID: actor.organisationID,
      now: now)
    let token = Enrolment.ID(register.commands.cryptography.randomBytes(16).hexadecimal)
    let event = try Enrolment.propose(token, programmeID: programme.id, move, by: actor)
    let drawer = try register.vault.make(token, in: tx)
    try drawer.put(identity.known.encoded(), as: VaultName.identity, in: tx)
    try drawer.put(Array(request.consentRef.utf8), as: VaultName.consent, in: tx)
    return try keep(event, keyDigest: drawer.keyDigest)
  }

  /// Carries out a command on an enrolment that was read before.
  func carryOut(_ command: Enrolment.Command, on token: String, expected: UInt64) throws -> Enrolment.Event {
    let (enrolment, parts) = try enrolment(token)
    try Self.check(expected, against: enrolment.version)
    let event = try enrolment.decide(
      try move(command, on: enrolment), by: actor, as: parts, visitID: Visit.ID(id()))
    switch command {
    case .approve(let reason), .reject(let reason):
      try register.vault.open(enrolment.id, in: tx)?.put(Array(reason.utf8), as: VaultName.decision, in: tx)
    default: break
    }
    try keep(event)
    return event
  }

  /// Opens one identity, and writes down who looked and why.
  func reveal(_ token: String, purpose: String) throws -> CareVisitV1.RevealIdentityResponse {
    let (enrolment, parts) = try enrolment(token)
    _ = try enrolment.decide(try move(.reveal(purpose: purpose), on: enrolment), by: actor, as: parts)
    return try open(enrolment, purpose: purpose)
  }

  /// Puts another identity in the place of the one in the vault.
  func correct(_ enrolment: Enrolment, _ identity: CareVisitV1.Identity) throws -> Enrolment {
    let event = try enrolment.decide(
      try move(.correct(identity: identity.texts), on: enrolment), by: actor, as: enrolment.parts(of: actor))
    guard let drawer = try register.vault.open(enrolment.id, in: tx) else {
      throw Refused(.failedPrecondition, .identityErased)
    }
    try drawer.put(identity.known.encoded(), as: VaultName.identity, in: tx)
    return try keep(event)
  }

  /// Ends and destroys at once, because the person asked for it and it was granted.
  func delete(_ enrolment: Enrolment) throws -> Enrolment {
    let system = try asSystem()
    guard enrolment.state.isRunning else { return try system.erase(enrolment, deletionIsGranted: true) }
    let move = try system.move(.end(.deletionGranted), on: enrolment)
    let ended = try system.keep(try enrolment.decide(move, by: system.actor, as: [.system]))
    return try system.erase(ended, deletionIsGranted: true)
  }

  /// Destroys the key of an identity and all that it sealed; the journal says which key it was.
  @discardableResult
  func erase(_ enrolment: Enrolment, deletionIsGranted: Bool = false) throws -> Enrolment {
    var move = try move(.erase, on: enrolment)
    move.deletionIsGranted = deletionIsGranted
    let event = try enrolment.decide(move, by: actor, as: [.system])
    let digest = try register.vault.destroy(enrolment.id, in: tx)
    return try keep(event, keyDigest: digest ?? [])
  }

  /// Ends what nobody decided or began in time: what is known of the person rests on nothing any more.
  private func lapse(_ enrolment: Enrolment) throws -> Enrolment {
    try keep(try enrolment.decide(try move(.end(.lapsed), on: enrolment), by: actor, as: [.system]))
  }

  /// Does what has become due at the transaction's time. How much that was.
  func sweep(limit: Int) throws -> Int {
    let due = try register.enrolments.dueForErasure(before: now, limit: limit, in: tx)
    for enrolment in due { try erase(enrolment.state.isRunning ? lapse(enrolment) : enrolment) }
    return try due.count + remindOfRights(limit: limit)
  }

  // MARK: - Parts

  /// What a decision may look at.
  func move(_ command: Enrolment.Command, on enrolment: Enrolment) throws -> Enrolment.Move {
    var move = Enrolment.Move(
      enrolment: enrolment, programme: try register.programmes.load(enrolment.programmeID, in: tx), command: command,
      organisationID: enrolment.organisationID, now: now)
    switch command {
    case .begin(let visitor, _), .reassign(let visitor): move.visitor = try register.directory.colleague(visitor)
    case .visit(let report):
      move.referralIsKnown = try report.referralID.isEmpty || register.directory.hasOrganisation(report.referralID)
    default: break
    }
    return move
  }

  /// What lies open of an enrolment: the look is written down, and one too many alerts.
  func open(_ enrolment: Enrolment, purpose: String) throws -> CareVisitV1.RevealIdentityResponse {
    guard let drawer = try register.vault.open(enrolment.id, in: tx) else {
      throw Refused(.failedPrecondition, .identityErased)
    }
    let reveal = Reveal(
      id: .init(id()), enrolmentID: enrolment.id, personID: actor.personID, role: actor.role, time: now)
    let digest = try drawer.put(Array(purpose.utf8), as: VaultName.purpose(of: reveal.id), in: tx)
    let payload = CareVisitV1.RevealEvent(reveal: .init(reveal), purposeDigest: digest).encoded()
    let line = try record(
      Enrolment.Action.reveal.eventType, "enrolment", enrolment.id.text, enrolment.version, payload)
    try register.reveals.save(reveal, seq: line.seq, in: tx)
    try alertIfMany(by: actor.personID)
    let identity = try drawer.take(VaultName.identity, in: tx).map { try CareVisitV1.Identity(decoding: $0) }
    let consent = try drawer.take(VaultName.consent, in: tx) ?? []
    return .init(identity: identity, consentRef: String(decoding: consent, as: UTF8.self))
  }

  private func alertIfMany(by person: String) throws {
    let today = CivilDate(now)
    guard try register.reveals.count(by: person, on: today, in: tx) > CareVisitPolicy.looksPerDay,
      try !register.reveals.hasAlert(about: person, on: today, in: tx)
    else { return }
    try asSystem().keep(RevealAlert(id: .init(id()), personID: person, date: today, raiseTime: now), "reveal.alerted")
  }

  /// Saves an alert and writes it down.
  func keep(_ alert: RevealAlert, _ eventType: String) throws {
    try register.reveals.save(alert, in: tx)
    let payload = CareVisitV1.AlertEvent(alert: .init(alert)).encoded()
    try record(eventType, "reveal_alert", alert.id.text, alert.version, payload)
  }

  @discardableResult
  private func keep(_ event: Enrolment.Event, keyDigest: [UInt8] = []) throws -> Enrolment {
    let enrolment = event.enrolment
    try register.enrolments.save(enrolment, in: tx)
    let payload =
      event.visit.map { CareVisitV1.VisitEvent(visit: .init($0), enrolment: .init(enrolment)).encoded() }
      ?? CareVisitV1.EnrolmentEvent(enrolment: .init(enrolment), keyDigest: keyDigest).encoded()
    let line = try record(event.action.eventType, "enrolment", enrolment.id.text, enrolment.version, payload)
    if let visit = event.visit {
      try register.visits.save(visit, seq: line.seq, of: enrolment.programmeID, in: tx)
    }
    if event.action == .erase { try register.erasures.noteErased(line.seq, in: tx) }
    return enrolment
  }
}
