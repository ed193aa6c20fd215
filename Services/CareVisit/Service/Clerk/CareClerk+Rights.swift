import WorkClock
import Access
import CareVisitContract
import CareVisitDomain
import CareVisitStore
import Kernel
import Persistence
import Runtime
import Wire

extension CareClerk {
  /// Writes down what a person asks for.
  func file(_ request: CareVisitV1.FileRightRequest) throws -> RightRequest {
    let (enrolment, parts) = try enrolment(request.enrolmentID)
    let kind: RightRequest.Kind? = request.kind.word(prefix: "KIND_")
    let move = RightRequest.Move(
      right: nil, kind: kind, text: request.documentRef, actorID: actor.personID,
      isOpenAlready: try kind.map { try register.rights.hasOpen($0, of: enrolment.id, in: tx) } ?? false, now: now,
      calendar: try register.directory.calendar())
    let event = try RightRequest.file(.init(id()), of: enrolment, move, as: parts)
    let drawer = try register.vault.open(enrolment.id, in: tx)
    try drawer?.put(Array(request.documentRef.utf8), as: VaultName.document(of: event.right.id), in: tx)
    return try keep(event)
  }

  /// Grants or denies; what is granted happens at once.
  func answer(_ request: CareVisitV1.AnswerRightRequest) throws -> (right: RightRequest, enrolment: Enrolment) {
    let right = try right(request.rightRequestID)
    var (enrolment, parts) = try enrolment(right.enrolmentID.text)
    try Self.check(request.expectedVersion, against: right.version)
    let move = RightRequest.Move(
      right: right, kind: nil, text: request.decisionReason, actorID: actor.personID, now: now,
      calendar: try register.directory.calendar())
    let event = try right.decide(request.granted ? .grant : .deny, move, as: parts)
    let drawer = try register.vault.open(enrolment.id, in: tx)
    try drawer?.put(Array(request.decisionReason.utf8), as: VaultName.decision(of: right.id), in: tx)
    let answered = try keep(event)
    if request.granted {
      switch right.kind {
      case .access, .complaint: break
      case .correction: enrolment = try correct(enrolment, request.correctedIdentity ?? .init())
      case .deletion: if enrolment.state != .erased { enrolment = try delete(enrolment) }
      }
    }
    return (answered, enrolment)
  }

  /// Everything about one entry, for the person whose access was granted. The look is written down.
  func accessCopy(_ id: String) throws -> CareVisitV1.GetAccessCopyResponse {
    let right = try right(id)
    let (enrolment, _) = try enrolment(right.enrolmentID.text)
    guard right.kind == .access, right.state == .granted else {
      throw Refused(.failedPrecondition, .accessNotGranted)
    }
    let opened = try open(enrolment, purpose: "依本人查阅申请提供副本 \(right.id.text)")
    return .init(
      identity: opened.identity, consentRef: opened.consentRef, enrolment: .init(enrolment),
      visits: try register.visits.list(of: enrolment.id, in: tx).map { .init($0) },
      reveals: try register.reveals(of: enrolment.id, in: tx))
  }

  /// Reports requests that are late, each once.
  func remindOfRights(limit: Int) throws -> Int {
    let calendar = try register.directory.calendar()
    var count = 0
    for right in try register.rights.running(limit: limit, in: tx)
    where right.clock.dueTime(in: calendar).map({ $0 < now }) == true {
      let move = RightRequest.Move(
        right: right, kind: nil, text: "", actorID: actor.personID, now: now, calendar: calendar)
      try keep(try right.decide(.remind, move, as: [.system]))
      count += 1
    }
    return count
  }

  private func right(_ id: String) throws -> RightRequest {
    guard let right = try register.rights.load(.init(id), in: tx) else { throw Refused(.notFound, .rightNotFound) }
    return right
  }

  @discardableResult
  private func keep(_ event: RightRequest.Event) throws -> RightRequest {
    let right = event.right
    try register.rights.save(right, in: tx)
    let payload = CareVisitV1.RightEvent(rightRequest: .init(right)).encoded()
    try record(event.action.eventType, "right_request", right.id.text, right.version, payload)
    return right
  }
}

extension CareRegister {
  /// Every look at one enrolment, with why as long as there is a key.
  func reveals(of id: Enrolment.ID, in reading: some Reading) throws -> [CareVisitV1.Reveal] {
    let drawer = try vault.open(id, in: reading)
    return try reveals.list(of: id, in: reading).map { reveal in
      let purpose = try drawer?.take(VaultName.purpose(of: reveal.id), in: reading) ?? []
      return .init(reveal, purpose: String(decoding: purpose, as: UTF8.self))
    }
  }
}
