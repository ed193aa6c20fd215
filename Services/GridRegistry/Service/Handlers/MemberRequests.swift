import GridRegistryContract
import Wire

/// A write about one member who was read before.
protocol MemberRequest: Wire.Message {
  var requestID: String { get }
  var memberID: String { get }
  var expectedVersion: UInt64 { get }
}

/// The answer: the member as they now are.
protocol MemberResponse: Wire.Message {
  init(member: GridRegistryV1.Member?)
}

extension GridRegistryV1.AdmitToReserveRequest: MemberRequest {}
extension GridRegistryV1.StartTrainingRequest: MemberRequest {}
extension GridRegistryV1.AppointMemberRequest: MemberRequest {}
extension GridRegistryV1.AssignMemberRequest: MemberRequest {}
extension GridRegistryV1.EndAssignmentRequest: MemberRequest {}
extension GridRegistryV1.CoachMemberRequest: MemberRequest {}
extension GridRegistryV1.RecoverMemberRequest: MemberRequest {}
extension GridRegistryV1.SuspendMemberRequest: MemberRequest {}
extension GridRegistryV1.ResumeMemberRequest: MemberRequest {}
extension GridRegistryV1.ProposeMoveOutRequest: MemberRequest {}
extension GridRegistryV1.WithdrawMoveOutRequest: MemberRequest {}
extension GridRegistryV1.GiveStatementRequest: MemberRequest {}
extension GridRegistryV1.DecideMoveOutRequest: MemberRequest {}
extension GridRegistryV1.OrderHandoverRequest: MemberRequest {}
extension GridRegistryV1.RecordLeaveRequest: MemberRequest {}
extension GridRegistryV1.DropMemberRequest: MemberRequest {}
extension GridRegistryV1.ReleaseMemberRequest: MemberRequest {}
extension GridRegistryV1.SetGradeRequest: MemberRequest {}
extension GridRegistryV1.ReinstateMemberRequest: MemberRequest {}

extension GridRegistryV1.AdmitToReserveResponse: MemberResponse {}
extension GridRegistryV1.StartTrainingResponse: MemberResponse {}
extension GridRegistryV1.AppointMemberResponse: MemberResponse {}
extension GridRegistryV1.AssignMemberResponse: MemberResponse {}
extension GridRegistryV1.EndAssignmentResponse: MemberResponse {}
extension GridRegistryV1.CoachMemberResponse: MemberResponse {}
extension GridRegistryV1.RecoverMemberResponse: MemberResponse {}
extension GridRegistryV1.SuspendMemberResponse: MemberResponse {}
extension GridRegistryV1.ResumeMemberResponse: MemberResponse {}
extension GridRegistryV1.ProposeMoveOutResponse: MemberResponse {}
extension GridRegistryV1.WithdrawMoveOutResponse: MemberResponse {}
extension GridRegistryV1.GiveStatementResponse: MemberResponse {}
extension GridRegistryV1.DecideMoveOutResponse: MemberResponse {}
extension GridRegistryV1.OrderHandoverResponse: MemberResponse {}
extension GridRegistryV1.RecordLeaveResponse: MemberResponse {}
extension GridRegistryV1.DropMemberResponse: MemberResponse {}
extension GridRegistryV1.ReleaseMemberResponse: MemberResponse {}
extension GridRegistryV1.SetGradeResponse: MemberResponse {}
extension GridRegistryV1.ReinstateMemberResponse: MemberResponse {}
