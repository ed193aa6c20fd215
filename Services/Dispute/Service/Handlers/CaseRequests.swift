import DisputeContract
import Wire

/// A write about one case that was read before.
protocol CaseRequest: Wire.Message {
  var requestID: String { get }
  var caseID: String { get }
  var expectedVersion: UInt64 { get }
}

/// The answer: the case as it now is.
protocol CaseResponse: Wire.Message {
  init(caseRecord: DisputeV1.Case?)
}

extension DisputeV1.AcceptCaseRequest: CaseRequest {}
extension DisputeV1.SelfHandleCaseRequest: CaseRequest {}
extension DisputeV1.WithdrawCaseRequest: CaseRequest {}
extension DisputeV1.SettleCaseRequest: CaseRequest {}
extension DisputeV1.FallBackCaseRequest: CaseRequest {}
extension DisputeV1.RegisterCloseRequest: CaseRequest {}
extension DisputeV1.GuideToLawRequest: CaseRequest {}
extension DisputeV1.StartMediationRequest: CaseRequest {}
extension DisputeV1.RecordAttemptRequest: CaseRequest {}
extension DisputeV1.HandUpCaseRequest: CaseRequest {}
extension DisputeV1.SubmitEscalationRequest: CaseRequest {}
extension DisputeV1.RaiseCaseRequest: CaseRequest {}
extension DisputeV1.ReceiveEscalationRequest: CaseRequest {}
extension DisputeV1.ReturnEscalationRequest: CaseRequest {}
extension DisputeV1.RetractEscalationRequest: CaseRequest {}
extension DisputeV1.AnalyseCaseRequest: CaseRequest {}
extension DisputeV1.RecordDeterminationRequest: CaseRequest {}
extension DisputeV1.RouteHereRequest: CaseRequest {}
extension DisputeV1.RouteAgencyRequest: CaseRequest {}
extension DisputeV1.RouteCallRequest: CaseRequest {}
extension DisputeV1.ConfirmAgencyDoneRequest: CaseRequest {}
extension DisputeV1.RejectCaseRequest: CaseRequest {}
extension DisputeV1.ReconsiderCaseRequest: CaseRequest {}
extension DisputeV1.LocateCaseRequest: CaseRequest {}
extension DisputeV1.ClassifyCaseRequest: CaseRequest {}
extension DisputeV1.SetFlagsRequest: CaseRequest {}
extension DisputeV1.ReassignCaseRequest: CaseRequest {}
extension DisputeV1.ReopenCaseRequest: CaseRequest {}
extension DisputeV1.SignCaseRequest: CaseRequest {}
extension DisputeV1.RecordAssistRequest: CaseRequest {}
extension DisputeV1.RecordFollowUpRequest: CaseRequest {}
extension DisputeV1.RecordSatisfactionRequest: CaseRequest {}
extension DisputeV1.RecordConfirmationRequest: CaseRequest {}
extension DisputeV1.AdjournMediationRequest: CaseRequest {}
extension DisputeV1.ResumeMediationRequest: CaseRequest {}
extension DisputeV1.RecordAnalysisRequest: CaseRequest {}
extension DisputeV1.ReturnDownRequest: CaseRequest {}
extension DisputeV1.RouteIndustryRequest: CaseRequest {}
extension DisputeV1.RouteJointRequest: CaseRequest {}
extension DisputeV1.ReanalyseCaseRequest: CaseRequest {}
extension DisputeV1.PutPlanRequest: CaseRequest {}
extension DisputeV1.UpdateMeasureRequest: CaseRequest {}
extension DisputeV1.InviteDepartmentRequest: CaseRequest {}
extension DisputeV1.AnswerInvitationRequest: CaseRequest {}
extension DisputeV1.MergeCaseRequest: CaseRequest {}
extension DisputeV1.UnmergeCaseRequest: CaseRequest {}

extension DisputeV1.AcceptCaseResponse: CaseResponse {}
extension DisputeV1.SelfHandleCaseResponse: CaseResponse {}
extension DisputeV1.WithdrawCaseResponse: CaseResponse {}
extension DisputeV1.SettleCaseResponse: CaseResponse {}
extension DisputeV1.FallBackCaseResponse: CaseResponse {}
extension DisputeV1.RegisterCloseResponse: CaseResponse {}
extension DisputeV1.GuideToLawResponse: CaseResponse {}
extension DisputeV1.StartMediationResponse: CaseResponse {}
extension DisputeV1.RecordAttemptResponse: CaseResponse {}
extension DisputeV1.HandUpCaseResponse: CaseResponse {}
extension DisputeV1.SubmitEscalationResponse: CaseResponse {}
extension DisputeV1.RaiseCaseResponse: CaseResponse {}
extension DisputeV1.ReceiveEscalationResponse: CaseResponse {}
extension DisputeV1.ReturnEscalationResponse: CaseResponse {}
extension DisputeV1.RetractEscalationResponse: CaseResponse {}
extension DisputeV1.AnalyseCaseResponse: CaseResponse {}
extension DisputeV1.RecordDeterminationResponse: CaseResponse {}
extension DisputeV1.RouteHereResponse: CaseResponse {}
extension DisputeV1.RouteAgencyResponse: CaseResponse {}
extension DisputeV1.RouteCallResponse: CaseResponse {}
extension DisputeV1.ConfirmAgencyDoneResponse: CaseResponse {}
extension DisputeV1.RejectCaseResponse: CaseResponse {}
extension DisputeV1.ReconsiderCaseResponse: CaseResponse {}
extension DisputeV1.LocateCaseResponse: CaseResponse {}
extension DisputeV1.ClassifyCaseResponse: CaseResponse {}
extension DisputeV1.SetFlagsResponse: CaseResponse {}
extension DisputeV1.ReassignCaseResponse: CaseResponse {}
extension DisputeV1.ReopenCaseResponse: CaseResponse {}
extension DisputeV1.SignCaseResponse: CaseResponse {}
extension DisputeV1.RecordAssistResponse: CaseResponse {}
extension DisputeV1.RecordFollowUpResponse: CaseResponse {}
extension DisputeV1.RecordSatisfactionResponse: CaseResponse {}
extension DisputeV1.RecordConfirmationResponse: CaseResponse {}
extension DisputeV1.AdjournMediationResponse: CaseResponse {}
extension DisputeV1.ResumeMediationResponse: CaseResponse {}
extension DisputeV1.RecordAnalysisResponse: CaseResponse {
  /// Whether the list could be asked is the gateway's to say.
  init(caseRecord: DisputeV1.Case?) { self.init(caseRecord: caseRecord, determinationUnavailable: false) }
}
extension DisputeV1.ReturnDownResponse: CaseResponse {}
extension DisputeV1.RouteIndustryResponse: CaseResponse {}
extension DisputeV1.RouteJointResponse: CaseResponse {}
extension DisputeV1.ReanalyseCaseResponse: CaseResponse {}
extension DisputeV1.PutPlanResponse: CaseResponse {}
extension DisputeV1.UpdateMeasureResponse: CaseResponse {}
extension DisputeV1.InviteDepartmentResponse: CaseResponse {}
extension DisputeV1.AnswerInvitationResponse: CaseResponse {}
