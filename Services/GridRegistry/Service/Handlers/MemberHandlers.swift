import Access
import GridRegistryContract
import GridRegistryDomain
import GridRegistryStore
import Journal
import Kernel
import Persistence
import RPC
import Runtime
import WireTypes
import Wire

/// The team of grid members: commands.
struct MemberHandlers: GridRegistryV1.MemberService {
  let shell: GridRegistryShell

  /// A command on a member: the answer is the member as they now are.
  func perform<Request: MemberRequest, Response: MemberResponse>(
    _ request: Request, _ context: ServerContext, text: String = "", successor: GridMember.ID? = nil,
    _ command: GridMember.Command
  ) async throws -> Response {
    try await shell.perform(request, request.requestID, context) { registrar in
      let member = try registrar.carryOut(
        command, on: .init(request.memberID), expected: request.expectedVersion, text: text, successor: successor)
      return Response(member: try registrar.shown(member))
    }
  }

  func nominateMember(
    _ request: GridRegistryV1.NominateMemberRequest, context: ServerContext
  ) async throws -> GridRegistryV1.NominateMemberResponse {
    try await shell.perform(request, request.requestID, context) { registrar in
      let organisation = request.orgID.isEmpty ? registrar.command.actor.organisationID : request.orgID
      let member = try registrar.nominate(person: .init(request.personID), by: .init(organisation))
      return .init(member: try registrar.shown(member))
    }
  }

  func admitToReserve(
    _ request: GridRegistryV1.AdmitToReserveRequest, context: ServerContext
  ) async throws -> GridRegistryV1.AdmitToReserveResponse {
    try await perform(request, context, .admitToReserve(request.qualification.map { .init($0) }))
  }

  func startTraining(
    _ request: GridRegistryV1.StartTrainingRequest, context: ServerContext
  ) async throws -> GridRegistryV1.StartTrainingResponse {
    try await perform(request, context, .startTraining(courseID: request.courseID))
  }

  func appointMember(
    _ request: GridRegistryV1.AppointMemberRequest, context: ServerContext
  ) async throws -> GridRegistryV1.AppointMemberResponse {
    try await perform(request, context, .appoint(.init(request.gridID, request.post, request.fromDate)))
  }

  func assignMember(
    _ request: GridRegistryV1.AssignMemberRequest, context: ServerContext
  ) async throws -> GridRegistryV1.AssignMemberResponse {
    try await perform(request, context, .assign(.init(request.gridID, request.post, request.fromDate)))
  }

  func endAssignment(
    _ request: GridRegistryV1.EndAssignmentRequest, context: ServerContext
  ) async throws -> GridRegistryV1.EndAssignmentResponse {
    try await perform(request, context, .endAssignment(gridID: request.gridID))
  }

  func coachMember(
    _ request: GridRegistryV1.CoachMemberRequest, context: ServerContext
  ) async throws -> GridRegistryV1.CoachMemberResponse {
    try await perform(request, context, text: request.reasonText, .coach(evaluationRef: request.evaluationRef))
  }

  func recoverMember(
    _ request: GridRegistryV1.RecoverMemberRequest, context: ServerContext
  ) async throws -> GridRegistryV1.RecoverMemberResponse {
    try await perform(
      request, context, .recover(evaluationRef: request.evaluationRef, score: Int(request.evaluationScore)))
  }

  func suspendMember(
    _ request: GridRegistryV1.SuspendMemberRequest, context: ServerContext
  ) async throws -> GridRegistryV1.SuspendMemberResponse {
    try await perform(request, context, text: request.reasonText, .suspend(until: request.untilDate))
  }

  func resumeMember(
    _ request: GridRegistryV1.ResumeMemberRequest, context: ServerContext
  ) async throws -> GridRegistryV1.ResumeMemberResponse {
    try await perform(request, context, .resume)
  }

  func proposeMoveOut(
    _ request: GridRegistryV1.ProposeMoveOutRequest, context: ServerContext
  ) async throws -> GridRegistryV1.ProposeMoveOutResponse {
    try await perform(
      request, context, text: request.evidenceText,
      .proposeMoveOut(
        suggestionID: request.suggestionID, standardRef: request.standardRef, evidenceRefs: request.evidenceRefs))
  }

  func withdrawMoveOut(
    _ request: GridRegistryV1.WithdrawMoveOutRequest, context: ServerContext
  ) async throws -> GridRegistryV1.WithdrawMoveOutResponse {
    try await perform(request, context, text: request.reasonText, .withdrawMoveOut)
  }

  func giveStatement(
    _ request: GridRegistryV1.GiveStatementRequest, context: ServerContext
  ) async throws -> GridRegistryV1.GiveStatementResponse {
    try await perform(request, context, text: request.statementText, .state(isFinal: request.final))
  }

  func orderHandover(
    _ request: GridRegistryV1.OrderHandoverRequest, context: ServerContext
  ) async throws -> GridRegistryV1.OrderHandoverResponse {
    try await perform(request, context, successor: .init(request.toMemberID), .orderHandover)
  }

  func recordLeave(
    _ request: GridRegistryV1.RecordLeaveRequest, context: ServerContext
  ) async throws -> GridRegistryV1.RecordLeaveResponse {
    try await perform(request, context, text: request.reasonText, .leave(date: request.leaveDate))
  }

  func dropMember(
    _ request: GridRegistryV1.DropMemberRequest, context: ServerContext
  ) async throws -> GridRegistryV1.DropMemberResponse {
    try await perform(request, context, text: request.reasonText, .drop)
  }

  func releaseMember(
    _ request: GridRegistryV1.ReleaseMemberRequest, context: ServerContext
  ) async throws -> GridRegistryV1.ReleaseMemberResponse {
    try await perform(request, context, .release)
  }

  func setGrade(
    _ request: GridRegistryV1.SetGradeRequest, context: ServerContext
  ) async throws -> GridRegistryV1.SetGradeResponse {
    try await perform(
      request, context, text: request.reasonText,
      .setGrade(request.grade.word(prefix: "GRADE_"), suggestionID: request.suggestionID))
  }

  func reinstateMember(
    _ request: GridRegistryV1.ReinstateMemberRequest, context: ServerContext
  ) async throws -> GridRegistryV1.ReinstateMemberResponse {
    try await perform(
      request, context,
      .reinstate(
        objectionRef: request.objectionRef, .init(nonEmpty: request.gridID, request.post, request.fromDate)))
  }

  func decideMoveOut(
    _ request: GridRegistryV1.DecideMoveOutRequest, context: ServerContext
  ) async throws -> GridRegistryV1.DecideMoveOutResponse {
    let command: GridMember.Command
    switch request.decision {
    case .moveOut: command = .decideMoveOut
    case .refuse: command = .refuseMoveOut
    case .unspecified, .unrecognized: throw Refused(.invalidArgument, .decisionMissing.at("decision"))
    }
    return try await perform(request, context, text: request.reasonText, command)
  }

  func importMembers(
    _ request: GridRegistryV1.ImportMembersRequest, context: ServerContext
  ) async throws -> GridRegistryV1.ImportMembersResponse {
    try await shell.performImport(context) { try $0.importMembers(request) }
  }
}
