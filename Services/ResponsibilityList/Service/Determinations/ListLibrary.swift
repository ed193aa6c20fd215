import Persistence
import ResponsibilityListDomain
import ResponsibilityListStore
import Synchronization

/// What questions need again and again, held in memory: one index per published list, the directory as each township sees it.
///
/// A published list never changes, so its index is good for ever; a view of the directory is good until its version grows.
final class ListLibrary: Sendable {
  private struct Shelf {
    var indexes: [String: ListIndex] = [:]
    var views: [String: DirectoryView] = [:]
  }

  private let content: ListContent
  private let directory: DirectoryStore
  private let policy: ScoringPolicy
  private let shelf = Mutex(Shelf())

  /// The version that answers cite.
  let engineVersion: String

  init(content: ListContent, directory: DirectoryStore, policy: ScoringPolicy) {
    self.content = content
    self.directory = directory
    self.policy = policy
    engineVersion = policy.engineVersion
  }

  /// The index of a list that has been published.
  func index(of list: ListVersion, in reading: some Reading) throws -> ListIndex {
    if let known = shelf.withLock({ $0.indexes[list.id] }) { return known }
    let index = ListIndex(try content.items(ofList: list.id, in: reading), policy: policy)
    shelf.withLock { $0.indexes[list.id] = index }
    return index
  }

  /// The directory as a township sees it now.
  func view(ofTownship code: String, in reading: some Reading) throws -> DirectoryView {
    let version = try directory.version(in: reading)
    if let known = shelf.withLock({ $0.views[code] }), known.version == version { return known }
    let view = try directory.view(ofTownship: code, in: reading)
    shelf.withLock { $0.views[code] = view }
    return view
  }
}
