// swift-tools-version: 6.1
import PackageDescription

// What the product is measured against: a package of its own, so that the product does not depend on it.
let package = Package(
  name: "swift-protobuf-peer",
  dependencies: [.package(url: "https://github.com/apple/swift-protobuf.git", from: "1.39.0")],
  targets: [
    .executableTarget(
      name: "swift-protobuf-messages", dependencies: [.product(name: "SwiftProtobuf", package: "swift-protobuf")],
      path: "Sources")
  ],
  swiftLanguageModes: [.v6]
)
