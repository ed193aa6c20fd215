package import Kernel

/// A case that waits for its township to call or to ask an agency, as dispute has told us.
package struct AwaitingCase: Hashable, Sendable {
  package let caseID: String
  package let number: String
  /// A call, else a coordination task.
  package let awaitsCall: Bool
  package let townshipOrgID: String
  package let townshipCode: String
  package let itemCode: String
  package let determinationID: String
  package let awaitTime: Timestamp

  package init(
    caseID: String, number: String, awaitsCall: Bool, townshipOrgID: String, townshipCode: String, itemCode: String,
    determinationID: String, awaitTime: Timestamp
  ) {
    self.caseID = caseID
    self.number = number
    self.awaitsCall = awaitsCall
    self.townshipOrgID = townshipOrgID
    self.townshipCode = townshipCode
    self.itemCode = itemCode
    self.determinationID = determinationID
    self.awaitTime = awaitTime
  }
}
