// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .strictMemorySafety(),
]

/// Only the rooms that hand out spans of memory they own need lifetime annotations.
let spanOwner: [SwiftSetting] = settings + [.enableExperimentalFeature("Lifetimes")]

let package = Package(
  name: "ftreport",
  platforms: [.macOS(.v26)],
  products: [
    .executable(name: "ftreport", targets: ["ftreport"]),
    .library(name: "EventFile", targets: ["EventFile"]),
    .library(name: "Checkpoint", targets: ["Checkpoint"]),
    .library(name: "Weights", targets: ["Weights"]),
    .library(name: "RunFolder", targets: ["RunFolder"]),
    .library(name: "Analysis", targets: ["Analysis"]),
    .library(name: "Experiment", targets: ["Experiment"]),
    .library(name: "Report", targets: ["Report"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    // C libraries of the system, and C of our own.
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .systemLibrary(
      name: "CProtobufC", pkgConfig: "libprotobuf-c",
      providers: [.apt(["libprotobuf-c-dev"]), .brew(["protobuf-c"])]),
    .systemLibrary(
      name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]),
    .systemLibrary(
      name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite"])]),
    .target(name: "CEventProto", dependencies: ["CProtobufC"]),
    .target(name: "CFiles"),
    .target(name: "CKernels"),
    .target(name: "CStart"),

    // bytes → records → series and tensors → findings → pages
    .target(name: "Bytes", dependencies: ["CFiles"], swiftSettings: spanOwner),
    .target(name: "JSON", dependencies: ["Bytes"], swiftSettings: spanOwner),
    .target(name: "YAML", dependencies: ["CYAML"], swiftSettings: settings),
    .target(name: "Arrow", swiftSettings: settings),
    .target(name: "SQLite", dependencies: ["Bytes", "CSQLite"], swiftSettings: settings),
    .target(name: "Media", dependencies: ["CZlib"], swiftSettings: settings),
    .target(
      name: "EventFile", dependencies: ["Bytes", "CKernels", "CZlib", "CProtobufC", "CEventProto"],
      swiftSettings: spanOwner),
    .target(
      name: "Checkpoint", dependencies: ["Bytes", "JSON", "CZlib"], swiftSettings: spanOwner),
    .target(
      name: "RunFolder", dependencies: ["Bytes", "JSON", "YAML", "SQLite", "EventFile", "Checkpoint"],
      swiftSettings: settings),
    .target(
      name: "Weights", dependencies: ["Bytes", "JSON", "Checkpoint", "RunFolder", "CKernels"],
      swiftSettings: spanOwner),
    .target(
      name: "Analysis", dependencies: ["Bytes", "Media", "EventFile", "Checkpoint", "Weights", "RunFolder"],
      swiftSettings: settings),
    .target(
      name: "GateConfiguration", dependencies: ["YAML", "Bytes", "JSON", "RunFolder", "Analysis"],
      swiftSettings: settings),
    .target(
      name: "Experiment",
      dependencies: [
        "Bytes", "Media", "EventFile", "Checkpoint", "Weights", "RunFolder", "Analysis", "GateConfiguration",
      ],
      swiftSettings: settings),
    .target(
      name: "Report",
      dependencies: [
        "Bytes", "JSON", "Media", "EventFile", "Checkpoint", "Weights", "RunFolder", "Analysis",
      ],
      exclude: ["Writers/HTML/page.js"],
      swiftSettings: settings),
    .executableTarget(
      name: "ftreport",
      dependencies: [
        "CStart", "Bytes", "JSON", "Arrow", "SQLite", "Media", "EventFile", "Checkpoint", "Weights",
        "RunFolder", "Analysis",
        "GateConfiguration", "Experiment", "Report",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),

    .target(
      name: "TestSupport", dependencies: ["Bytes", "JSON"], path: "Tests/TestSupport", swiftSettings: settings
    ),
    .testTarget(name: "BytesTests", dependencies: ["Bytes", "TestSupport"], swiftSettings: settings),
    .testTarget(name: "YAMLTests", dependencies: ["YAML"], swiftSettings: settings),
    .testTarget(name: "ArrowTests", dependencies: ["Arrow"], swiftSettings: settings),
    .testTarget(name: "SQLiteTests", dependencies: ["SQLite", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "MediaTests", dependencies: ["Media", "Bytes", "JSON", "TestSupport"], exclude: ["Fixtures"],
      swiftSettings: settings),
    .testTarget(name: "JSONTests", dependencies: ["JSON", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "EventFileTests",
      dependencies: [
        "EventFile", "RunFolder", "CKernels", "CProtobufC", "CEventProto", "Bytes", "JSON", "TestSupport",
      ],
      exclude: ["Fixtures"],
      swiftSettings: settings),
    .testTarget(
      name: "CheckpointTests", dependencies: ["Checkpoint", "Bytes", "JSON", "TestSupport"],
      exclude: ["Attacks", "Fixtures"],
      swiftSettings: settings),
    .testTarget(
      name: "WeightsTests",
      dependencies: ["Weights", "Checkpoint", "CKernels", "Bytes", "JSON", "TestSupport"],
      exclude: ["Fixtures"],
      swiftSettings: settings),
    .testTarget(
      name: "RunFolderTests",
      dependencies: ["RunFolder", "Checkpoint", "EventFile", "Bytes", "JSON", "TestSupport"],
      exclude: ["Fixtures"],
      swiftSettings: settings),
    .testTarget(
      name: "AnalysisTests",
      dependencies: [
        "Analysis", "RunFolder", "EventFile", "Weights", "Checkpoint", "Bytes", "JSON", "TestSupport",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "GateConfigurationTests",
      dependencies: ["GateConfiguration", "YAML", "Analysis", "RunFolder", "JSON", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "ReportTests",
      dependencies: [
        "Report", "Analysis", "GateConfiguration", "RunFolder", "Weights", "Checkpoint", "EventFile", "Media",
        "Bytes",
        "JSON", "TestSupport",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "ftreportTests",
      dependencies: [
        "ftreport", "Report", "Experiment", "Analysis", "Weights", "RunFolder", "Checkpoint", "EventFile",
        "SQLite", "Bytes", "JSON", "TestSupport",
      ],
      swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)

// The documentation's site (`make site`) alone needs the plugin, so that other builds fetch nothing for it.
if Context.environment["FTREPORT_SITE"] != nil {
  package.dependencies.append(
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"))
}

// A quick look at some rooms: FTREPORT_TESTS=AnalysisTests,ReportTests swift test
if let wanted = Context.environment["FTREPORT_TESTS"]?.split(separator: ",").map(String.init) {
  package.targets.removeAll { $0.type == .test && !wanted.contains($0.name) }
}
