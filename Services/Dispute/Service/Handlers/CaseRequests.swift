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
