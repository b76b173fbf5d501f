// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v26)],
  dependencies: [.package(name: "ftreport", path: "..")],
  targets: [
    .executableTarget(
      name: "read-events",
      dependencies: ["EventFile", "RunFolder"].map { .product(name: $0, package: "ftreport") }),
    .executableTarget(
      name: "simulate-gates",
      dependencies: ["EventFile", "RunFolder", "Analysis"].map { .product(name: $0, package: "ftreport") }),
  ],
  swiftLanguageModes: [.v6]
)
