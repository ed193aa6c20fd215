import CareVisitDomain
import CareVisitService
import GridRegistryService
import Kernel
package import Runtime

/// What the process grid-registry answers: the registry, and beside it the care-visit register with a file, a key and a journal of its
/// own. The one thing that goes from one to the other is the answer to "who works here now".
package func gridRegistryParts(in process: ProcessSurroundings) async throws -> ServiceParts {
  let registry = try await GridRegistryService(in: process)
  let staff = registry.staff
  let careVisits = try await CareVisitService(
    in: process,
    directory: CareDirectory(
      colleague: { id in
        try staff.entry(of: id).map {
          Colleague(personID: id, organisationID: $0.organisationID, roles: $0.roles, isPresent: $0.isPresent)
        }
      },
      hasOrganisation: { try staff.hasOrganisation($0) }, calendar: { try staff.calendar() }))
  var parts = registry.parts
  parts.services += careVisits.parts.services
  parts.accessRules.merge(careVisits.parts.accessRules) { own, _ in own }
  parts.fileDescriptors += careVisits.parts.fileDescriptors
  parts.timers += careVisits.parts.timers
  parts.close = {
    await careVisits.parts.close()
    await registry.parts.close()
  }
  return parts
}
