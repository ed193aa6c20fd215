import DisputeDomain
import DisputeStore
import Kernel
import Persistence

/// Where a township takes in what is not located.
struct Township {
  /// Its mediation centre; the township itself where no centre is known.
  let centre: Organisation
  /// Its own organisation, for statistics.
  let organisation: ID<Organisation>

  /// The township that `id` is, or whose centre it is; `nil` if nothing of the kind was heard of.
  init?(_ id: String, of dispute: DisputeShell, in reading: some Reading) throws {
    guard let named = try dispute.directory.organisation(ID(id), in: reading), !named.isClosed,
      let code = named.township
    else { return nil }
    switch named.kind {
    case .township:
      centre = try dispute.directory.organisation(.townshipCentre, of: code, in: reading) ?? named
      organisation = named.organisationID
    case .townshipCentre:
      centre = named
      organisation =
        try dispute.directory.organisation(.township, of: code, in: reading)?.organisationID ?? centre.organisationID
    default: return nil
    }
  }

  /// The township's own organisation, by its code.
  static func organisation(
    of code: AreaCode, in dispute: DisputeShell, _ reading: some Reading
  ) throws -> ID<Organisation>? {
    try dispute.directory.organisation(.township, of: code, in: reading)?.organisationID
  }
}
