import Foundation
import Runtime

/// Where the doctor looks: folders that it may read, ports that it may ask.
struct DoctorPlaces {
  /// A folder for each service: `var` of a local stack, `/volumes` in a container of the compose file.
  let dataRoot: String
  /// Certificates and keys.
  let secrets: String
  /// Where backup sets are kept; `nil`: not mounted here.
  let backups: String?
  /// The county's code, where the surroundings tell it.
  let county: String?
  /// Where each process shows its numbers, HOST:PORT by its name.
  let admin: [String: String]

  /// Options over variables over what is found. In the compose file the gateway is called `gateway`, and each service's name is its
  /// host; on a local stack all are on this machine.
  init(
    dataRoot: String?, secrets: String?, backups: String?, admin: [String], target: String,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws {
    func folder(_ option: String?, _ variable: String, _ mounted: String) -> String? {
      if let place = option ?? environment[variable], !place.isEmpty { return place }
      return FileManager.default.fileExists(atPath: mounted) ? mounted : nil
    }
    self.dataRoot = folder(dataRoot, "HUYING_DATA_ROOT", "/volumes") ?? "var"
    self.secrets =
      secrets ?? folder(nil, "HUYING_KEY_DIR", "/run/secrets") ?? "\(self.dataRoot)/keys"
    county = environment["HUYING_COUNTY"]
    self.backups = folder(backups, "HUYING_BACKUP_DIR", "/backups")
    let isByName = target.hasPrefix("gateway:")
    var places = Dictionary(
      uniqueKeysWithValues: ServiceIdentity.all.map { identity in
        (identity.name, "\(isByName ? identity.name : "127.0.0.1"):\(identity.defaultPort + 100)")
      })
    for text in admin {
      let (name, place) = CaseCommand.pair(text)
      guard places[name] != nil, place == "off" || place.contains(":") else {
        let known = places.keys.sorted().joined(separator: ", ")
        throw Complaint(
          "“\(text)”应写作 服务=主机:端口，服务为 \(known)", "write \(text) as SERVICE=HOST:PORT; the services: \(known)")
      }
      places[name] = place == "off" ? nil : place
    }
    self.admin = places
  }

  /// A service's folder.
  func data(of identity: ServiceIdentity) -> String { "\(dataRoot)/\(identity.name)" }

  /// A service's database.
  func database(of identity: ServiceIdentity) -> String { "\(data(of: identity))/\(identity.name).sqlite" }
}
