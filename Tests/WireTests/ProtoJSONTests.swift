import SampleContract
import Testing
import Wire
import WireTypes

struct ProtoJSONTests {
  let pool: DescriptorPool
  let everything: MessageType
  var json: ProtoJSON { ProtoJSON(pool: pool) }

  init() throws {
    pool = try DescriptorPool(files: SampleV1.fileDescriptors)
    everything = try #require(pool.message(named: "huying.sample.v1.Everything"))
  }

  @Test func `another implementation's JSON is read as the same message`() throws {
    for (text, golden, name) in [
      (Golden.everythingJSON, Golden.everything, "Everything"), (Golden.treeJSON, Golden.tree, "Tree"),
      (Golden.wordsJSON, Golden.words, "Words"), (Golden.chosenTextJSON, Golden.chosenText, "Everything"),
    ] {
      let type = try #require(pool.message(named: "huying.sample.v1." + name))
      #expect(try json.message(text.utf8, as: type).encoded() == bytes(golden))
    }
  }

  @Test func `what is printed is read back, in both spellings`() throws {
    let message = try DynamicMessage(decoding: bytes(Golden.everything), as: everything)
    var printer = json
    #expect(try printer.message(printer.text(message).utf8, as: everything) == message)
    printer.usesProtoNames = true
    let text = try printer.text(message, pretty: true)
    #expect(text.contains("\n  \"a_string\": "))
    #expect(try printer.message(text.utf8, as: everything) == message)
  }

  @Test(arguments: [
    (#"{"anInt64":"9007199254740993"}"#, #"{"anInt64":"9007199254740993"}"#),
    (#"{"anInt64":9007199254740993}"#, #"{"anInt64":"9007199254740993"}"#),
    (#"{"an_int32":1e2,"a_bool":true}"#, #"{"anInt32":100,"aBool":true}"#),
    (
      #"{"warmth":2,"warmths":["WARMTH_COLD",-1,9]}"#,
      #"{"warmth":"WARMTH_HOT","warmths":["WARMTH_COLD","WARMTH_FROZEN",9]}"#
    ),
    (#"{"aDouble":"Infinity","aFloat":0.1}"#, #"{"aDouble":"Infinity","aFloat":0.1}"#),
    (#"{"someBytes":"-_8"}"#, #"{"someBytes":"+/8="}"#),
    (#"{"someBytes":"+/8="}"#, #"{"someBytes":"+/8="}"#),
    (#"{"aString":null,"inner":null,"texts":null,"wrappedNumber":null}"#, "{}"),
    (#"{"aString":"","anInt32":0,"warmth":"WARMTH_UNSPECIFIED","texts":[]}"#, "{}"),
    (#"{"maybeText":"","maybeNumber":0}"#, #"{"maybeNumber":0,"maybeText":""}"#),
    (#"{"byNumber":{"7":{}},"byFlag":{"true":"AQ=="}}"#, #"{"byNumber":{"7":{}},"byFlag":{"true":"AQ=="}}"#),
    (#"{"occurTime":"2026-01-02T11:04:05.5+08:00"}"#, #"{"occurTime":"2026-01-02T03:04:05.500Z"}"#),
    (#"{"occurTime":"1969-12-31T23:59:59.000000001Z"}"#, #"{"occurTime":"1969-12-31T23:59:59.000000001Z"}"#),
    (#"{"waitDuration":"-0.000001s"}"#, #"{"waitDuration":"-0.000001s"}"#),
    (#"{"mask":"aString,inner.name"}"#, #"{"mask":"aString,inner.name"}"#),
    (#"{"value":null,"list":[],"extra":{}}"#, #"{"extra":{},"value":null,"list":[]}"#),
    (#"{"value":{"a":[1,"b",null]}}"#, #"{"value":{"a":[1,"b",null]}}"#),
    (
      #"{"any":{"@type":"type.googleapis.com/google.protobuf.Duration","value":"2s"}}"#,
      #"{"any":{"@type":"type.googleapis.com/google.protobuf.Duration","value":"2s"}}"#
    ),
    (#"{"aString":"\u753a\ud83d\ude42\n\"/"}"#, #"{"aString":"町🙂\n\"/"}"#),
  ])
  func `the rules of proto3 JSON`(input: String, output: String) throws {
    let message = try json.message(input.utf8, as: everything)
    #expect(try json.text(try DynamicMessage(decoding: message.encoded(), as: everything)) == output)
  }

  @Test(arguments: [
    (#"{"nobody":1}"#, "nobody"), (#"{"inners":[{},{"amount":"x"}]}"#, "inners[1].amount"),
    (#"{"anInt32":2147483648}"#, "anInt32"), (#"{"anInt32":1.5}"#, "anInt32"), (#"{"a_uint32":-1}"#, "a_uint32"),
    (#"{"aBool":"true"}"#, "aBool"), (#"{"aString":1}"#, "aString"), (#"{"someBytes":"*"}"#, "someBytes"),
    (#"{"warmth":"WARMTH_LUKEWARM"}"#, "warmth"), (#"{"chosenText":"a","chosenNumber":"1"}"#, "chosenNumber"),
    (#"{"aString":"a","a_string":"b"}"#, "a_string"), (#"{"texts":["a",null]}"#, "texts[1]"),
    (#"{"any":{"@type":"type.googleapis.com/google.protobuf.Int64Value","value":"0","more":1}}"#, "any.more"),
    (#"{"any":{"@type":"type.googleapis.com/google.protobuf.Int64Value"}}"#, "any.value"),
    (#"{"occurTime":"0001-01-01T00:00:00.5.5Z"}"#, "occurTime"), (#"{"occurTime":"yesterday"}"#, "occurTime"),
    (#"{"waitDuration":"1"}"#, "waitDuration"),
    (#"{"aDouble":"nan"}"#, "aDouble"), (#"{"aDouble":1e999}"#, "aDouble"),
    (#"{"byFlag":{"yes":""}}"#, #"byFlag["yes"]"#),
    (#"{"any":{"@type":"type.googleapis.com/no.Such"}}"#, "any.@type"), (#"{"aString":"\u0000"}"#, "aString"),
    ("[]", ""),
  ])
  func `what does not fit is refused with its path`(input: String, path: String) {
    let error = #expect(throws: ProtoJSONError.self) { try json.message(input.utf8, as: everything) }
    #expect(error?.path == path)
  }

  @Test(arguments: [
    "", "{", "{]", "[1,]", "{\"a\":1,}", "01", "1.", ".5", "+1", "nul", "\"\\x\"", "\"\\ud800\"", "\"\n\"", "1 2",
    "{\"a\":1,\"a\":2}", "'a'", "\"", "-", "1e",
  ])
  func `text that is not JSON is refused`(text: String) {
    #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
  }

  @Test func `deep JSON ends before the stack does`() {
    #expect(throws: JSONError.self) { try JSONValue(parsing: String(repeating: "[", count: 100_000)) }
  }

  @Test func `defaults are printed when asked for`() throws {
    var printer = json
    printer.printsDefaults = true
    let type = try #require(pool.message(named: "huying.sample.v1.OldEverything"))
    #expect(try printer.text(DynamicMessage(type)) == #"{"anInt32":0,"aString":""}"#)
  }

  @Test func `a template can be read as the message it is a template of`() throws {
    let text = json.template(of: everything).compact
    #expect(text.contains(#""occurTime":"2026-01-02T03:04:05Z""#))
    let words = try #require(pool.message(named: "huying.sample.v1.Words"))
    #expect(throws: Never.self) { try json.message(json.template(of: words).compact.utf8, as: words) }
  }
}
