import CNGHTTP2

/// A header block that is always the same, as nghttp2 takes it: made once, kept for ever, never copied.
///
/// `@unchecked`: constant from the beginning.
package struct FixedHeaders: @unchecked Sendable {
  let values: UnsafeBufferPointer<nghttp2_nv>

  /// These fields; names in lower case. For static values: its memory is never given back.
  package init(_ fields: KeyValuePairs<StaticString, StaticString>) {
    let values = UnsafeMutableBufferPointer<nghttp2_nv>.allocate(capacity: fields.count)
    for (index, (name, value)) in fields.enumerated() {
      values.initializeElement(
        at: index,
        to: nghttp2_nv(
          name: UnsafeMutablePointer(mutating: name.utf8Start), value: UnsafeMutablePointer(mutating: value.utf8Start),
          namelen: name.utf8CodeUnitCount, valuelen: value.utf8CodeUnitCount,
          flags: UInt8(NGHTTP2_NV_FLAG_NO_COPY_NAME.rawValue | NGHTTP2_NV_FLAG_NO_COPY_VALUE.rawValue)))
    }
    self.values = UnsafeBufferPointer(values)
  }
}
