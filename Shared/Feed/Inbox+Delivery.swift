import Kernel
package import Persistence

extension Inbox {
  /// What became of a delivered batch.
  package struct Delivery: Sendable, Hashable {
    /// Carried out by this call.
    package var appliedCount: Int
    /// Heard before.
    package var alreadyAppliedCount: Int
    /// Why the batch stopped; all before it stays carried out, nothing after it was looked at.
    package var refusal: DeliveryRefusal?
    /// Where this service now stands with the batch's source.
    package var position: Position

    package init(
      appliedCount: Int = 0, alreadyAppliedCount: Int = 0, refusal: DeliveryRefusal? = nil, position: Position
    ) {
      self.appliedCount = appliedCount
      self.alreadyAppliedCount = alreadyAppliedCount
      self.refusal = refusal
      self.position = position
    }
  }

  /// Why a message was not carried out.
  package struct DeliveryRefusal: Sendable, Hashable {
    /// Position in the batch, from 0.
    package var index: Int
    /// The first reason's code.
    package var reason: String
    /// All reasons in English, for whoever looks at a parked message.
    package var text: String
    /// The same in Chinese.
    package var chineseText: String
    /// The same message may be accepted later.
    package var isRetriable: Bool
  }

  /// Messages in one batch: more would hold the writer for too long.
  package static let maximumBatch = 500

  /// Carries out a batch of one source in one transaction and stops at the first message that is refused: what came before
  /// it stays. `apply` runs once for each new message, in a part of the transaction of its own; it throws a `Refusal` to
  /// refuse. Any other error undoes the whole batch.
  package func deliver<Message: Sendable>(
    _ messages: [Message], to database: Database, origin: @escaping @Sendable (Message) throws -> Origin,
    apply: @escaping @Sendable (Message, Origin, WriteTransaction) throws -> Void
  ) async throws -> Delivery {
    guard let first = messages.first else { throw Self.batchSize }
    guard messages.count <= Self.maximumBatch else { throw Self.batchSize }
    let source = try origin(first).source
    return try await database.write { transaction in
      var delivery = Delivery(position: Position(source: source))
      for (index, message) in messages.enumerated() {
        do {
          switch try receive(message, of: source, origin, apply, transaction) {
          case .apply: delivery.appliedCount += 1
          case .alreadyApplied: delivery.alreadyAppliedCount += 1
          }
        } catch let refusal as any Refusal {
          delivery.refusal = DeliveryRefusal(index: index, refusal)
          break
        }
      }
      delivery.position = try position(of: source, in: transaction)
      return delivery
    }
  }

  private func receive<Message>(
    _ message: Message, of source: String, _ origin: (Message) throws -> Origin,
    _ apply: (Message, Origin, WriteTransaction) throws -> Void, _ transaction: WriteTransaction
  ) throws -> Admission {
    try transaction.attempt { part in
      let origin = try origin(message)
      guard origin.source == source else { throw Self.mixedSources }
      let admission = try admit(origin, part)
      if admission == .apply { try apply(message, origin, part) }
      return admission
    }
  }

  private static let batchSize = Refused(
    .invalidArgument,
    Reason(
      "BATCH_SIZE_INVALID", zh: "每批须为 1 至 \(maximumBatch) 条", en: "a batch has 1 to \(maximumBatch) messages",
      field: "messages"))

  private static let mixedSources = Refused(
    .invalidArgument,
    Reason("SOURCES_MIXED", zh: "一批消息只能来自一个来源", en: "all messages of a batch come from one source", field: "messages"))
}

extension Inbox.DeliveryRefusal {
  fileprivate init(index: Int, _ refusal: any Refusal) {
    self.init(
      index: index, reason: refusal.reasons.first?.code ?? "REFUSED",
      text: refusal.reasons.map { "\($0.code): \($0.english)" }.joined(separator: "; "),
      chineseText: refusal.reasons.map { "\($0.code)：\($0.chinese)" }.joined(separator: "；"),
      isRetriable: refusal.kind != .invalidArgument && !refusal.reasons.contains { $0.code.hasPrefix("SOURCE_") })
  }
}
