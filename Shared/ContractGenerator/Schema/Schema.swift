/// All proto files of one run, with what the generator needs to know of them.
struct Schema {
  /// In the order of protoc: imported files before those that import them.
  var files: [ProtoFile] = []

  /// Every message, nested ones too, by full name.
  private(set) var messages: [String: ProtoMessage] = [:]
  /// Every enum, nested ones too, by full name.
  private(set) var enums: [String: ProtoEnum] = [:]

  init(files: [ProtoFile]) {
    self.files = files
    for file in files {
      for message in file.allMessages { messages[message.fullName] = message }
      for enumeration in file.allEnums { enums[enumeration.fullName] = enumeration }
    }
  }

  /// Packages in the order of their first file.
  var packages: [String] {
    var seen: Set<String> = []
    return files.map(\.package).filter { seen.insert($0).inserted }
  }

  /// The file of that path.
  func file(named name: String) -> ProtoFile? { files.first { $0.name == name } }
}

/// One proto file.
struct ProtoFile {
  var name: String
  var package: String
  var imports: [String]
  /// Scalars of proto2 files know whether they are present.
  var isProto2: Bool
  var messages: [ProtoMessage]
  var enums: [ProtoEnum]
  var services: [ProtoService]
  /// The FileDescriptorProto without comments, encoded.
  var descriptor: [UInt8]

  /// Top-level and nested messages, outer ones first.
  var allMessages: [ProtoMessage] { messages.flatMap(\.selfAndNested) }

  /// Top-level and nested enums.
  var allEnums: [ProtoEnum] { enums + allMessages.flatMap(\.enums) }

  /// `case_service` of `huying/dispute/v1/case_service.proto`.
  var stem: String { String(name.split(separator: "/").last!.dropLast(".proto".count)) }

  /// `huying/dispute/v1`.
  var directory: String { name.split(separator: "/").dropLast().joined(separator: "/") }
}

/// One message.
struct ProtoMessage {
  var name: String
  /// Without a leading dot.
  var fullName: String
  var package: String
  var comment: String
  var fields: [ProtoField]
  /// Real oneofs; the synthetic ones of proto3 `optional` are not among them.
  var oneofs: [ProtoOneof]
  var messages: [ProtoMessage]
  var enums: [ProtoEnum]
  var isMapEntry: Bool

  var selfAndNested: [ProtoMessage] { [self] + messages.flatMap(\.selfAndNested) }
}

/// One field.
struct ProtoField {
  /// How a field knows that it has a value.
  enum Presence: Equatable {
    /// It does not: the default value means nothing.
    case implicit
    /// A message: the pointer.
    case pointer
    /// proto3 `optional`: the case of a oneof of its own, of this name.
    case syntheticOneof(String)
    /// proto2 `optional`: a `has_` member.
    case flag
    /// A member of the message's oneof of that index.
    case oneof(Int)
    /// Repeated and map fields.
    case repeated
  }

  var name: String
  var number: Int32
  var type: ProtoType
  var presence: Presence
  var comment: String
  var isRepeated: Bool { presence == .repeated }
}

/// What a field holds.
enum ProtoType: Equatable {
  case double, float, int64, uint64, int32, fixed64, fixed32, bool, string, bytes, uint32
  case sfixed32, sfixed64, sint32, sint64
  /// Full names, without a leading dot.
  case message(String)
  case enumeration(String)
}

/// One oneof.
struct ProtoOneof {
  var name: String
  var comment: String
  /// Its index among all oneofs of the message, synthetic ones counted.
  var index: Int
}

/// One enum.
struct ProtoEnum {
  var name: String
  var fullName: String
  var package: String
  var comment: String
  var values: [ProtoEnumValue]
}

/// One value of an enum.
struct ProtoEnumValue {
  var name: String
  var number: Int32
  var comment: String
}

/// One service.
struct ProtoService {
  var name: String
  var fullName: String
  var comment: String
  var methods: [ProtoMethod]
}

/// One RPC.
struct ProtoMethod {
  var name: String
  /// Full names, without a leading dot.
  var request: String
  var response: String
  var clientStreaming: Bool
  var serverStreaming: Bool
  var comment: String
  /// `(huying.common.v1.access)`, if it is there.
  var access: ProtoAccess?
}

/// `huying.common.v1.AccessRule` as it stands in a method's options.
struct ProtoAccess: Equatable {
  var roles: [String] = []
  var everyRole = false
  var open = false
}
