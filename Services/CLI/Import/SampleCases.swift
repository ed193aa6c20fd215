import Foundation

/// Forty fictional messages (演示数据) that show the main job without a file of one's own.
enum SampleCases {
  /// The collection's name, and the file's.
  static let name = "sample_cases.jsonl"

  /// Writes the messages into a file for temporary things; where it is.
  static func write() throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("huying-sample-\(getuid())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let path = "\(folder)/\(name)"
    guard FileManager.default.createFile(atPath: path, contents: Data(PackageResources.sample_cases_jsonl)) else {
      throw Complaint.unwritable(path)
    }
    return path
  }
}
