import CommonContract
import Kernel

extension ID {
  /// An empty text is nobody.
  init?(nonEmpty text: String) {
    guard !text.isEmpty else { return nil }
    self.init(text)
  }
}

extension CommonV1.RefusalReason {
  init(_ reason: Reason) {
    self.init(
      reason: reason.code, field: reason.field, textZh: reason.chinese, textEn: reason.english,
      metadata: reason.metadata)
  }
}
