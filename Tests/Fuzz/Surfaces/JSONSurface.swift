import Wire
import WireTypes

/// JSON texts: what is taken as JSON is printed and read as the same; what is taken as a message is printed and read as the same
/// message.
///
/// First byte: the type. Then the text.
struct JSONSurface: Surface {
  let name = "json"
  let types: SampleTypes

  let seeds: [[UInt8]] = [
    [0]
      + #"{"aString":"井\n\u4e95\ud83d\ude42","anInt64":"-9223372036854775808","aDouble":1.5e-7,"warmth":"WARMTH_HOT"}"#
      .utf8,
    [0] + #"{"occurTime":"2026-01-02T03:04:05.000006+08:00","waitDuration":"-1.5s","mask":"aString,inner.name"}"#.utf8,
    [0] + #"{"any":{"@type":"type.googleapis.com/google.protobuf.Duration","value":"2s"},"value":[1,{"a":null}]}"#.utf8,
    [1] + #"{"floats":[0.1,"NaN",-0.0],"null":null,"wrapped":[1],"Another-Name":"x","chosenNull":null}"#.utf8,
    [2]
      + #"{"byInt32":{"-1":1},"byBool":{"true":false},"doubles":{"a":"Infinity"},"times":{"t":"1970-01-01T00:00:00Z"}}"#
      .utf8,
    [3] + #"{"name":"r","child":{"child":{}},"children":[{},{"left":{}}],"byName":{"":{}}}"#.utf8,
    [7] + #"{"a":[true,null,{"b":1e300}]}"#.utf8, [10] + #""0001-01-01T00:00:00Z""#.utf8,
    [11] + #""315576000000s""#.utf8,
    [8] + #"{"@type":"x/huying.sample.v1.Report","tags":["a"]}"#.utf8, [13] + "-0.0".utf8, [9] + #""aB,c.dE""#.utf8,
  ]
  let words: [[UInt8]] = [
    "{", "}", "[", "]", ",", ":", "\"", "\\", "null", "true", "false", "-", "e", ".", "1e400", "-0", "\\ud83d",
    "\\ude42",
    "\\u0000", "\"@type\":\"type.googleapis.com/", "google.protobuf.Any\"", "\"value\":", "NaN", "Infinity", "AQ==",
    "_-8",
    "9223372036854775808", "18446744073709551616", "T24:00:00Z", "+24:00", ".999999999", "\u{e9}", "e\u{301}",
    "\u{feff}",
    "[[[[[[[[[[[[[[[[", "{\"a\":{\"a\":{\"a\":",
  ].map { Array($0.utf8) }

  func run(_ input: [UInt8]) throws(Finding) -> Int {
    guard let first = input.first else { return 0 }
    let type = types.dynamic[types.index(first)]
    var way = Hasher()
    way.combine(types.index(first))
    let value: JSONValue
    do throws(JSONError) { value = try JSONValue(parsing: input.dropFirst()) } catch {
      way.combine(error.text.prefix(20))
      return way.finalize()
    }
    for text in [value.compact, value.pretty] where (try? JSONValue(parsing: text)) != value {
      throw Finding("printed as \(text)")
    }
    try message(value, type, &way)
    return way.finalize()
  }

  private func message(_ value: JSONValue, _ type: MessageType, _ way: inout Hasher) throws(Finding) {
    let json = ProtoJSON(pool: types.pool)
    let message: DynamicMessage
    do throws(ProtoJSONError) { message = try json.message(value, as: type) } catch {
      way.combine(error.text.prefix(24))
      way.combine(error.path.utf8.count / 8)
      return
    }
    let bytes = message.encoded()
    do {
      let again = try DynamicMessage(decoding: bytes, as: type)
      let text = try json.text(again)
      guard try json.message(text.utf8, as: type).encoded() == bytes else {
        throw Finding("\(text) is another message")
      }
      way.combine(bytes.count.bitWidth - bytes.count.leadingZeroBitCount)
    } catch let finding as Finding {
      throw finding
    } catch {
      throw Finding("what was read cannot be printed and read: \(error)")
    }
  }
}
