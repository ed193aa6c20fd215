import Testing

@testable import ContractGeneratorMain

struct NameTests {
  @Test(arguments: [
    ("case_id", "caseID"), ("org_ids", "orgIDs"), ("id_list", "idList"), ("page_url", "pageURL"),
    ("JSONName", "JSONName"),
    ("due_time", "dueTime"), ("k01_value", "k01Value"),
  ])
  func `a field's name in Swift`(proto: String, swift: String) {
    #expect(SwiftNames.lowerCamel(proto) == swift)
  }

  @Test(arguments: [
    ("STATE_REPORTED", "State", "reported"), ("STATE_AWAITING_CALL", "State", "awaitingCall"),
    ("STATE_DEFAULT", "State", "`default`"), ("OTHER", "State", "other"), ("NETWORK_2G", "Network", "network2g"),
    ("TIME_BUDGET_NONE", "TimeBudget", "none"),
  ])
  func `an enum value's name in Swift`(proto: String, enumeration: String, swift: String) {
    #expect(SwiftNames.enumCase(proto, in: enumeration) == swift)
  }

  @Test func `names in C are those of protoc-c`() {
    #expect(CNames.type("huying.dispute.v1.Case.State") == "Huying__Dispute__V1__Case__State")
    #expect(
      CNames.function("grpc.reflection.v1alpha.ListServiceResponse")
        == "grpc__reflection__v1alpha__list_service_response")
    #expect(CNames.field("default") == "default_")
    #expect(CNames.field("base") == "base_")
    #expect(CNames.oneofCase("_maybe_text") == "_maybe_text_case")
  }

  @Test(arguments: [
    ("huying.grid_registry.v1", "GridRegistryContract", "GridRegistryV1"),
    ("grpc.reflection.v1alpha", "ReflectionContract", "ReflectionV1Alpha"),
    ("google.protobuf", "WireTypes", "GoogleProtobuf"), ("google.rpc", "WireTypes", "GoogleRPC"),
  ])
  func `where a package goes`(package: String, module: String, namespace: String) {
    #expect(Module(package: package)?.swiftName == module)
    #expect(Module.namespace(of: package) == namespace)
  }

  @Test func `a package of nobody's goes nowhere`() { #expect(Module(package: "acme.v1") == nil) }
}
