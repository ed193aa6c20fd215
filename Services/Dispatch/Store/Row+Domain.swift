import DispatchDomain
import Kernel
import Persistence
import WorkClock

extension Row {
  /// A sealed text's place and digest.
  func sealed(_ index: Int) -> SealedText {
    if let value = TextColumn.sealed(text(index)) { return value }
    reject(index)
    return SealedText(id: "", digest: [])
  }

  func optionalSealed(_ index: Int) -> SealedText? { isNull(index) ? nil : sealed(index) }

  func texts(_ index: Int) -> [String] { TextColumn.decode(text(index)) }

  func sealedTexts(_ index: Int) -> [SealedText] {
    texts(index).compactMap { column in
      if let value = TextColumn.sealed(column) { return value }
      reject(index)
      return nil
    }
  }

  /// A name of the closed list, or nothing.
  func optionalNamed<Kind: RawRepresentable<String>>(_ index: Int, or fallback: Kind) -> Kind? {
    isNull(index) ? nil : named(index, or: fallback)
  }

  /// Amount and unit in two columns.
  func budget(_ index: Int) -> Budget {
    if let value = try? Budget(int(index), named(index + 1, or: .workingDay)) { return value }
    reject(index)
    return .workingDays(1)
  }
}

extension Value {
  static func sealed(_ text: SealedText) -> Self { .text(TextColumn.encode(text)) }
  static func optionalSealed(_ text: SealedText?) -> Self { .optionalText(text.map(TextColumn.encode)) }
  static func texts(_ texts: [String]) -> Self { .text(TextColumn.encode(texts)) }
  static func budget(_ budget: Budget) -> [Self] { [.integer(budget.amount), .text(budget.unit.rawValue)] }
}
