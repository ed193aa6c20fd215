import Testing

@testable import ContractGeneratorMain

struct LintTests {
  @Test func `a contract that keeps every rule has no problems`() {
    #expect(Lint.problems(of: Schema(files: [contract()])).isEmpty)
  }

  @Test func `public contracts are exempt`() {
    var file = contract()
    file.package = "google.rpc"
    file.services[0].methods[0].access = nil
    #expect(Lint.problems(of: Schema(files: [file])).isEmpty)
  }

  @Test func `the directory is the package and ends in a version`() {
    #expect(rules { $0.name = "huying/tea/v1/kettle_service.proto" } == ["package-is-directory"])
    #expect(rules { $0.package = "huying.kettle" }.contains("package-is-directory"))
  }

  @Test func `a service is called Service and has a file of its own`() {
    #expect(rules { $0.services[0].name = "Kettle" }.contains("service-name"))
    #expect(rules { $0.name = "huying/kettle/v1/other.proto" } == ["one-service-per-file"])
    #expect(rules { $0.services.append($0.services[0]) }.contains("one-service-per-file"))
  }

  @Test func `every RPC has its own request and response`() {
    #expect(rules { $0.services[0].methods[0].request = "google.protobuf.Empty" } == ["own-request-and-response"])
    #expect(rules { $0.services[0].methods[0].response = "huying.kettle.v1.Kettle" } == ["own-request-and-response"])
  }

  @Test func `the request id of a write is field 1`() {
    #expect(rules { $0.messages[0].fields[0].number = 2 } == ["request-id-first"])
    #expect(rules { $0.messages[0].fields.removeFirst() } == ["request-id-first"])
  }

  @Test func `enum values carry the name of their enum and begin with UNSPECIFIED`() {
    #expect(rules { $0.enums[0].values[0].name = "STATE_NONE" } == ["enum-values"])
    #expect(rules { $0.enums[0].values[1].name = "BOILING" } == ["enum-values"])
  }

  @Test func `services and RPCs say what they are`() {
    #expect(rules { $0.services[0].comment = "" } == ["comments"])
    #expect(rules { $0.services[0].methods[0].comment = "" } == ["comments"])
  }

  @Test func `messages away from a service say what they are, payloads of an event stream need not`() {
    let payload = message("Boiled", [])
    let stream = message(
      "KettleEvent",
      [
        ProtoField(
          name: "boiled", number: 1, type: .message("huying.kettle.v1.Boiled"), presence: .oneof(0), comment: "")
      ])
    #expect(
      rules {
        $0.services = []
        $0.messages = [stream, payload]
      } == ["comments"])
  }

  @Test func `every RPC says who may call it, in roles that exist`() {
    #expect(rules { $0.services[0].methods[0].access = nil } == ["access"])
    #expect(rules { $0.services[0].methods[0].access?.roles = ["TEA_MASTER"] } == ["access"])
    #expect(rules { $0.services[0].methods[0].access = ProtoAccess() } == ["access"])
  }

  @Test func `an instant ends in _time and a length of time in _duration`() {
    #expect(rules { $0.messages[0].fields[1].name = "boiled_at" } == ["time-names"])
    #expect(rules { $0.messages[0].fields[1].type = .message("google.protobuf.Duration") } == ["time-names"])
  }

  @Test(arguments: ["id", "type", "status", "init", "unknown_fields", "kettleName"])
  func `a field has a name of its own`(name: String) {
    #expect(rules { $0.messages[0].fields[2].name = name } == ["plain-names"])
  }

  /// The names of the rules that the changed contract breaks.
  private func rules(_ change: (inout ProtoFile) -> Void) -> [String] {
    var file = contract()
    change(&file)
    return Lint.problems(of: Schema(files: [file])).map { String($0.text.split(separator: "(").last!.dropLast()) }
  }

  private func contract() -> ProtoFile {
    let request = message(
      "BoilWaterRequest",
      [
        field("request_id", 1, .string),
        field("start_time", 2, .message("google.protobuf.Timestamp")),
        field("kettle_name", 3, .string),
        field("expected_version", 4, .uint64),
      ])
    let method = ProtoMethod(
      name: "BoilWater", request: "huying.kettle.v1.BoilWaterRequest", response: "huying.kettle.v1.BoilWaterResponse",
      clientStreaming: false, serverStreaming: false, comment: "From COLD to HOT.",
      access: ProtoAccess(roles: ["GRID_MEMBER"]))
    return ProtoFile(
      name: "huying/kettle/v1/kettle_service.proto", package: "huying.kettle.v1", imports: [], isProto2: false,
      messages: [request, message("BoilWaterResponse", [])],
      enums: [
        ProtoEnum(
          name: "State", fullName: "huying.kettle.v1.State", package: "huying.kettle.v1", comment: "",
          values: [
            ProtoEnumValue(name: "STATE_UNSPECIFIED", number: 0, comment: ""),
            ProtoEnumValue(name: "STATE_HOT", number: 1, comment: ""),
          ])
      ],
      services: [
        ProtoService(
          name: "KettleService", fullName: "huying.kettle.v1.KettleService", comment: "Kettles.", methods: [method])
      ],
      descriptor: [])
  }

  private func message(_ name: String, _ fields: [ProtoField]) -> ProtoMessage {
    ProtoMessage(
      name: name, fullName: "huying.kettle.v1.\(name)", package: "huying.kettle.v1", comment: "", fields: fields,
      oneofs: [], messages: [], enums: [], isMapEntry: false)
  }

  private func field(_ name: String, _ number: Int32, _ type: ProtoType) -> ProtoField {
    ProtoField(name: name, number: number, type: type, presence: .implicit, comment: "")
  }
}
