// swift-tools-version: 6.1
import PackageDescription

// The house, bottom to top. Imports point strictly down (docs/architecture.md); the compiler holds the walls:
// `--explicit-target-dependency-import-check error` refuses an import that is not declared here.

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// What every call passes through: a release build of it leaves out the checks for overlapping accesses, a tenth of a small call.
/// Debug builds, and so all tests, keep them.
let hotSettings = settings + [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]

// MARK: - L0 ground

let ground: [Target] = [
  .systemLibrary(name: "CSQLite", path: "Shared/CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
  .systemLibrary(
    name: "CProtobufC", path: "Shared/CProtobufC", pkgConfig: "libprotobuf-c",
    providers: [.apt(["libprotobuf-c-dev"])]),
  .systemLibrary(
    name: "CNGHTTP2", path: "Shared/CNGHTTP2", pkgConfig: "libnghttp2", providers: [.apt(["libnghttp2-dev"])]),
  .systemLibrary(name: "CClock", path: "Shared/CClock"),
  .systemLibrary(name: "CZlib", path: "Shared/CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
  shared("Kernel", []),
]

// MARK: - L1 mechanisms · L2 journal, RPC · L4 fittings

let mechanisms: [Target] = [
  shared("Lifecycle", ["Kernel"]),
  shared("WorkClock", ["Kernel"]),
  shared("Access", ["Kernel"]),
  shared("TextSearch", ["Kernel"]),
  shared("Persistence", ["Kernel", "CSQLite"]),
  shared("Wire", ["Kernel", "CProtobufC"]),
  cContract("CWireTypes", path: "Shared/WireTypes/C", []),
  .target(
    name: "WireTypes", dependencies: ["Kernel", "Wire", "CWireTypes", "CProtobufC"], path: "Shared/WireTypes/Swift",
    swiftSettings: settings),
  shared("HTTP2", ["Kernel", "CNGHTTP2"]),
  shared(
    "RPC", ["Kernel", "Wire", "WireTypes", "HTTP2", "CZlib"],
    [
      nio("NIOCore"), nio("NIOPosix"), nio("NIOConcurrencyHelpers"), nio("NIOTLS"), product("NIOSSL", "swift-nio-ssl"),
      product("DequeModule", "swift-collections"), product("X509", "swift-certificates"),
      product("SwiftASN1", "swift-asn1"), product("Crypto", "swift-crypto"),
    ]),
  shared("Journal", ["Kernel", "Access", "Persistence"]),
]

let fittings: [Target] = [
  shared(
    "Feed",
    ["Kernel", "Access", "Wire", "WireTypes", "RPC", "Persistence", "Journal", "CommonContract", "FeedContract"]),
  shared(
    "Backup", ["Kernel", "Wire", "WireTypes", "Persistence", "Journal", "BackupContract"],
    [product("Crypto", "swift-crypto")]),
  shared(
    "Runtime",
    [
      "Kernel", "Access", "Wire", "WireTypes", "RPC", "Persistence", "Journal", "HealthContract", "ReflectionContract",
      "CommonContract", "TimeContract", "BackupContract", "CProtobufC",
    ],
    [
      nio("NIOCore"), nio("NIOPosix"), nio("NIOHTTP1"), product("Logging", "swift-log"),
      product("CoreMetrics", "swift-metrics"), product("Metrics", "swift-metrics"),
      product("ServiceLifecycle", "swift-service-lifecycle"), product("ArgumentParser", "swift-argument-parser"),
      product("Crypto", "swift-crypto"),
    ]),
]

// MARK: - L3 contracts: one pair of targets (C and Swift) per proto package

let contracts: [Target] =
  contract("Common", [])
  + contract("Feed", ["Common"])
  + contract("Time", ["Common"])
  + contract("Backup", ["Common"])
  + contract("Health", [])
  + contract("Reflection", [])
  + contract("GridRegistry", ["Common", "Feed"])
  + contract("Dispute", ["Common", "Feed"])
  + contract("ResponsibilityList", ["Common", "Feed"])
  + contract("Dispatch", ["Common", "Feed"])
  + contract("PerformanceEvaluation", ["Common", "Feed"])
  + contract("Gateway", ["Common", "Feed"])
  + contract("CareVisit", ["Common"])

let serviceNames = ["GridRegistry", "Dispute", "ResponsibilityList", "Dispatch", "PerformanceEvaluation"]

// MARK: - The package

let package = Package(
  name: "huying",
  products: [
    .executable(name: "grid-registry", targets: ["GridRegistryMain"]),
    .executable(name: "dispute", targets: ["DisputeMain"]),
    .executable(name: "responsibility-list", targets: ["ResponsibilityListMain"]),
    .executable(name: "dispatch", targets: ["DispatchMain"]),
    .executable(name: "performance-evaluation", targets: ["PerformanceEvaluationMain"]),
    .executable(name: "gateway", targets: ["GatewayMain"]),
    .executable(name: "huying", targets: ["HuyingMain"]),
    .executable(name: "huying-all-in-one", targets: ["AllInOneMain"]),
    .executable(name: "contractgen", targets: ["ContractGeneratorMain"]),
    .executable(name: "benchmarks", targets: ["BenchmarksMain"]),
    .executable(name: "echo-server", targets: ["EchoServerMain"]),
    .executable(name: "c-nghttp2-echo", targets: ["CNGHTTP2EchoMain"]),
    .executable(name: "message-benchmark", targets: ["MessageBenchmarkMain"]),
    .executable(name: "fuzz", targets: ["FuzzMain"]),
    .executable(name: "interop-server", targets: ["InteropServerMain"]),
    .executable(name: "interop-client", targets: ["InteropClientMain"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.0"),
    .package(url: "https://github.com/apple/swift-certificates.git", from: "1.21.0"),
    .package(url: "https://github.com/apple/swift-asn1.git", from: "1.0.0"),
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift.git", from: "0.2.0"),
    .package(url: "https://github.com/apple/swift-log.git", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-metrics.git", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-collections.git", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.0"),
    .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    .package(url: "https://github.com/vapor/jwt-kit.git", from: "5.7.0"),
  ],
  targets: ground + mechanisms + contracts + fittings
    + serviceNames.flatMap { service($0) } + careVisits
    + [
      .executableTarget(
        name: "ContractGeneratorMain", dependencies: ["Access", "Wire", "CProtobufC", "CWireTypes"],
        path: "Shared/ContractGenerator", swiftSettings: settings),
      .target(
        name: "GatewayService",
        dependencies: ["Kernel", "Access", "Wire", "WireTypes", "RPC", "Persistence", "Journal", "Runtime", "Backup"]
          .map {
            .target(name: $0)
          }
          + allContracts + [careVisitContract]
          + [
            nio("NIOCore"), product("Logging", "swift-log"), product("JWTKit", "jwt-kit"),
            product("Crypto", "swift-crypto"),
          ],
        path: "Services/Gateway", exclude: ["README.md", "Main"],
        resources: [.embedInCode("Migrations")], swiftSettings: settings),
      main("Gateway", ["GatewayService"], path: "Services/Gateway/Main"),
      .target(
        name: "HuyingCLI",
        dependencies: [
          "Kernel", "Access", "TextSearch", "Wire", "WireTypes", "RPC", "Persistence", "Runtime", "Backup", "CClock",
        ].map { .target(name: $0) }
          + allContracts + [careVisitContract]
          + [
            product("ArgumentParser", "swift-argument-parser"), product("JWTKit", "jwt-kit"),
            product("Crypto", "swift-crypto"), product("X509", "swift-certificates"),
            product("SwiftASN1", "swift-asn1"),
            product("Histogram", "hdrhistogram-swift"), nio("NIOCore"), nio("NIOPosix"),
            product("NIOSSL", "swift-nio-ssl"),
          ],
        path: "Services/CLI", exclude: ["README.md", "Main"],
        resources: [.embedInCode("Demo"), .embedInCode("Init/Files")], swiftSettings: settings),
      .executableTarget(
        name: "HuyingMain", dependencies: ["HuyingCLI"], path: "Services/CLI/Main", swiftSettings: settings),
      .executableTarget(
        name: "AllInOneMain",
        dependencies: (["HuyingCLI", "Runtime", "GatewayService", "GridRegistryProgram"]
          + serviceNames.dropFirst().map { "\($0)Service" }).map {
            .target(name: $0)
          },
        path: "Services/AllInOne", exclude: ["README.md"], swiftSettings: settings),
    ]
    + benchmarks + interop + tests,
  swiftLanguageModes: [.v6]
)

// MARK: - Tests

/// What `make bench` runs: the harness, and the C loop that it compares with and loads by.
var benchmarks: [Target] {
  [
    .executableTarget(
      name: "BenchmarksMain",
      dependencies: [
        "Kernel", "Access", "Wire", "WireTypes", "RPC", "Persistence", "Journal", "Runtime",
        "CommonContract", "FeedContract", "DisputeContract", "DisputeService", "GridRegistryContract",
        "GridRegistryService", "ResponsibilityListContract",
        "ResponsibilityListService", "TestSupport",
      ].map { .target(name: $0) } + [
        product("ArgumentParser", "swift-argument-parser"), product("JWTKit", "jwt-kit"),
        product("Crypto", "swift-crypto"), product("Logging", "swift-log"),
      ],
      path: "Tests/Benchmarks", exclude: ["CLoop", "EchoServer", "Messages", "Peers"], swiftSettings: settings),
    .executableTarget(
      name: "EchoServerMain", dependencies: ["RPC", "WireTypes"].map { .target(name: $0) },
      path: "Tests/Benchmarks/EchoServer", swiftSettings: settings),
    .executableTarget(
      name: "MessageBenchmarkMain", dependencies: ["Wire", "WireTypes", "SampleContract"],
      path: "Tests/Benchmarks/Messages", swiftSettings: settings),
    .executableTarget(name: "CNGHTTP2EchoMain", dependencies: ["CNGHTTP2"], path: "Tests/Benchmarks/CLoop"),
  ]
}

/// The published interoperability server and client of gRPC, for `make interop`.
var interop: [Target] {
  [
    .executableTarget(
      name: "InteropServerMain",
      dependencies: [
        "Kernel", "Wire", "RPC", "Runtime", "GRPCTestingContract", "HealthContract", "ReflectionContract",
      ].map { .target(name: $0) } + [
        product("ArgumentParser", "swift-argument-parser"), product("UnixSignals", "swift-service-lifecycle"),
      ],
      path: "Tests/InteropTests/Server", swiftSettings: settings),
    .executableTarget(
      name: "InteropClientMain",
      dependencies: ["Wire", "RPC", "GRPCTestingContract"].map { .target(name: $0) } + [
        product("ArgumentParser", "swift-argument-parser")
      ],
      path: "Tests/InteropTests/Client", swiftSettings: settings),
  ]
}

var tests: [Target] {
  [
    .target(
      name: "TestSupport",
      dependencies: [
        "Kernel", "Access", "Wire", "WireTypes", "RPC", "Persistence", "Journal", "Feed", "Runtime", "HealthContract",
        "TimeContract",
      ].map { .target(name: $0) } + [
        product("Crypto", "swift-crypto"), product("Logging", "swift-log"), nio("NIOCore"), nio("NIOPosix"),
        product("X509", "swift-certificates"), product("SwiftASN1", "swift-asn1"),
        product("NIOSSL", "swift-nio-ssl"),
      ],
      path: "Tests/Support", swiftSettings: settings)
  ]
    + contract("Sample", [], under: "Tests/Contracts")
    + contract("GRPCTesting", [], under: "Tests/Contracts")
    + testTargets([
      "Kernel": [], "Lifecycle": ["Kernel"], "WorkClock": ["Kernel"], "Access": ["Kernel"], "TextSearch": ["Kernel"],
      "Persistence": ["Kernel"], "Journal": ["Kernel", "Access", "Persistence"],
      "Wire": ["WireTypes", "CommonContract", "SampleContract"], "HTTP2": ["CNGHTTP2", "TestSupport"],
      "RPC": ["Kernel", "HTTP2", "Wire", "WireTypes", "HealthContract", "TestSupport"],
      "Feed": [
        "Kernel", "Access", "Persistence", "Journal", "Wire", "WireTypes", "RPC", "CommonContract", "FeedContract",
      ],
      "Runtime": [
        "Kernel", "Access", "Wire", "WireTypes", "RPC", "Persistence", "Journal", "HealthContract",
        "ReflectionContract", "CommonContract", "TimeContract", "BackupContract", "TestSupport",
      ],
      "Backup": ["Kernel", "Access", "Persistence", "Journal", "Feed", "Runtime", "BackupContract", "TestSupport"],
      "ContractGenerator": ["Wire", "WireTypes", "CommonContract", "DisputeContract"],
    ])
    + serviceNames.map { name in
      .testTarget(
        name: "\(name)Tests",
        dependencies: [
          "Kernel", "Lifecycle", "WorkClock", "Access", "TextSearch", "Persistence", "Journal", "Feed", "RPC",
          "Runtime", "Wire", "WireTypes", "TestSupport", "CommonContract", "FeedContract", "\(name)Domain",
          "\(name)Store", "\(name)Contract", "\(name)Service",
        ].map { .target(name: $0) }, path: "Tests/\(name)Tests",
        exclude: ["ResponsibilityList": ["questions.jsonl", "questions-unseen.jsonl"], "Dispute": ["Complaints"]][name]
          ?? [],
        swiftSettings: settings)
    }
    + [
      .testTarget(
        name: "CareVisitTests",
        dependencies: [
          "Kernel", "Lifecycle", "WorkClock", "Access", "Persistence", "Journal", "RPC", "Runtime", "Wire", "WireTypes",
          "TestSupport", "CommonContract", "CareVisitContract", "CareVisitDomain", "CareVisitStore", "CareVisitService",
        ].map { .target(name: $0) } + [product("Crypto", "swift-crypto"), product("Logging", "swift-log")],
        path: "Tests/CareVisitTests", swiftSettings: settings),
      .testTarget(
        name: "ContractTests",
        dependencies: ["Wire", "WireTypes", "TestSupport"].map { .target(name: $0) } + allContracts
          + ["Backup", "CareVisit", "Sample", "GRPCTesting"].map { .target(name: "\($0)Contract") },
        path: "Tests/ContractTests", exclude: ["golden.txt", "python"], swiftSettings: settings),
      .executableTarget(
        name: "FuzzMain",
        dependencies: ["Kernel", "HTTP2", "Wire", "WireTypes", "RPC", "SampleContract"].map { .target(name: $0) },
        path: "Tests/Fuzz", exclude: ["corpus"], swiftSettings: settings),
      .testTarget(
        name: "FuzzTests", dependencies: ["FuzzMain"], path: "Tests/FuzzTests", swiftSettings: settings),
      .testTarget(
        name: "GatewayTests",
        dependencies: [
          "Kernel", "Access", "Wire", "WireTypes", "RPC", "Persistence", "Journal", "Feed", "Runtime", "TestSupport",
          "GatewayService",
        ].map { .target(name: $0) } + allContracts + [product("JWTKit", "jwt-kit"), product("Logging", "swift-log")],
        path: "Tests/GatewayTests", swiftSettings: settings),
      .testTarget(
        name: "HuyingTests",
        dependencies: [
          "HuyingCLI", "Access", "Kernel", "RPC", "Runtime", "Wire", "WireTypes", "CommonContract", "DisputeContract",
          "GatewayContract", "GridRegistryContract",
          "PerformanceEvaluationContract", "ReflectionContract", "SampleContract", "TestSupport",
        ].map { .target(name: $0) } + [
          product("JWTKit", "jwt-kit"), product("ArgumentParser", "swift-argument-parser"),
          product("X509", "swift-certificates"),
        ],
        path: "Tests/HuyingTests", swiftSettings: settings
      ),
      .testTarget(
        name: "ScenarioTests",
        dependencies: [
          "Kernel", "WorkClock", "Access", "Wire", "WireTypes", "RPC", "CSQLite", "Persistence", "Journal", "Runtime",
          "TestSupport", "HuyingCLI", "Feed", "GatewayService",
        ].map { .target(name: $0) } + allContracts + [careVisitContract]
          // Whose journals are replayed after every scenario.
          + serviceNames.flatMap { name in
            ["Domain", "Store", "Service"].map { .target(name: name + $0) }
          }, path: "Tests/ScenarioTests", swiftSettings: settings),
      .testTarget(
        name: "InteropTests",
        dependencies: ["Access", "Runtime", "TestSupport", "InteropServerMain", "InteropClientMain"].map {
          .target(name: $0)
        },
        path: "Tests/InteropTests", exclude: ["README.md", "python", "proto", "Server", "Client"],
        swiftSettings: settings),
    ]
}

/// A test target per Shared target, with what its tests import besides it.
func testTargets(_ table: [String: [String]]) -> [Target] {
  table.sorted { $0.key < $1.key }.map { name, extra in
    let tested = name == "ContractGenerator" ? "ContractGeneratorMain" : name
    return .testTarget(
      name: "\(name)Tests",
      dependencies: ([tested] + extra).map { .target(name: $0) }
        + (["RPC", "HTTP2"].contains(name) ? [nio("NIOCore"), nio("NIOPosix"), nio("NIOEmbedded")] : [])
        + (name == "RPC" ? [nio("NIOTLS"), product("NIOSSL", "swift-nio-ssl")] : [])
        + (name == "Backup" ? [product("Crypto", "swift-crypto")] : [])
        + (name == "Runtime"
          ? [
            product("Crypto", "swift-crypto"), product("CoreMetrics", "swift-metrics"),
            product("ArgumentParser", "swift-argument-parser"), product("Logging", "swift-log"),
            product("ServiceLifecycle", "swift-service-lifecycle"),
            product("ServiceLifecycleTestKit", "swift-service-lifecycle"),
          ] : []),
      path: "Tests/\(name)Tests", swiftSettings: settings)
  }
}

// MARK: - How a target is declared

var allContracts: [Target.Dependency] {
  ["Common", "Feed", "Time", "Backup", "Health", "Reflection", "Gateway"].map { .target(name: "\($0)Contract") }
    + serviceNames.map { .target(name: "\($0)Contract") }
}

/// The contract of the care-visit register: for who routes it, who tests it, and the register itself (`.ci/check-tree`).
var careVisitContract: Target.Dependency { .target(name: "CareVisitContract") }

/// The care-visit register: decisions, rows and shell of its own, which nobody imports but `GridRegistryProgram`, where it is mounted.
var careVisits: [Target] {
  let domain = ["Kernel", "Lifecycle", "WorkClock", "Access"]
  return [
    .target(
      name: "CareVisitDomain", dependencies: domain.map { .target(name: $0) }, path: "Services/CareVisit/Domain",
      swiftSettings: settings),
    .target(
      name: "CareVisitStore",
      dependencies: (domain + ["Persistence", "Journal", "CareVisitDomain"]).map { .target(name: $0) },
      path: "Services/CareVisit/Store", resources: [.embedInCode("Migrations")], swiftSettings: settings),
    .target(
      name: "CareVisitService",
      dependencies: (domain + [
        "Persistence", "Journal", "Wire", "WireTypes", "RPC", "Runtime", "CommonContract", "CareVisitContract",
        "CareVisitDomain", "CareVisitStore",
      ]).map { .target(name: $0) } + [product("Crypto", "swift-crypto")],
      path: "Services/CareVisit/Service", swiftSettings: settings),
  ]
}

/// A target under `Shared/`.
func shared(_ name: String, _ dependencies: [String], _ products: [Target.Dependency] = []) -> Target {
  .target(
    name: name, dependencies: dependencies.map { .target(name: $0) } + products, path: "Shared/\(name)",
    swiftSettings: ["Wire", "HTTP2", "RPC"].contains(name) ? hotSettings : settings)
}

/// The generated pair of one proto package: protobuf-c's C, and the Swift value types, protocols and clients on it.
func contract(_ name: String, _ imports: [String], under parent: String = "Shared/Contracts") -> [Target] {
  [
    cContract("C\(name)Contract", path: "\(parent)/\(name)/C", ["CWireTypes"] + imports.map { "C\($0)Contract" }),
    .target(
      name: "\(name)Contract",
      dependencies: (["Kernel", "Access", "Wire", "WireTypes", "RPC", "CProtobufC", "CWireTypes", "C\(name)Contract"]
        + imports.flatMap { ["\($0)Contract", "C\($0)Contract"] }).map { .target(name: $0) },
      path: "\(parent)/\(name)/Swift", swiftSettings: settings),
  ]
}

func cContract(_ name: String, path: String, _ imports: [String]) -> Target {
  .target(
    name: name, dependencies: (["CProtobufC"] + imports).map { .target(name: $0) }, path: path,
    publicHeadersPath: "include")
}

/// One service: decisions, rows, shell and process. Who knows one knows all five.
func service(_ name: String) -> [Target] {
  let domain = ["Kernel", "Lifecycle", "WorkClock", "Access", "TextSearch"]
  return [
    .target(
      name: "\(name)Domain", dependencies: domain.map { .target(name: $0) }, path: "Services/\(name)/Domain",
      swiftSettings: settings),
    .target(
      name: "\(name)Store",
      dependencies: (["Kernel", "Lifecycle", "WorkClock", "Access", "Persistence", "Journal", "\(name)Domain"])
        .map { .target(name: $0) },
      path: "Services/\(name)/Store", resources: [.embedInCode("Migrations")], swiftSettings: settings),
    .target(
      name: "\(name)Service",
      dependencies: (domain + [
        "Persistence", "Journal", "Wire", "WireTypes", "RPC", "Feed", "Runtime", "CommonContract", "FeedContract",
        "\(name)Contract", "\(name)Domain", "\(name)Store",
      ]).map { .target(name: $0) },
      path: "Services/\(name)/Service", swiftSettings: settings),
  ] + program(name)
}

/// What the process is made of. In grid-registry's the care-visit register is mounted beside the registry, and nowhere else.
func program(_ name: String) -> [Target] {
  guard name == "GridRegistry" else { return [main(name, ["\(name)Service"], path: "Services/\(name)/Main")] }
  return [
    .target(
      name: "GridRegistryProgram",
      dependencies: [
        "Kernel", "Runtime", "GridRegistryService", "CareVisitDomain", "CareVisitService",
      ].map { .target(name: $0) },
      path: "Services/GridRegistry/Program", swiftSettings: settings),
    main(name, ["GridRegistryProgram"], path: "Services/GridRegistry/Main"),
  ]
}

func main(_ name: String, _ dependencies: [String], path: String) -> Target {
  .executableTarget(
    name: "\(name)Main", dependencies: (dependencies + ["Runtime"]).map { .target(name: $0) }, path: path,
    swiftSettings: settings)
}

func nio(_ name: String) -> Target.Dependency { .product(name: name, package: "swift-nio") }
func product(_ name: String, _ package: String) -> Target.Dependency { .product(name: name, package: package) }
