import DisputeDomain
import Wire
import WorkClock

/// A domain's closed list that the contract spells in the same order behind its zero value. A test compares the names.
protocol ContractNamed: CaseIterable, Hashable {}

extension ContractNamed {
  /// The contract's value of the same name.
  func wire<Named: Wire.Enumeration>(_: Named.Type = Named.self) -> Named {
    let index = Self.allCases.enumerated().first { $0.element == self }?.offset ?? -1
    return Named(rawValue: Int32(index + 1))
  }

  /// The domain's value of the same name; `nil` for the zero value and for one that this contract does not know.
  init?(wire value: some Wire.Enumeration) {
    let found = Self.allCases.enumerated().first { $0.offset == Int(value.rawValue) - 1 }
    guard let found else { return nil }
    self = found.element
  }
}

extension Case.Kind: ContractNamed {}
extension Case.Complexity: ContractNamed {}
extension Case.Flag: ContractNamed {}
extension Case.Discovery: ContractNamed {}
extension Case.Level: ContractNamed {}
extension Case.State: ContractNamed {}
extension Case.Stage: ContractNamed {}
extension Case.Party.Role: ContractNamed {}
extension Case.Attempt.Result: ContractNamed {}
extension Case.Escalation.State: ContractNamed {}
extension Case.Determination.Verdict: ContractNamed {}
extension Case.Link.Subject: ContractNamed {}
extension Case.Link.State: ContractNamed {}
extension Case.Settlement.Agreement: ContractNamed {}
extension Case.Closure.Satisfaction: ContractNamed {}
extension Case.Closure.Authority: ContractNamed {}
extension Case.Adjournment.Reason: ContractNamed {}
extension Case.Rejection.Ground: ContractNamed {}
extension Case.Analysis.Route: ContractNamed {}
extension Case.Measure.State: ContractNamed {}
extension Case.Invitation.State: ContractNamed {}
extension Case.Reopening.Source: ContractNamed {}
extension Case.Settlement.Confirmation: ContractNamed {}
extension Budget.Unit: ContractNamed {}
extension Rung: ContractNamed {}
