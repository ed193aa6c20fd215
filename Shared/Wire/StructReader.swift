package import CProtobufC

/// How generated code reads the members of a C struct that protobuf-c has filled.
package enum StructReader {
  /// A string: valid UTF-8 without U+0000, or an error naming `field`.
  package static func text(_ data: ProtobufCBinaryData, _ field: StaticString) throws(WireError) -> String {
    try text(data, in: "\(field)")
  }

  /// A string: valid UTF-8 without U+0000, or an error naming `field`.
  package static func text(_ data: ProtobufCBinaryData, in field: @autoclosure () -> String) throws(WireError) -> String
  {
    guard data.len > 0, let start = data.data else { return "" }
    switch Text.check(start, data.len) {
    case .ascii: return Text.string(start, data.len, isASCII: true)
    case .unicode: return Text.string(start, data.len, isASCII: false)
    case .containsNUL: throw .textContainsNUL(field: field())
    case .notUTF8: throw .textNotUTF8(field: field())
    }
  }

  /// Bytes, copied.
  package static func bytes(_ data: ProtobufCBinaryData) -> [UInt8] {
    Array(UnsafeBufferPointer(start: data.data, count: data.len))
  }

  /// An enum's value.
  @inlinable package static func enumeration<Value: Enumeration>(_ value: Int32, _ type: Value.Type) -> Value {
    Value(rawValue: value)
  }

  /// A message that may be absent.
  @inlinable package static func message<CStruct, Value: Message>(
    _ pointer: UnsafeMutablePointer<CStruct>?, _ field: StaticString, _ type: Value.Type
  ) throws(WireError) -> Value? {
    guard let pointer else { return nil }
    do throws(WireError) { return try Value(cStruct: UnsafeRawPointer(pointer)) } catch {
      throw error.inside("\(field)")
    }
  }

  /// The message of a oneof whose case says that it is there.
  @inlinable package static func presentMessage<CStruct, Value: Message>(
    _ pointer: UnsafeMutablePointer<CStruct>?, _ field: StaticString, _ type: Value.Type
  ) throws(WireError) -> Value {
    try message(pointer, field, type) ?? Value()
  }

  /// Repeated messages.
  @inlinable package static func messages<CStruct, Value: Message>(
    _ count: Int, _ pointers: UnsafeMutablePointer<UnsafeMutablePointer<CStruct>?>?, _ field: StaticString,
    _ type: Value.Type
  ) throws(WireError) -> [Value] {
    guard count > 0, let pointers else { return [] }
    var values: [Value] = []
    values.reserveCapacity(count)
    for index in 0..<count {
      do throws(WireError) { values.append(try Value(cStruct: UnsafeRawPointer(pointers[index]!))) } catch {
        throw error.inside("\(field)[\(index)]")
      }
    }
    return values
  }

  /// The entries of a map; of two with the same key the later one counts.
  @inlinable package static func map<CStruct, Key: Hashable, Value>(
    _ count: Int, _ pointers: UnsafeMutablePointer<UnsafeMutablePointer<CStruct>?>?, _ field: StaticString,
    _ entry: (UnsafeMutablePointer<CStruct>) throws(WireError) -> (Key, Value)
  ) throws(WireError) -> [Key: Value] {
    guard count > 0, let pointers else { return [:] }
    var values: [Key: Value] = [:]
    values.reserveCapacity(count)
    for index in 0..<count {
      do throws(WireError) {
        _ = try UnknownFields(cBase: UnsafeRawPointer(pointers[index]!))
        let (key, value) = try entry(pointers[index]!)
        values[key] = value
      } catch {
        throw error.inside("\(field)")
      }
    }
    return values
  }

  /// Repeated strings.
  package static func texts(
    _ count: Int, _ values: UnsafeMutablePointer<ProtobufCBinaryData>?, _ field: StaticString
  ) throws(WireError) -> [String] {
    guard count > 0, let values else { return [] }
    var texts: [String] = []
    texts.reserveCapacity(count)
    for index in 0..<count { texts.append(try text(values[index], field)) }
    return texts
  }

  /// Repeated bytes.
  package static func byteArrays(_ count: Int, _ values: UnsafeMutablePointer<ProtobufCBinaryData>?) -> [[UInt8]] {
    UnsafeBufferPointer(start: values, count: count).map(bytes)
  }

  /// Repeated numbers.
  @inlinable package static func numbers<Number>(_ count: Int, _ values: UnsafeMutablePointer<Number>?) -> [Number] {
    Array(UnsafeBufferPointer(start: values, count: count))
  }

  /// Repeated truth values.
  package static func flags(_ count: Int, _ values: UnsafeMutablePointer<UInt64>?) -> [Bool] {
    UnsafeBufferPointer(start: values, count: count).map { $0 != 0 }
  }

  /// Repeated enum values.
  @inlinable package static func enumerations<Value: Enumeration>(
    _ count: Int, _ values: UnsafeMutablePointer<Int32>?, _ type: Value.Type
  ) -> [Value] {
    UnsafeBufferPointer(start: values, count: count).map(Value.init(rawValue:))
  }
}
