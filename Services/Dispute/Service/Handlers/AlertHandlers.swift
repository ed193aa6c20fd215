import DisputeContract
import DisputeDomain
import DisputeStore
import Journal
import Kernel
import Persistence
import RPC
import Runtime

/// Early warnings.
struct AlertHandlers: DisputeV1.AlertService {
  let dispute: DisputeShell

  func listAlerts(
    _ request: DisputeV1.ListAlertsRequest, context: ServerContext
  ) async throws -> DisputeV1.ListAlertsResponse {
    let actor = try context.actor
    return try await dispute.shell.read { reading in
      let size = try Expected.pageSize(request.pageSize)
      let township = try dispute.listedTownship(request.areaCode, for: actor, in: reading)
      let found = try dispute.alerts.list(
        township: township, state: Alert.State(wire: request.state), below: ListToken.position(request.pageToken),
        limit: size + 1, in: reading)
      let view = FindingView.masked(
        try dispute.calendars.calendar(in: reading), at: dispute.shell.time.now(),
        SealedTexts(dispute.shell.cryptography), in: reading
      ).showing(try dispute.warnings(in: reading))
      let page = found.prefix(size)
      return .init(
        alerts: try page.map(view.wire),
        nextPageToken: found.count > size
          ? page.last.map { ListToken.text($0.raiseTime, $0.alertID.text) } ?? "" : "")
    }
  }

  func acknowledgeAlert(
    _ request: DisputeV1.AcknowledgeAlertRequest, context: ServerContext
  ) async throws -> DisputeV1.AcknowledgeAlertResponse {
    try await dispute.shell.perform(request, requestID: request.requestID, context) { transaction in
      .init(
        alert: try alerting(transaction)
          .take(request.alertID, request.expectedVersion, { _ in .acknowledge }, "alert.acknowledged"))
    }
  }

  func actOnAlert(
    _ request: DisputeV1.ActOnAlertRequest, context: ServerContext
  ) async throws -> DisputeV1.ActOnAlertResponse {
    try await dispute.shell.perform(request, requestID: request.requestID, context) { transaction in
      .init(
        alert: try alerting(transaction)
          .take(request.alertID, request.expectedVersion, { _ in .act(ref: request.actionRef) }, "alert.acted"))
    }
  }

  func dismissAlert(
    _ request: DisputeV1.DismissAlertRequest, context: ServerContext
  ) async throws -> DisputeV1.DismissAlertResponse {
    try await dispute.shell.perform(request, requestID: request.requestID, context) { transaction in
      .init(
        alert: try alerting(transaction).take(
          request.alertID, request.expectedVersion,
          { seal in .dismiss(reason: try seal(request.dismissReason, "alert.dismiss_reason")) }, "alert.dismissed"))
    }
  }

  private func alerting(_ transaction: CommandTransaction) throws -> Alerting {
    Alerting(dispute, transaction, Surroundings(calendar: try dispute.calendars.calendar(in: transaction.tx)))
  }
}
