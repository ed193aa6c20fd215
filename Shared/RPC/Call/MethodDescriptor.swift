/// What a method is called and which sides of it stream.
package struct MethodDescriptor: Hashable, Sendable {
  /// `huying.dispute.v1.CaseService`
  package let service: String
  /// `ReportCase`
  package let name: String
  /// `/huying.dispute.v1.CaseService/ReportCase`
  package let path: String
  /// Whether the client sends any number of messages.
  package let clientStreaming: Bool
  /// Whether the server sends any number of messages.
  package let serverStreaming: Bool

  /// A method as its contract states it.
  package init(service: String, name: String, clientStreaming: Bool = false, serverStreaming: Bool = false) {
    self.service = service
    self.name = name
    self.path = "/\(service)/\(name)"
    self.clientStreaming = clientStreaming
    self.serverStreaming = serverStreaming
  }

  /// A method known by its path alone, of whose messages nothing is known; `nil` unless the path is `/service/name`.
  package init?(path: String) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].isEmpty, !parts[1].isEmpty, !parts[2].isEmpty else { return nil }
    self.service = String(parts[1])
    self.name = String(parts[2])
    self.path = path
    self.clientStreaming = true
    self.serverStreaming = true
  }
}
