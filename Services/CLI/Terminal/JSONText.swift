import Wire
enum JSONText {
  static func of(_ message: some Message) throws -> String { "{}" }
  static func read<M: Message>(_ text: String) throws -> M { M() }
}
