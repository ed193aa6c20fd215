import Kernel
import WorkClock

extension Call {
  /// The call that begins with `event`; `nil` if it is not a beginning.
  package init?(_ event: CallEvent) {
    guard case .drafted(let identity, let content, let time) = event else { return nil }
    self.init(identity: identity, version: 1, state: .draft, content: content, draftTime: time)
  }

  /// Folds one event in. Never refuses: history has already happened.
  package mutating func apply(_ event: CallEvent) {
    version += 1
    switch event {
    case .drafted: break
    case .amended(let content):
      self.content = content
      state = .draft
    case .submitted(let finding, let time):
      self.finding = finding
      submissionRound += 1
      submitTime = time
      state = .submitted
    case .judged(let admission, let started): applyJudged(admission, started)
    case .reviewed(let review, let clock):
      admission?.review = review
      admission?.decision = review.isAdmitted ? .admitted : .notAdmitted
      stop(clock)
      state = review.isAdmitted ? .admitted : .notAdmitted
    case .dispatched(let assignments, let started, let time):
      self.assignments = assignments
      start(started)
      dispatchTime = time
      workRound = 1
      state = .dispatched
    case .signed(let sign, let respond):
      stop(sign)
      start([respond])
      change(.main) { $0.signTime = sign.stopTime }
      state = .accepted
    case .responded(let date, let contact, let plan, let clock, _):
      stop(clock)
      change(.main) {
        $0.respondTime = clock.stopTime
        $0.planDate = date
        $0.contactRecord = contact
        $0.plan = plan
        $0.progress = .open
        $0.doneTime = nil
      }
      state = .inProgress
    case .doneReported(let result, let time):
      change(.main) { $0.finish(result, at: time) }
      state = .toVerify
    case .assistDone(let orgID, let result, let time): changeAssist(orgID) { $0.finish(result, at: time) }
    case .assistReleased(let orgID, _, let time):
      changeAssist(orgID) {
        $0.progress = .released
        $0.doneTime = time
      }
    case .verified(let verification, let respond):
      verifications.append(verification)
      guard verification.verdict != .solved else { break }
      start([respond].compactMap(\.self))
      workRound += 1
      state = .rework
    case .closed(let outcome, let reason, let time):
      self.outcome = outcome
      end(.closed, reason, at: time)
    case .cancelAsked(let request): cancelRequest = request
    case .cancelled(let reason, let time): end(.cancelled, reason, at: time)
    case .clocksRederived(let changes):
      for change in changes {
        for index in clocks.indices where change.concerns(clocks[index]) {
          clocks[index] = clocks[index].keeping(change)
        }
      }
    }
  }

  private mutating func applyJudged(_ admission: Admission, _ started: [StartedClock]) {
    self.admission = admission
    start(started)
    state =
      switch admission.decision {
      case .admitted, .importedNotJudged: .admitted
      case .notAdmitted: .notAdmitted
      case .manualReview: .manualReview
      }
  }

  /// Nothing runs on in a call that has ended.
  private mutating func end(_ state: State, _ reason: String, at time: Timestamp) {
    self.state = state
    closeTime = time
    closingReason = reason
    for index in clocks.indices where !clocks[index].isStopped { try? clocks[index].stop(at: time) }
  }

  /// A clock that runs already is told again where somebody hears of it for the first time.
  private mutating func start(_ started: [StartedClock]) {
    for clock in started.map(\.clock)
    where !clocks.contains(where: { $0.kind == clock.kind && $0.round == clock.round }) {
      clocks.append(clock)
    }
  }

  private mutating func stop(_ result: ClockResult) {
    for index in clocks.indices where clocks[index].kind == result.kind.rawValue && clocks[index].round == result.round
    {
      try? clocks[index].stop(at: result.stopTime)
    }
  }

  private mutating func change(_ part: Assignment.Part, _ body: (inout Assignment) -> Void) {
    for index in assignments.indices where assignments[index].part == part { body(&assignments[index]) }
  }

  private mutating func changeAssist(_ orgID: String, _ body: (inout Assignment) -> Void) {
    for index in assignments.indices where assignments[index].part == .assist && assignments[index].orgID == orgID {
      body(&assignments[index])
    }
  }
}

extension Assignment {
  fileprivate mutating func finish(_ result: SealedText, at time: Timestamp) {
    progress = .done
    self.result = result
    doneTime = time
  }
}
