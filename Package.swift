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

    // the system, bytes → records → series and tensors → findings → pages
    .target(name: "Libc", swiftSettings: settings),
    .target(name: "Bytes", dependencies: ["Libc"], swiftSettings: spanOwner),
    .target(name: "FileSystem", dependencies: ["Libc", "CFiles", "Bytes"], swiftSettings: spanOwner),
    .target(name: "Process", dependencies: ["Libc"], swiftSettings: settings),
    .target(name: "JSON", dependencies: ["Bytes"], swiftSettings: spanOwner),
    .target(name: "YAML", dependencies: ["CYAML"], swiftSettings: settings),
    .target(name: "Arrow", swiftSettings: settings),
    .target(name: "SQLite", dependencies: ["CSQLite", "FileSystem"], swiftSettings: settings),
    .target(name: "Media", dependencies: ["CZlib"], swiftSettings: settings),
    .target(
      name: "EventFile",
      dependencies: ["CKernels", "CZlib", "CProtobufC", "CEventProto", "Bytes", "FileSystem", "Process"],
      swiftSettings: spanOwner),
    .target(
      name: "Checkpoint", dependencies: ["CZlib", "Bytes", "FileSystem", "JSON"], swiftSettings: spanOwner),
    .target(
      name: "RunFolder",
      dependencies: ["Bytes", "FileSystem", "Process", "JSON", "YAML", "SQLite", "EventFile", "Checkpoint"],
      swiftSettings: settings),
    .target(
      name: "Weights",
      dependencies: ["Libc", "CKernels", "Bytes", "FileSystem", "Process", "Checkpoint", "RunFolder"],
      swiftSettings: spanOwner),
    .target(
      name: "Analysis",
      dependencies: [
        "Libc", "Bytes", "FileSystem", "Process", "Media", "EventFile", "Checkpoint", "RunFolder", "Weights",
      ],
      swiftSettings: settings),
    .target(
      name: "GateConfiguration",
      dependencies: ["Bytes", "FileSystem", "JSON", "YAML", "RunFolder", "Analysis"],
      swiftSettings: settings),
    .target(
      name: "Experiment",
      dependencies: [
        "Bytes", "FileSystem", "Process", "JSON", "Media", "EventFile", "Checkpoint", "RunFolder", "Weights",
        "Analysis", "GateConfiguration",
      ],
      swiftSettings: settings),
    .target(
      name: "Report",
      dependencies: [
        "Libc", "Bytes", "FileSystem", "Process", "JSON", "Media", "EventFile", "Checkpoint", "RunFolder",
        "Weights", "Analysis",
      ],
      exclude: ["Writers/HTML/page.js"],
      swiftSettings: settings),
    .executableTarget(
      name: "ftreport",
      dependencies: [
        "CStart", "Bytes", "FileSystem", "Process", "JSON", "Arrow", "SQLite", "Media", "EventFile",
        "Checkpoint", "RunFolder", "Weights", "Analysis", "GateConfiguration", "Experiment", "Report",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),

    .target(
      name: "TestSupport", dependencies: ["FileSystem", "Process", "JSON"], path: "Tests/TestSupport",
      swiftSettings: settings
    ),
    .testTarget(name: "BytesTests", dependencies: ["Bytes", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "FileSystemTests", dependencies: ["Libc", "FileSystem", "Process", "TestSupport"],
      swiftSettings: settings),
    .testTarget(name: "ProcessTests", dependencies: ["Process"], swiftSettings: settings),
    .testTarget(name: "YAMLTests", dependencies: ["YAML"], swiftSettings: settings),
    .testTarget(name: "ArrowTests", dependencies: ["Arrow"], swiftSettings: settings),
    .testTarget(
      name: "SQLiteTests", dependencies: ["Libc", "FileSystem", "SQLite", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "MediaTests", dependencies: ["FileSystem", "JSON", "Media", "TestSupport"], exclude: ["Fixtures"],
      swiftSettings: settings),
    .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: settings),
    .testTarget(
      name: "EventFileTests",
      dependencies: [
        "CKernels", "CProtobufC", "CEventProto", "Bytes", "FileSystem", "JSON", "EventFile", "RunFolder",
        "TestSupport",
      ],
      exclude: ["Fixtures"],
      swiftSettings: settings),
    .testTarget(
      name: "CheckpointTests", dependencies: ["Bytes", "FileSystem", "JSON", "Checkpoint", "TestSupport"],
      exclude: ["Attacks", "Fixtures"],
      swiftSettings: settings),
    .testTarget(
      name: "WeightsTests",
      dependencies: [
        "CKernels", "Bytes", "FileSystem", "JSON", "Checkpoint", "RunFolder", "Weights", "TestSupport",
      ],
      exclude: ["Fixtures"],
      swiftSettings: settings),
    .testTarget(
      name: "RunFolderTests",
      dependencies: ["Libc", "FileSystem", "JSON", "EventFile", "Checkpoint", "RunFolder", "TestSupport"],
      exclude: ["Fixtures"],
      swiftSettings: settings),
    .testTarget(
      name: "AnalysisTests",
      dependencies: [
        "FileSystem", "JSON", "EventFile", "Checkpoint", "RunFolder", "Weights", "Analysis", "TestSupport",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "GateConfigurationTests",
      dependencies: [
        "FileSystem", "JSON", "YAML", "EventFile", "RunFolder", "Analysis", "GateConfiguration",
        "TestSupport",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "ReportTests",
      dependencies: [
        "Libc", "FileSystem", "Process", "JSON", "Media", "EventFile", "Checkpoint", "RunFolder", "Weights",
        "Analysis", "GateConfiguration", "Report", "TestSupport",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "ftreportTests",
      dependencies: [
        "Libc", "FileSystem", "Process", "JSON", "SQLite", "EventFile", "Checkpoint", "RunFolder", "Weights",
        "Analysis", "Experiment", "Report", "ftreport", "TestSupport",
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
